"""the coded index

Revision ID: 0025
Revises: 0024

"""
import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "fact_index",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("manifest_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_index")),
    )
    op.create_table(
        "fact_column",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("column_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_column")),
    )


def downgrade():
    op.drop_table("fact_column")
    op.drop_table("fact_index")
