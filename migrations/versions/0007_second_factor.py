"""A member's second factor

Revision ID: 0007
Revises: 0006
"""
from alembic import op
import sqlalchemy as sa


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.add_column(sa.Column('second_factor_sealed', sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column('second_factor_version', sa.Integer(), nullable=False, server_default='0')
        )
    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.alter_column('second_factor_version', server_default=None)


def downgrade():
    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.drop_column('second_factor_version')
        batch_op.drop_column('second_factor_sealed')
