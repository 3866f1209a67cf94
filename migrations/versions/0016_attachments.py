"""attachments

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-25 22:20:00

"""
from alembic import op
import sqlalchemy as sa


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('attachment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('narrative_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('narrative_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_attachment_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index('ix_attachment_case_id', ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_generation'), ['generation'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_removed_at'), ['removed_at'], unique=False)


def downgrade():
    op.drop_table('attachment')
