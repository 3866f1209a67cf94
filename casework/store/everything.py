"""Empties the database and the volatile store: only for a demonstration, which is made anew from nothing."""

from casework.store.database import db
from casework.store.volatilestore import writing


def delete_everything() -> None:
    """Delete every row of every table, lasting and volatile, in one transaction each."""
    db.session.rollback()
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(table.delete(), execution_options={"unlisted": True})
    db.session.commit()
    db.session.expunge_all()
    with writing() as batch:
        batch.clear()
