"""The ledger: whole, in its order, each entry with its release; anything else stops every release."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, update

from casework.domain.release import Release
from casework.errors import Tampered
from casework.services.releases.ledger import read_ledger
from casework.services.releases.previewing import preview_release
from casework.services.releases.rows import write_release
from casework.services.verifying.checking import Failure
from casework.services.verifying.live import verify_live
from casework.store.database import db
from casework.store.releases import LedgerEntry, ReleaseRow, list_entries, list_releases
from casework.vault import documents
from casework.vault.fields import LEDGER_ENTRY, RELEASE_CONTENT
from tests.services.releases.written import log, release, submit
from tests.support.application import ADVOCATE, Founded, Template
from tests.support.stocked import Stock
from tests.support.tampering import raw, update_raw


def _prepare(founded: Founded) -> None:
    log(founded, spvm=12, sq=12)
    release(founded)
    log(founded, spvm=12, sq=12)
    release(founded)


@pytest.fixture
def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
    """What `released` has was done once."""
    return stocked(template, _prepare) if "released" in request.fixturenames else template


@pytest.fixture
def released(founded: Founded) -> Founded:
    """Two releases."""
    return founded


def test_it_is_read_in_order(released: Founded) -> None:
    ledger = read_ledger(released.context(ADVOCATE))
    assert [one.number for one in ledger.held] == [1, 2]
    assert ledger.head == ledger.held[-1].hash


def test_no_exact_count_is_under_shared(released: Founded) -> None:
    """What all members read of a release is what left."""
    context = released.context()
    for row in list_releases():
        plain = context.keyring.open(RELEASE_CONTENT, row.id, row.version, row.content_sealed)
        assert b"atoms" not in plain and b"largest" not in plain
    entry = list_entries()[0]
    plain = context.keyring.open(LEDGER_ENTRY, entry.id, 1, entry.entry_sealed)
    assert "atoms" in documents.decode(plain)["exact"]


def _swap(founded: Founded) -> None:
    first, second = list_entries()
    kept = [(row.id, row.entry_sealed, row.entry_hash) for row in (second, first)]
    for number, (row_id, _sealed, _hash) in enumerate(kept, start=11):
        update_raw(LedgerEntry.__table__, {"id": row_id}, number=number)  # type: ignore[arg-type]
    for number, (row_id, _sealed, _hash) in enumerate(kept, start=1):
        update_raw(LedgerEntry.__table__, {"id": row_id}, number=number)  # type: ignore[arg-type]


def _cut(number: int) -> Callable[[Founded], None]:
    def cut(_founded: Founded) -> None:
        with raw() as connection:
            connection.execute(delete(LedgerEntry.__table__).where(LedgerEntry.number == number))  # type: ignore[arg-type]

    return cut


def _forget_release(_founded: Founded) -> None:
    with raw() as connection:
        connection.execute(update(ReleaseRow.__table__).where(ReleaseRow.number == 2).values(number=None))  # type: ignore[arg-type]


def _rewrite_release(founded: Founded) -> None:
    """What somebody could who has the keys, and changes a number that left."""
    context = founded.context()
    row = list_releases()[0]
    document = documents.decode(
        context.keyring.open(RELEASE_CONTENT, row.id, row.version, row.content_sealed)
    )
    document["frozen"]["document"]["k"] = 7
    write_release(context, row, Release.from_document(document))
    db.session.commit()


def _spoil_hash(_founded: Founded) -> None:
    row: Any = list_entries()[0]
    update_raw(LedgerEntry.__table__, {"id": row.id}, entry_hash=bytes(32))  # type: ignore[arg-type]


def _verify(founded: Founded) -> list[Failure]:
    failures: list[Failure] = []
    verify_live(founded.context(), lambda _total: None, failures.append, lambda _count: None)
    return failures


def test_verify_finds_no_fault_with_a_sound_ledger(released: Founded) -> None:
    assert _verify(released) == []


@pytest.mark.parametrize(
    "spoil",
    [_swap, _cut(1), _cut(2), _forget_release, _rewrite_release, _spoil_hash],
    ids=lambda f: f.__name__,
)
def test_whatever_is_changed_stops_every_release(released: Founded, spoil: Callable[[Founded], None]) -> None:
    waiting = submit(released)
    db.session.rollback()
    spoil(released)
    db.session.remove()
    with pytest.raises(Tampered):
        read_ledger(released.context())
    with pytest.raises(Tampered):
        preview_release(released.context(ADVOCATE), waiting)
    assert {failure.table for failure in _verify(released)} & {"ledger_entry", "release"}
