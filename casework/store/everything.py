"""Empties both databases: only for a demonstration, which is made anew from nothing."""

from casework.store.database import db


def delete_everything() -> None:
    """Delete every row of every table, lasting and volatile, in one transaction each."""
    db.session.rollback()
    for metadata in db.metadatas.values():
        for table in reversed(metadata.sorted_tables):
            db.session.execute(table.delete(), execution_options={"unlisted": True})
    db.session.commit()
    db.session.expunge_all()
