"""Imports as batches, remembered mappings

Revision ID: 0017
Revises: 0016
"""
from alembic import op
import sqlalchemy as sa


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('import_batch',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('upload_id', sa.Uuid(), nullable=False),
    sa.Column('undone_generation', sa.Integer(), nullable=False),
    sa.Column('batch_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('batch_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_import_batch_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batch'))
    )
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_batch_undone_generation'), ['undone_generation'], unique=False)

    op.create_table('import_mapping',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('mapping_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('mapping_version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_mapping'))
    )
    with op.batch_alter_table('imported_row', schema=None) as batch_op:
        batch_op.add_column(sa.Column('batch_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('number', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_imported_row_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_imported_row_incident_id'), ['incident_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_imported_row_batch_id_import_batch'), 'import_batch', ['batch_id'], ['id'])


def downgrade():
    with op.batch_alter_table('imported_row', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_imported_row_batch_id_import_batch'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_imported_row_incident_id'))
        batch_op.drop_index(batch_op.f('ix_imported_row_batch_id'))
        batch_op.drop_column('number')
        batch_op.drop_column('batch_id')

    op.drop_table('import_mapping')
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_batch_undone_generation'))

    op.drop_table('import_batch')
