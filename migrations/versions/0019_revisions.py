"""Revisions

Revision ID: 0019
Revises: 0018
"""
from alembic import op
import sqlalchemy as sa


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade():
    # Of the cases that stand nothing is told of what changed so far. In place: a table that others refer to is
    # not made anew.
    op.add_column(
        'case', sa.Column('has_whole_history', sa.Boolean(), server_default=sa.false(), nullable=False)
    )

    op.create_table('revision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('record', sa.String(), nullable=False),
    sa.Column('record_id', sa.Uuid(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('identity_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('identity_version', sa.Integer(), nullable=False),
    sa.Column('narrative_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('narrative_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_revision_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision'))
    )
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.create_index('ix_revision_case_id_generation', ['case_id', 'generation'], unique=False)
        batch_op.create_index('ix_revision_record_id', ['record_id'], unique=False)


def downgrade():
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.drop_index('ix_revision_record_id')
        batch_op.drop_index('ix_revision_case_id_generation')

    op.drop_table('revision')
    op.drop_column('case', 'has_whole_history')
