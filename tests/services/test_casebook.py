"""The opened records in a worker's memory are what is committed, never more and never less."""

import gc
import weakref

import pytest

from casework.errors import UnknownKey
from casework.services import incidents, lists, patterns
from casework.services.accounts.grouping import list_told
from casework.services.books import FactBook
from casework.services.context import Context
from casework.services.lists import Filter
from casework.services.statistics.columns import lay_out
from casework.store import cases as store
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, Founded
from tests.support.records import incident_draft


def _facts(context: Context) -> FactBook:
    return context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())


def _tagged(founded: Founded) -> tuple[patterns.PatternView, patterns.PatternView]:
    """Tag one incident with the first of two patterns, and return both."""
    first, second = patterns.list_patterns(founded.context())[:2]
    incidents.log_incident(founded.context(CASEWORKER), incident_draft(patterns=(first.id,)))
    return first, second


def test_a_merge_is_seen_at_once(founded: Founded) -> None:
    """Opening records inside the transaction that changes them leaves nothing stale behind."""
    first, second = _tagged(founded)
    patterns.merge_pattern(founded.context(), first.id, first.version, second.id)
    assert dict(patterns.count_incidents(founded.context())) == {second.id: 1}


def test_what_was_rolled_back_was_never_seen(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that failed after it had opened records does not hide the next one that succeeds."""
    first, second = _tagged(founded)
    with monkeypatch.context() as broken:
        broken.setattr("casework.services.transactions.write_entry", _fail)
        with pytest.raises(ZeroDivisionError):
            patterns.merge_pattern(founded.context(), first.id, first.version, second.id)
    assert dict(patterns.count_incidents(founded.context())) == {first.id: 1}
    incidents.log_incident(founded.context(CASEWORKER), incident_draft(patterns=(first.id,)))
    assert dict(patterns.count_incidents(founded.context())) == {first.id: 2}


def _fail(*_arguments: object) -> None:
    raise ZeroDivisionError


def test_a_book_is_whole_however_writers_race(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a writer commits between two reads of one book, no incident comes without its case and people."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    read, raced = store.list_changed_coded, list[type]()

    def list_changed_coded(table: type[store.Incident], after: int) -> object:
        found = read(table, after)
        if len(raced) < 3 and table not in raced:
            raced.append(table)
            _log_elsewhere(founded)
        return found

    monkeypatch.setattr(store, "list_changed_coded", list_changed_coded)
    context = founded.context(CASEWORKER)
    book = _facts(context)
    assert len(raced) == 3
    for incident in book.incidents.values():
        assert incident.case_id in book.cases
        assert all(part.person_id in book.people for part in incident.facts.participations)
    lists.list_frequent(context, "police_service", 3)
    monkeypatch.undo()
    assert len(_facts(founded.context(CASEWORKER)).incidents) == 4


def _log_elsewhere(founded: Founded) -> None:
    """Log an incident in a session of its own, as another request does."""
    import threading

    def log() -> None:
        with founded.app.app_context():
            incidents.log_incident(founded.context(COLLEAGUE), incident_draft())

    thread = threading.Thread(target=log)
    thread.start()
    thread.join()


def test_names_and_narratives_need_their_keys(founded: Founded) -> None:
    """An advocate's keyring opens no book of texts, also where a caseworker has just opened it."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    assert lists.list_incidents(founded.context(CASEWORKER), Filter(text="teodor")).total == 1
    advocate = founded.context(ADVOCATE)
    with pytest.raises(UnknownKey):
        advocate.runtime.casebook.texts(advocate.keyring, 0)


def test_snapshots_that_are_forgotten_are_gone_at_once(founded: Founded) -> None:
    """Nothing leads in a circle, also not what was worked out from them: no collector has to come by."""
    context = founded.context()
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    casebook, now = context.runtime.casebook, context.runtime.now_seconds()
    book = casebook.facts(context.keyring, now)
    lay_out(book)
    list_told(book)
    gone = weakref.ref(book), weakref.ref(book.carried)
    gc.collect()
    gc.disable()
    try:
        del book
        casebook.drop_all()
        assert [one() for one in gone] == [None, None]
    finally:
        gc.enable()


def test_the_collector_leaves_alone_what_was_opened(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where many records were opened, no later request waits while the collector walks through them all."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    context = founded.context()
    casebook, now = context.runtime.casebook, context.runtime.now_seconds()
    casebook.drop_all()
    monkeypatch.setattr("casework.services.heap._MANY_OBJECTS", -1)
    try:
        book = casebook.facts(context.keyring, now)
        assert all(found is not book for found in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(found is book for found in gc.get_objects())
