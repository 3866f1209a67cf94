"""stories, and those that were approved

Revision ID: 0023
Revises: 0022

"""
import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "story",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("narrative_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("narrative_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_story_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    op.create_index("ix_story_case_id", "story", ["case_id"])
    op.create_table(
        "published_story",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_story")),
        sa.UniqueConstraint("number", name=op.f("uq_published_story_number")),
    )


def downgrade():
    op.drop_table("published_story")
    op.drop_table("story")
