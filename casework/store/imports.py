"""Which rows of which source were imported already."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db

_IN_CHUNK = 500


class ImportedRow(Model):
    """A row that became an incident; `key_hmac` hides the source's key and refuses the row a second time."""

    __tablename__ = "imported_row"

    key_hmac: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"))


def list_imported(keys: Collection[bytes]) -> set[bytes]:
    """Return those of these keys that were imported already."""
    wanted = list(keys)
    found: set[bytes] = set()
    for start in range(0, len(wanted), _IN_CHUNK):
        chunk = wanted[start : start + _IN_CHUNK]
        found.update(db.session.scalars(select(ImportedRow.key_hmac).where(ImportedRow.key_hmac.in_(chunk))))
    return found
