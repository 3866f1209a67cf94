"""rules of retention, sealed in the organization's row

Revision ID: 0011
Revises: 0010

"""
import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retention_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("retention_version", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.alter_column("retention_version", server_default=None)


def downgrade():
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.drop_column("retention_version")
        batch_op.drop_column("retention_sealed")
