"""people whose record lies aside because another one stands for it

Revision ID: 0020
Revises: 0019

"""
import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("set_aside", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(
            "ix_person_set_aside",
            ["id"],
            unique=False,
            sqlite_where=sa.text("set_aside = 1"),
            postgresql_where=sa.text("set_aside"),
        )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_restricted",
            ["id"],
            unique=False,
            sqlite_where=sa.text("restricted = 1"),
            postgresql_where=sa.text("restricted"),
        )


def downgrade():
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index("ix_case_restricted")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_set_aside")
        batch_op.drop_column("set_aside")
