"""Members who come back under a new key

Revision ID: 0002
Revises: 0001
"""
from alembic import op
import sqlalchemy as sa


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('renews_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_invitation_renews_id_member'), 'member', ['renews_id'], ['id'])


def downgrade():
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_invitation_renews_id_member'), type_='foreignkey')
        batch_op.drop_column('renews_id')
