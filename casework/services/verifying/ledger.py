"""The ledger of releases: each entry follows the one before it, and each numbered release has exactly one."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from casework.errors import Invalid, VaultError
from casework.services.verifying.keys import Keys
from casework.store.releases import LedgerEntry, ReleaseRow
from casework.vault import documents
from casework.vault.fields import LEDGER_ENTRY, RELEASE_CONTENT, Compartment
from casework.vault.ledger import GENESIS_HASH, entry_hash

Finding = tuple[str, str, str]
"""A table, a row's id, and what is wrong with it."""


def check_ledger(connection: Connection, keys: Keys) -> Iterator[Finding]:
    """Yield what does not fit: the chain without any key, and with keys what the two say of a release.

    That its last entries were cut off, with their releases, the chain cannot tell: the audit log does.
    """
    releases = {row.number: row for row in connection.execute(select(ReleaseRow.__table__)) if row.number}
    before, number = GENESIS_HASH, 0
    table = LedgerEntry.__table__
    for number, row in enumerate(connection.execute(select(table).order_by(table.c.number)), start=1):
        if row.entry_hash != entry_hash(before, number, row.release_id, row.entry_sealed):
            yield LedgerEntry.__tablename__, str(row.id), "does not follow the entry before it"
        before = row.entry_hash
        released = releases.pop(row.number, None)
        if released is None or released.id != row.release_id:
            yield LedgerEntry.__tablename__, str(row.id), "is of no release with its number"
        elif not _say_the_same(keys, row, released):
            yield LedgerEntry.__tablename__, str(row.id), "says something else than its release"
    for number, row in sorted(releases.items()):
        yield ReleaseRow.__tablename__, str(row.id), f"has number {number}, and no entry in the ledger"


def _say_the_same(keys: Keys, entry: Any, released: Any) -> bool:
    """Return whether entry and release have one document; what does not open is named where it is opened."""
    if not all(keys.keyring.holds(one) for one in (Compartment.SHARED, Compartment.CODED)):
        return True
    try:
        content = documents.decode(
            keys.keyring.open(RELEASE_CONTENT, released.id, released.version, released.content_sealed)
        )
        held = documents.decode(
            keys.keyring.open(LEDGER_ENTRY, entry.id, entry.entry_version, entry.entry_sealed)
        )
        frozen = content["frozen"]
        is_same = documents.encode(frozen["document"]) == documents.encode(held["document"])
        return is_same and frozen["number"] == held["number"] == entry.number
    except (VaultError, Invalid):
        return True
    except (KeyError, TypeError):
        return False
