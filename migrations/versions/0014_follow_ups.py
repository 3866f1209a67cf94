"""Follow-ups

Revision ID: 0014
Revises: 0013
"""
from alembic import op
import sqlalchemy as sa


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('follow_up',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('coded_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('coded_version', sa.Integer(), nullable=False),
    sa.Column('narrative_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('narrative_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_follow_up_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up'))
    )
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.create_index('ix_follow_up_case_id', ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_generation'), ['generation'], unique=False)


def downgrade():
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_follow_up_generation'))
        batch_op.drop_index('ix_follow_up_case_id')

    op.drop_table('follow_up')
