"""Releases as rows: opened, sealed, and no race lost."""

from uuid import UUID

from casework.domain.release import Release
from casework.errors import Conflict, NotFound, Tampered
from casework.services.context import Context
from casework.store import releases as store
from casework.vault import documents
from casework.vault.fields import RELEASE_CONTENT


def open_release(context: Context, row: store.ReleaseRow) -> Release:
    """Open a release; raises Tampered where its number in plain text is not the one that was approved."""
    plain = context.keyring.open(RELEASE_CONTENT, row.id, row.version, row.content_sealed)
    release = Release.from_document(documents.decode(plain))
    if row.number != (release.frozen.number if release.frozen else None):
        raise Tampered("a release under another number than it was approved with")
    return release


def write_release(context: Context, row: store.ReleaseRow, release: Release) -> None:
    """Seal a release under its next version."""
    row.version = (row.version or 0) + 1
    row.number = release.frozen.number if release.frozen else None
    row.content_sealed = context.keyring.seal(
        RELEASE_CONTENT, row.id, row.version, documents.encode(release.to_document())
    )


def find_unit(context: Context) -> str:
    """Return what all releases count since the first was approved; empty before."""
    row = store.find_numbered(1)
    return "" if row is None else open_release(context, row).draft.unit


def get_row(release_id: UUID, version: int | None = None) -> store.ReleaseRow:
    """Return a release's row; raises NotFound, and Conflict where it has another version."""
    row = store.find_release(release_id)
    if row is None:
        raise NotFound("release")
    if version is not None and row.version != version:
        raise Conflict("release")
    return row
