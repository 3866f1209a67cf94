"""Every write is one transaction and one audit event: all of it, or nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

import pytest
from flask_sqlalchemy.session import Session

from casework.domain.case import closing_reasons
from casework.errors import Conflict, NotFound
from casework.services import transactions
from casework.services.audit import EVENTS, check_fields
from casework.services.bin import BY_MEMBER
from casework.services.retention import BY_RULE
from casework.services.transactions import keyless_transaction, transaction
from casework.store.database import db
from casework.store.head import WriteHead
from casework.store.organization import find_organization
from tests.services.deed import Deed
from tests.services.deeds import DEEDS
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.audit import links, open_log
from tests.support.dump import changed_tables, dump_tables

pytestmark = pytest.mark.both_databases

FRAME = {"audit_entry", "write_head"}
REASONS = {BY_MEMBER, BY_RULE, *closing_reasons()}
"""Codes that say why; whatever else an event tells is a number or an id."""


class Broken(Exception):
    """What a test lets go wrong."""


def _break(*_arguments: object) -> NoReturn:
    raise Broken


def _after(name: str) -> object:
    """Return the function of this name of the frame, breaking once it has done its work."""
    done = getattr(transactions, name)

    def broken(*arguments: object) -> NoReturn:
        done(*arguments)
        raise Broken

    return broken


BREAKS: Mapping[str, Callable[[], tuple[object, str, object]]] = {
    "before the flush": lambda: (transactions, "take_written", _break),
    "after the flush": lambda: (transactions, "take_written", _after("take_written")),
    "before the audit entry": lambda: (transactions, "write_entry", _break),
    "after the audit entry": lambda: (transactions, "write_entry", _after("write_entry")),
    "at the commit": lambda: (Session, "commit", _break),
}


# After these nobody of the cast has keys: test_founding.py, test_recovering.py and test_sealing.py have them.
ENDS_OR_BEGINS = {
    "backup.restored",
    "organization.founded",
    "organization.recovered",
    "organization.sealed",
}

# What both databases have to undo; the rest is the same code on either.
ON_POSTGRES = ("after the flush", "at the commit")


# The volatile store is no part of a transaction: what these change there is changed first, and stays so. A
# session that ended too early asks for a passphrase, and a look that failed is one less this hour.
AHEAD = {
    "account.other_sessions_ended": {"session"},
    "account.session_ended": {"session"},
    "member.sessions_ended": {"session"},
    "question.asked": {"preview"},
    "release.previewed": {"preview"},
}


@contextmanager
def broken_at(monkeypatch: pytest.MonkeyPatch, where: str) -> Iterator[None]:
    """Let a transaction break there."""
    owner, name, broken = BREAKS[where]()
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, broken)
        yield


def test_every_event_has_its_deed() -> None:
    """A new event has to be done in these tests too: tests/services/deeds.py."""
    assert set(DEEDS) == set(EVENTS) - ENDS_OR_BEGINS


@pytest.mark.parametrize("event", DEEDS)
def test_a_write_is_all_or_nothing(
    founded: Founded, event: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken at any step, no table changes; unbroken, one event, and its own tables only."""
    deed = DEEDS[event](founded)
    before = dump_tables()
    for where in ON_POSTGRES if database == "postgres" else BREAKS:
        with broken_at(monkeypatch, where), pytest.raises(Broken):
            deed.act()
        assert changed_tables(before, dump_tables()).keys() <= AHEAD.get(event, set()), where
        if event in AHEAD:
            deed = DEEDS[event](founded)
            before = dump_tables()
    last = links()[-1].sequence
    deed.act()
    assert set(changed_tables(before, dump_tables())) == deed.tables | FRAME
    db.session.remove()
    _check_log(founded, event, deed, last)


def _check_log(founded: Founded, event: str, deed: Deed, last: int) -> None:
    entries = open_log(founded.context(COORDINATOR))
    assert links()[-1].sequence == last + 1
    entry = entries[-1]
    member = founded.players[deed.member].id.hex if deed.member else None
    assert (entry["event"], entry["member"], entry["schema"]) == (event, member, 2)
    assert set(entry["fields"]) == EVENTS[event]
    # What was asked are names of lists that ship, their codes, and quarters.
    told = {"table", "answer", "period"} if event == "question.asked" else set()
    fields = {name: value for name, value in entry["fields"].items() if name not in told}
    plain = [value for name, value in fields.items() if name != "reason" or value not in REASONS]
    assert all(isinstance(value, int) or len(value) in (32, 64) for value in plain)


def test_an_event_with_other_fields_is_a_mistake(founded: Founded) -> None:
    """Too few, too many, or an event that nobody declared: nothing is written."""
    before = dump_tables()
    with pytest.raises(ValueError, match=r"case\.read declares"):
        check_fields("case.read", {})
    with pytest.raises(ValueError, match=r"account\.profile_changed declares"):
        with transaction(founded.context(), "account.profile_changed") as opened:
            opened.note(name=3)
    with pytest.raises(KeyError), transaction(founded.context(), "case.printed"):
        pass
    assert dump_tables() == before


def test_a_write_that_draws_no_generation_writes_no_record(founded: Founded) -> None:
    """What readers' caches would miss cannot be written by accident."""
    with pytest.raises(ValueError, match="no generation"):
        with transaction(founded.context(), "draft.kept") as opened:
            _ = opened.generation


def test_a_changed_roster_refuses_a_write_that_began_before(founded: Founded) -> None:
    """A context that was built before a member was admitted does not write after."""
    early = founded.context(CASEWORKER)
    DEEDS["member.admitted"](founded).act()
    before = dump_tables()
    with pytest.raises(Conflict), transaction(early, "account.profile_changed"):
        pass
    assert dump_tables() == before


def test_nothing_is_written_where_there_is_no_organization(founded: Founded) -> None:
    """Without the head there is nothing to lock, and no chain to add to."""
    roster = founded.context().roster
    db.session.query(WriteHead).delete()
    db.session.commit()
    before = dump_tables()
    with pytest.raises(NotFound), keyless_transaction(founded.runtime, "draft.kept", roster):
        pass
    assert dump_tables() == before


def test_what_was_read_before_is_read_again(founded: Founded) -> None:
    """A row that was loaded before the lock does not decide by what it was."""
    row = find_organization()
    assert row is not None
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE organization SET version = 7")
    with transaction(founded.context(), "account.profile_changed"):
        found = find_organization()
        assert found is not None and found.version == 7
