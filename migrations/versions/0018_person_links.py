"""what members said of two people in different cases: one person, or two

Revision ID: 0018
Revises: 0017

"""
import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "person_link",
        sa.Column("left_id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["left_id"], ["person.id"], name=op.f("fk_person_link_left_id_person")),
        sa.ForeignKeyConstraint(["right_id"], ["person.id"], name=op.f("fk_person_link_right_id_person")),
        sa.PrimaryKeyConstraint("left_id", "right_id", name=op.f("pk_person_link")),
    )
    with op.batch_alter_table("person_link", schema=None) as batch_op:
        batch_op.create_index("ix_person_link_right_id", ["right_id"], unique=False)


def downgrade():
    op.drop_table("person_link")
