"""What pages tell off the index is what they tell off the records, to whoever asks, at any time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID

import pytest
from sqlalchemy import update

from casework.domain.dates import VagueDate
from casework.errors import IndexUnusable
from casework.services.accounts.deciding import tell_one
from casework.services.bin import bin_case, restore_case
from casework.services.casebook import Casebook
from casework.services.duplicates.deciding import tell_same
from casework.services.erasing import erase_case
from casework.services.exploring.asking import Answer, ask
from casework.services.exploring.facets import Unit
from casework.services.exploring.questions import Question
from casework.services.incidents import Logged, log_incident
from casework.services.index import folding
from casework.services.index.facts import ask_index
from casework.services.restricted.restricting import choose_access
from casework.services.signals.finding import Found, find_signals
from casework.store.cases import Case, Incident
from casework.store.database import db
from casework.store.factindex import FactColumn
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.counted import log_many
from tests.support.records import incident_draft

LOGINS = (CASEWORKER, COLLEAGUE, COORDINATOR)
QUESTIONS = (
    Question(show="contact_type", by="quarter"),
    Question(Unit.PEOPLE, show="roles", by="consent", filters={"police_service": ("spvm", "sq")}),
    Question(Unit.CASES, show="case_status", agreed=True),
)


@pytest.fixture(autouse=True)
def _fold_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "MOST_BEHIND", 0)


@contextmanager
def without(what: str, error: Exception) -> Iterator[None]:
    """Leave a worker without the index, or without the opened records."""
    with patch.object(Casebook, what, side_effect=error):
        yield


def told(answer: Answer) -> object:
    """What an answer says, in no order."""
    cells = {cell: n for cell, n in zip(_cells(answer), answer.counts.ravel().tolist(), strict=True) if n}
    offered = {name: set(codes) for name, codes in answer.offered.items()}
    return cells, answer.incidents, answer.agreed, answer.vague, answer.damaged, offered


def _cells(answer: Answer) -> list[tuple[str, ...]]:
    cells: list[tuple[str, ...]] = [()]
    for codes in answer.codes:
        cells = [(*cell, code) for cell in cells for code in (*codes, "total")]
    return cells


def signalled(found: Found) -> object:
    """What was found, but for the last digits."""
    signals = [
        (one.codes, one.seen, one.alike, round(one.expected, 9), one.incidents, one.perhaps, one.one_day)
        for one in found.signals
    ]
    return signals, found.windows, found.tested, found.undated, found.references


def same(founded: Founded) -> list[int]:
    """See that both say the same to everybody; returns how many incidents each of them sees."""
    counted = []
    for login in LOGINS:
        context = founded.context(login)
        with without("indexed", IndexUnusable("none")):
            by_records = [told(ask(context, question)) for question in QUESTIONS]
            found = signalled(find_signals(context))
            counted.append(ask(context, QUESTIONS[0]).total)
        with without("facts", AssertionError("records were opened")):
            assert [told(ask(context, question)) for question in QUESTIONS] == by_records
            assert signalled(find_signals(context)) == found
    return counted


def fold(founded: Founded) -> None:
    """Fold, as the background does."""
    assert folding.fold_some(founded.context(COORDINATOR)) is False


def log_guarded(founded: Founded) -> list[Logged]:
    """Log three cases for everybody, one of a team, one that is restricted."""
    context = founded.context(CASEWORKER)
    logged = log_many(context, ("spvm", "sq", "tps"))
    own = frozenset({context.member_id})
    logged.append(log_incident(context, incident_draft(team=own, team_only=True)))
    logged.append(log_incident(context, incident_draft(team=own, restricted=True)))
    return logged


def _version(case_id: UUID) -> int:
    return db.session.get_one(Case, case_id).version


def test_nobody_is_told_of_cases_that_are_closed_to_them(founded: Founded) -> None:
    """Of a team, restricted, opened to others, withdrawn: at once, folded or not, in any worker."""
    context, colleague = founded.context(CASEWORKER), founded.players[COLLEAGUE].id
    logged = log_guarded(founded)
    fold(founded)
    assert same(founded) == [5, 3, 4]
    both, alone = frozenset({context.member_id, colleague}), frozenset({context.member_id})
    other = replace(founded.runtime, casebook=Casebook())
    steps = [(3, both, True, [5, 4, 4]), (4, both, False, [5, 5, 4]), (4, alone, False, [5, 4, 4])]
    steps += [(0, alone, True, [5, 3, 4]), (3, alone, True, [5, 2, 4])]
    for at, team, team_only, expected in steps:
        case_id = logged[at].case_id
        founded.app.extensions["casework"], here = other, founded.runtime
        restricted = not team_only
        choose_access(founded.context(CASEWORKER), case_id, _version(case_id), team, team_only, restricted)
        founded.app.extensions["casework"] = here
        assert same(founded) == expected
        fold(founded)
        assert same(founded) == expected


def test_it_follows_every_deed(founded: Founded) -> None:
    """What is joined, told twice, binned, brought back and erased; folded or not."""
    context = founded.context(CASEWORKER)
    logged = log_many(context, ("spvm", "sq", "tps", "spvm", "unknown", "spvm"))
    fold(founded)
    gone = logged[5].case_id
    deeds: list[tuple[Callable[[], object], int]] = [
        (lambda: tell_same(context, logged[1].people[0], logged[2].people[0]), 6),
        (lambda: tell_one(context, logged[3].incident_id, logged[4].incident_id), 5),
        (lambda: bin_case(context, gone, _version(gone)), 4),
        (lambda: restore_case(context, gone), 5),
        (lambda: bin_case(context, gone, _version(gone)), 4),
        (lambda: erase_case(founded.context(COORDINATOR), gone), 4),
    ]
    for deed, count in deeds:
        deed()
        assert same(founded) == [count] * 3
        fold(founded)
        assert same(founded) == [count] * 3


def test_of_who_was_erased_nothing_stays_in_its_memory(founded: Founded) -> None:
    """In this worker at once: neither their ids nor what only they had answered."""
    context = founded.context(CASEWORKER)
    logged = log_many(context, ("spvm", "tps"))
    fold(founded)
    same(founded)
    gone = logged[1].case_id
    bin_case(context, gone, _version(gone))
    same(founded)
    assert _remembers(founded, gone)
    erase_case(founded.context(COORDINATOR), gone)
    assert not _remembers(founded, gone)


def _remembers(founded: Founded, case_id: UUID) -> bool:
    kept = [book for book in founded.runtime.casebook._books.values() if type(book).__name__ == "Indexed"]
    opened = [one for book in kept for one in (*book.opened.values(), *book.joined.values())]
    arrays = [one.tobytes() for one in opened if hasattr(one, "tobytes")]
    values = [one.values for one in opened if hasattr(one, "values")]
    fresh = any(case_id in book.fresh.cases or case_id in book.fresh.binned for book in kept)
    return fresh or any(case_id.bytes in one for one in arrays) or any("tps" in one for one in values)


@pytest.mark.parametrize("where", ["column", "gone"])
def test_a_hurt_index_counts_nothing(founded: Founded, where: str) -> None:
    """Not in this worker, nor in one that begins: the records answer."""
    log_guarded(founded)
    fold(founded)
    context = founded.context(CASEWORKER)
    with without("indexed", IndexUnusable("none")):
        wanted = [told(ask(context, question)) for question in QUESTIONS]
    if where == "gone":
        db.session.query(FactColumn).delete()
    else:
        db.session.execute(update(FactColumn).values(column_sealed=b"planted"))
    db.session.commit()
    context.runtime.casebook.drop_all()
    with pytest.raises(IndexUnusable):
        ask_index(context, lambda facts: facts.column("incidents", "contact_type"))
    assert [told(ask(context, question)) for question in QUESTIONS] == wanted
    assert find_signals(context).windows


def test_what_does_not_open_is_said_as_the_lists_say_it(founded: Founded) -> None:
    """Once a worker has met a record that was hurt, the explorer counts the others, and says so."""
    logged = log_guarded(founded)
    fold(founded)
    context = founded.context(CASEWORKER)
    sealed = db.session.get_one(Incident, logged[0].incident_id).coded_sealed
    hurt = sealed[:-1] + bytes((sealed[-1] ^ 1,))
    db.session.execute(
        update(Incident).where(Incident.id == logged[0].incident_id).values(coded_sealed=hurt),
        execution_options={"unlisted": True},
    )
    db.session.commit()
    context.runtime.casebook.drop_all()
    answer = ask(context, QUESTIONS[0])
    assert (answer.total, answer.damaged) == (5, 0)  # the index has it as it was
    context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    answer = ask(context, QUESTIONS[0])
    assert (answer.total, answer.damaged) == (4, 1)


def test_a_signal_has_the_incidents_behind_it(founded: Founded) -> None:
    """Opened for those who may know of them, the newest first, named by their case."""
    today, context = founded.runtime.today(), founded.context(CASEWORKER)
    for day in [*range(60, 500, 40), *range(0, 24, 2)]:
        draft = incident_draft(people=(), team_only=day < 30)
        log_incident(context, replace(draft, date=VagueDate.on(today - timedelta(days=day))))
        if day == 10:
            fold(founded)  # the rest stays fresh
    same(founded)
    with without("facts", AssertionError("records were opened")):
        found = find_signals(context)
        assert not find_signals(founded.context(COLLEAGUE)).signals
    (signal,) = [one for one in found.signals if one.looked.days == 30]
    assert len(signal.incidents) == signal.seen == 12
    dates = [one.facts.date.sort_key() for one in signal.incidents]
    assert dates == sorted(dates, reverse=True)
    assert set(found.references) == {one.case_id for one in signal.incidents}
