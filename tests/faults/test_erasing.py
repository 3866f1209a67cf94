"""After erasing, the bytes themselves, in the database's file and log; and a kill at any moment."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import UUID

from sqlalchemy import select

from casework.services import cases, incidents
from casework.services.bin import bin_case, list_bin
from casework.services.erasing import erase_case, erase_some, get_receipt, note_overwritten
from casework.services.works import do_all
from casework.store.cases import Case, CaseKey, Incident, Person
from casework.store.database import db
from casework.store.erasures import find_erasure, list_erased_cases
from tests.faults.test_leftovers import files_of
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.killing import work_until_killed
from tests.support.records import incident_draft, person_draft
from tests.support.times import later

KILLS = 30
PIECE_BYTES = 32
"""Shorter than a key: a rest of one would be found too."""


def _log(founded: Founded, number: int = 1) -> list[UUID]:
    """Log cases of several people and incidents, some of them changed and longer than a page."""
    logged = []
    for _ in range(number):
        draft = incident_draft("word " * 1500, people=(person_draft(), person_draft("Zoë Ng")))
        first = incidents.log_incident(founded.context(CASEWORKER), draft)
        incidents.log_incident(founded.context(CASEWORKER), incident_draft(), first.case_id)
        incidents.change_incident(
            founded.context(CASEWORKER), first.incident_id, 1, incident_draft("new " * 900)
        )
        logged.append(first.case_id)
    return logged


def _sealed(case_id: UUID) -> list[bytes]:
    """Return every sealed document and wrapped key of a case, as they are stored."""
    db.session.rollback()
    keys = db.session.scalars(select(CaseKey).where(CaseKey.case_id == case_id))
    people = db.session.scalars(select(Person).where(Person.case_id == case_id))
    told = db.session.scalars(select(Incident).where(Incident.case_id == case_id))
    found = [db.session.get_one(Case, case_id).coded_sealed, *(key.key_sealed for key in keys)]
    found += [sealed for row in people for sealed in (row.coded_sealed, row.identity_sealed)]
    found += [sealed for row in told for sealed in (row.coded_sealed, row.narrative_sealed)]
    db.session.rollback()
    return found


def _pieces(sealed: list[bytes]) -> set[bytes]:
    """Cut the bytes into pieces: a page that still holds a part of them holds one of these."""
    return {
        one[at : at + PIECE_BYTES]
        for one in sealed
        for at in range(0, len(one) - PIECE_BYTES + 1, PIECE_BYTES)
    }


def _traces(pieces: set[bytes]) -> int:
    raw = files_of()
    return sum(piece in raw for piece in pieces)


def _bin(founded: Founded, case_ids: list[UUID]) -> None:
    for case_id in case_ids:
        version = cases.get_case(founded.context(CASEWORKER), case_id).version
        bin_case(founded.context(CASEWORKER), case_id, version)


@contextmanager
def _reader() -> Iterator[sqlite3.Connection]:
    """Hold a snapshot of the database open, as a long export would."""
    with closing(sqlite3.connect(db.engine.url.database or "", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM case_key").fetchall()
        yield connection


def test_no_byte_of_an_erased_case_is_left_in_any_file(founded: Founded) -> None:
    """No piece of a wrapped key or sealed document in database, log or freed pages; the others are whole."""
    erased, kept = _log(founded, 6), _log(founded, 3)
    pieces = {case_id: _pieces(_sealed(case_id)) for case_id in (*erased, *kept)}
    assert all(_traces(found) for found in pieces.values())
    _bin(founded, erased)
    for case_id in erased:
        erase_case(founded.context(COORDINATOR), case_id)
        note_overwritten(founded.context(COORDINATOR))
        assert _traces(pieces[case_id]) == 0
        assert get_receipt(founded.context(COORDINATOR), case_id).overwritten_at is not None
    for case_id in kept:
        assert len(cases.get_case(founded.context(COORDINATOR), case_id).incidents) == 2


def test_another_reader_delays_it_and_the_receipt_says_so(founded: Founded) -> None:
    """While a reader holds an older snapshot the log keeps what it reads; once it ends, the sweep is done."""
    [case_id] = _log(founded)
    pieces = _pieces(_sealed(case_id))
    _bin(founded, [case_id])
    with _reader() as reader:
        erase_case(founded.context(COORDINATOR), case_id)
        note_overwritten(founded.context(COORDINATOR))
        assert get_receipt(founded.context(COORDINATOR), case_id).overwritten_at is None
        do_all(founded.context(CASEWORKER))
        assert get_receipt(founded.context(COORDINATOR), case_id).overwritten_at is None
        # The control: what is looked for is what would be found.
        (count,) = reader.execute(
            "SELECT count(*) FROM case_key WHERE case_id = ?", (case_id.hex,)
        ).fetchone()
        assert (count, _traces(pieces) > 0) == (2, True)
    do_all(founded.context(CASEWORKER))
    assert get_receipt(founded.context(COORDINATOR), case_id).overwritten_at is not None
    assert _traces(pieces) == 0


def test_a_kill_at_any_moment_leaves_a_case_whole_or_gone(founded: Founded) -> None:
    """However the process dies while it erases: rows, receipt and log agree, and the next run goes on."""
    case_ids = _log(founded, KILLS)
    whole = {case_id: _count(case_id) for case_id in case_ids}
    pieces = {case_id: _pieces(_sealed(case_id)) for case_id in case_ids}
    _bin(founded, case_ids)
    chance, killed = random.Random(7), 0
    context = founded.context(COORDINATOR)
    context.runtime.casebook.drop_all()
    started = time.monotonic()
    erase_some(later(context, 31))
    one_takes = time.monotonic() - started
    for _ in range(KILLS):
        killed += work_until_killed(founded, _erase_on, chance.uniform(0, one_takes * 1.5))
        _check(founded, whole)
    assert killed == KILLS
    do_all(later(founded.context(COORDINATOR), 31))
    assert set(list_erased_cases()) == set(case_ids)
    for case_id in case_ids:
        assert get_receipt(founded.context(COORDINATOR), case_id).overwritten_at is not None
        assert _traces(pieces[case_id]) == 0


def _erase_on(founded: Founded) -> None:
    """Erase what is due, until somebody puts an end to it."""
    context = later(founded.context(COORDINATOR), 31)
    while True:
        erase_some(context)
        note_overwritten(context)


def _count(case_id: UUID) -> list[int]:
    """Count the case's keys, people and incidents."""
    tables = (CaseKey, Person, Incident)
    return [len(db.session.scalars(select(one).where(one.case_id == case_id)).all()) for one in tables]


def _check(founded: Founded, whole: dict[UUID, list[int]]) -> None:
    """Every case is whole in the bin, or gone with a receipt; the log's chain holds and names each."""
    context = founded.context(COORDINATOR)
    binned = {line.id: line for line in list_bin(context)}
    log = open_log(founded.context(COORDINATOR))
    told = {UUID(hex=entry["fields"]["case"]) for entry in log if entry["event"] == "case.erased"}
    for case_id, counts in whole.items():
        is_gone = find_erasure(case_id) is not None
        assert (case_id in told) == is_gone == (case_id not in binned)
        assert _count(case_id) == ([0, 0, 0] if is_gone else counts)
        assert is_gone == (db.session.get(Case, case_id) is None)
