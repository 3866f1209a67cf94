"""Restricted cases

Revision ID: 0006
Revises: 0005
"""
from alembic import op
import sqlalchemy as sa


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('case_key_seal',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('compartment', sa.String(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('recipient_id', sa.Uuid(), nullable=False),
    sa.Column('key_sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_key_seal_case_id_case')),
    sa.PrimaryKeyConstraint('case_id', 'compartment', 'generation', 'recipient_id', name=op.f('pk_case_key_seal'))
    )
    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('restricted', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('named_sealed', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('named_version', sa.Integer(), server_default='0', nullable=False))


def downgrade():
    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.drop_column('named_version')
        batch_op.drop_column('named_sealed')
        batch_op.drop_column('restricted')
    op.drop_table('case_key_seal')
