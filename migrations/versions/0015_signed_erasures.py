"""who erased a case signs its tombstone; those that stand already are signed by nobody

Revision ID: 0015
Revises: 0014

"""
import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signature", sa.LargeBinary(), nullable=True))


def downgrade():
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.drop_column("signature")
