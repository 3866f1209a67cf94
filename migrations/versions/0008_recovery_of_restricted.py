"""Which recovery key a restricted case's keys are sealed to

Revision ID: 0008
Revises: 0007
"""
from alembic import op
import sqlalchemy as sa


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('recovery_number', sa.Integer(), nullable=True))
    # The first one: who is named gives the case new keys where there is another by now.
    op.execute(sa.text('UPDATE "case" SET recovery_number = 1 WHERE restricted'))


def downgrade():
    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.drop_column('recovery_number')
