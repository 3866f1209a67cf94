"""What each coordinator has seen of the audit log, and what the organization says of it

Revision ID: 0012
Revises: 0011
"""
from alembic import op
import sqlalchemy as sa


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

ADDED = {'member': 'anchor', 'organization': 'log'}


def upgrade():
    for table, name in ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(f'{name}_sealed', sa.LargeBinary(), nullable=True))
            batch_op.add_column(sa.Column(f'{name}_version', sa.Integer(), nullable=False, server_default='0'))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(f'{name}_version', server_default=None)


def downgrade():
    for table, name in ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(f'{name}_version')
            batch_op.drop_column(f'{name}_sealed')
