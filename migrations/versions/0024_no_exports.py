"""tables of statistics leave as releases, and not as files beside them

Revision ID: 0024
Revises: 0023

"""
import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_table("statistics_export")


def downgrade():
    op.create_table(
        "statistics_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("export_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_export")),
        sa.UniqueConstraint("number", name=op.f("uq_statistics_export_number")),
    )
