"""the bin: since when a case lies in it

Revision ID: 0004
Revises: 0003

"""
import sqlalchemy as sa
from alembic import op

from casework.store.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("binned_at", UtcDateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_column("binned_at")
