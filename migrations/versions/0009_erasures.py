"""erasing: a tombstone for each case, with its receipt

Revision ID: 0009
Revises: 0008

"""
import sqlalchemy as sa
from alembic import op

from casework.store.database import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "erasure",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("erased_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("overwritten_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("receipt_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_erasure")),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_generation"), ["generation"], unique=False)
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_binned_at"), ["binned_at"], unique=False)


def downgrade():
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_binned_at"))
    op.drop_table("erasure")
