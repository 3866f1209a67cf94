"""The ledger: all that was ever approved, each entry chained to the one before it."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from casework.disclosure.ledger.entries import Entry
from casework.domain.release import Release
from casework.errors import Tampered
from casework.services.context import Context
from casework.services.releases.rows import open_release
from casework.services.releases.shelf import Shelf
from casework.store import releases as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import LEDGER_ENTRY
from casework.vault.ledger import GENESIS_HASH, entry_hash


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Held:
    """One entry with the release that it is of."""

    number: int
    release_id: UUID
    hash: bytes
    entry: Entry
    release: Release


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ledger:
    """The whole ledger, checked. `head` is the hash of its last entry."""

    held: tuple[Held, ...]
    head: bytes

    @property
    def entries(self) -> list[Entry]:
        """What the disclosure engine takes."""
        return [one.entry for one in self.held]

    @property
    def releases(self) -> list[Release]:
        """The releases, by number, those that were withdrawn too."""
        return [one.release for one in self.held]


def read_ledger(context: Context, shelf: Shelf | None = None) -> Ledger:
    """Read and check it; raises Tampered where anything is changed, missing, or at another place.

    `shelf` is what was opened for this page already.

    A ledger that is cut off at its end, with the releases that stood there, looks whole: that an entry is
    gone tells the audit log.
    """
    rows = store.list_entries()
    if len(rows) != store.count_numbered():
        raise Tampered("the ledger has not one entry for each release")
    held: list[Held] = []
    for row in rows:
        before = held[-1].hash if held else GENESIS_HASH
        held.append(_read(context, row, len(held) + 1, before, shelf))
    return Ledger(tuple(held), held[-1].hash if held else GENESIS_HASH)


def append(context: Context, after: Ledger, release_id: UUID, entry: Entry) -> bytes:
    """Add the entry of a release that was just approved; returns its hash. Only under the write lock."""
    row = store.LedgerEntry(id=uuid4(), number=len(after.held) + 1, release_id=release_id, entry_version=1)
    plain = documents.encode(
        {"schema": 1, "number": row.number, "document": entry.document, "exact": entry.exact}
    )
    row.entry_sealed = context.keyring.seal(LEDGER_ENTRY, row.id, 1, plain)
    row.entry_hash = entry_hash(after.head, row.number, release_id, row.entry_sealed)
    db.session.add(row)
    return row.entry_hash


def has_moved(since: Ledger) -> bool:
    """Tell whether something was approved since the ledger was read."""
    return (store.find_last_hash() or GENESIS_HASH) != since.head


def _read(context: Context, row: store.LedgerEntry, number: int, before: bytes, shelf: Shelf | None) -> Held:
    if row.number != number or row.entry_hash != entry_hash(before, number, row.release_id, row.entry_sealed):
        raise Tampered("an entry of the ledger does not follow the one before it")
    plain = context.keyring.open(LEDGER_ENTRY, row.id, row.entry_version, row.entry_sealed)
    document = documents.decode(plain)
    released = store.find_release(row.release_id)
    if released is None or document["number"] != number:
        raise Tampered("an entry of the ledger without its release")
    known = shelf.by_id.get(row.release_id) if shelf else None
    is_known = known is not None and known.version == released.version
    release = known.release if known and is_known else open_release(context, released)
    if release.frozen is None or release.frozen.number != number:
        raise Tampered("a release that is not the one of its number")
    entry = Entry(document["document"], document["exact"])
    if documents.encode(dict(release.frozen.document)) != documents.encode(dict(entry.document)):
        raise Tampered("a release says something else than the ledger")
    return Held(number, row.release_id, row.entry_hash, entry, release)
