"""What an organization knows of its recovery shares, and to which recovery key a draft is sealed

Revision ID: 0005
Revises: 0004
"""
from alembic import op
import sqlalchemy as sa


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('organization', schema=None) as batch_op:
        batch_op.add_column(sa.Column('recovery_sealed', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('recovery_version', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('draft', schema=None) as batch_op:
        # Until now there was one recovery key, that of the founding.
        batch_op.add_column(sa.Column('recovery_number', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('organization', schema=None) as batch_op:
        batch_op.alter_column('recovery_version', server_default=None)
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.alter_column('recovery_number', server_default=None)


def downgrade():
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.drop_column('recovery_number')
    with op.batch_alter_table('organization', schema=None) as batch_op:
        batch_op.drop_column('recovery_version')
        batch_op.drop_column('recovery_sealed')
