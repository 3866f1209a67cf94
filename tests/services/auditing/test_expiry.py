"""Entries expire after their months, oldest first, unless the log is held; the chain goes on from there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from casework.domain.months import months_before
from casework.errors import Conflict, Forbidden, Invalid
from casework.services.auditing import expiry
from casework.services.auditing.anchors import accept_log, find_anchor, look
from casework.services.auditing.browsing import LogFilter, browse
from casework.services.auditing.findings import Fault
from casework.services.auditing.verifying import check_log
from casework.services.context import Context
from casework.services.transactions import transaction
from casework.store.audit import AuditEntry
from casework.store.database import db
from casework.vault.audit import AuditHead
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.audit import links, open_log

START = datetime(2029, 1, 31, 12, 0, tzinfo=UTC)
MONTH = timedelta(days=30)


def _at(founded: Founded, moment: datetime, login: str = COORDINATOR) -> Context:
    context = founded.context(login)
    return replace(context, runtime=replace(context.runtime, now=lambda: moment))


@pytest.fixture
def years(founded: Founded) -> Iterator[datetime]:
    """An entry a month for forty months; yields the last month."""
    for month in range(40):
        with transaction(_at(founded, START + month * MONTH, CASEWORKER), "account.profile_changed"):
            pass
    yield START + 39 * MONTH


def test_what_has_expired_is_counted(founded: Founded, years: datetime) -> None:
    """Everything older than the months of the setting, and nothing else."""
    due = expiry.find_due(_at(founded, years))
    before, limit = len(links()) - 40, months_before(years, 24)
    expired = sum(START + month * MONTH < limit for month in range(40))
    assert due and due.count == due.through == before + expired
    assert due.oldest < START < due.newest < limit <= due.newest + MONTH
    assert expiry.find_due(founded.context()) is None


def test_expiring_removes_the_oldest_and_the_chain_goes_on(
    founded: Founded, years: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In small transactions; what is left verifies from there, opens, and is browsed to its beginning."""
    monkeypatch.setattr(expiry, "_BATCH", 7)
    due = expiry.find_due(_at(founded, years))
    assert due and expiry.expire(_at(founded, years), due.through) == due.count
    assert links()[0].sequence == due.through + 1
    report = check_log(founded.context())
    assert report.findings == () and report.first == due.through + 1
    assert report.older_rows > 0
    written = [
        entry["fields"]["through"]
        for entry in open_log(founded.context())
        if entry["event"] == "audit.expired"
    ]
    assert written == [*range(7, due.through, 7), due.through]
    assert expiry.find_due(_at(founded, years)) is None
    lines = browse(_at(founded, years), LogFilter(group=None)).lines
    assert lines[-1].sequence == due.through + 1 and all(line.body for line in lines)


def test_rows_written_since_are_still_held_to_the_log(founded: Founded, years: datetime) -> None:
    """Older ones are counted; one that an entry still speaks of is named when it changes."""
    due = expiry.find_due(_at(founded, years))
    assert due
    expiry.expire(_at(founded, years), due.through)
    before = check_log(founded.context())
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE organization SET version = version + 1")
    assert [one.fault for one in check_log(founded.context()).findings] == [Fault.ROW_CHANGED]
    assert before.older_rows == before.rows - 1


def test_a_beginning_that_no_entry_confirms_is_found(founded: Founded, years: datetime) -> None:
    """The sealed record alone does not shorten the log: an entry has to say so."""
    due = expiry.find_due(_at(founded, years))
    assert due
    expiry.expire(_at(founded, years), due.through)
    last = links()[-1]
    with db.engine.begin() as connection:
        connection.execute(
            update(AuditEntry)
            .where(AuditEntry.sequence == last.sequence)
            .values(entry_sealed=links()[-2].sealed)
        )
    faults = {one.fault for one in check_log(founded.context()).findings}
    assert {Fault.LOG_CUT, Fault.ENTRY_CHANGED} <= faults


def test_anchors_before_the_beginning_pass(founded: Founded, years: datetime) -> None:
    """Who signs in after their anchor's entry expired begins where the log does."""
    accept_log(_at(founded, START - MONTH))
    anchor = find_anchor(founded.context())
    assert anchor
    later = years + timedelta(days=3000)
    due = expiry.find_due(_at(founded, later))
    assert due and due.through > anchor.sequence
    expiry.expire(_at(founded, later), due.through)
    assert isinstance(look(founded.context()), AuditHead)


def test_a_held_log_expires_nothing(founded: Founded, years: datetime) -> None:
    """Until the day that was named, or until somebody ends it."""
    due, last_day = expiry.find_due(_at(founded, years)), years.date() + timedelta(days=9)
    assert due
    expiry.hold_log(_at(founded, years), last_day)
    assert expiry.find_due(_at(founded, years)) is None
    with pytest.raises(Conflict):
        expiry.expire(_at(founded, years), due.through)
    assert expiry.find_due(_at(founded, years + timedelta(days=10)))
    expiry.hold_log(_at(founded, years), None)
    assert expiry.find_due(_at(founded, years + timedelta(days=9999))) is None
    held = expiry.find_hold(_at(founded, years))
    assert held and held.by == founded.players[COORDINATOR].id
    expiry.release_log(_at(founded, years))
    assert expiry.find_due(_at(founded, years)) == due


def test_a_hold_that_comes_between_stops_it(
    founded: Founded, years: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each transaction asks again."""
    monkeypatch.setattr(expiry, "_BATCH", 7)
    due, done = expiry.find_due(_at(founded, years)), []
    batch = expiry._expire_batch

    def then_hold(context: Context, through: int) -> None:
        batch(context, through)
        done.append(through)
        expiry.hold_log(_at(founded, years), None)

    monkeypatch.setattr(expiry, "_expire_batch", then_hold)
    assert due
    with pytest.raises(Conflict):
        expiry.expire(_at(founded, years), due.through)
    assert done == [7] and links()[0].sequence == 8


def test_a_hold_names_a_day_to_come(founded: Founded) -> None:
    """Yesterday is a slip."""
    with pytest.raises(Invalid, match="until"):
        expiry.hold_log(founded.context(), founded.runtime.today() - timedelta(days=1))


def test_what_was_tampered_with_is_not_removed(founded: Founded, years: datetime) -> None:
    """A log that does not follow from its beginning keeps its traces."""
    due = expiry.find_due(_at(founded, years))
    assert due
    with db.engine.begin() as connection:
        connection.execute(delete(AuditEntry).where(AuditEntry.sequence == 5))
    with pytest.raises(Conflict):
        expiry.expire(_at(founded, years), due.through)
    assert links()[0].sequence == 1


@pytest.mark.parametrize("through", [0, -1, 10_000])
def test_only_what_has_expired_is_removed(founded: Founded, years: datetime, through: int) -> None:
    """An entry that is too young, or none, is refused."""
    with pytest.raises(Conflict):
        expiry.expire(_at(founded, years), through)


def test_only_coordinators_keep_the_log(founded: Founded) -> None:
    """Others are refused."""
    context = founded.context(CASEWORKER)
    for deed in (
        expiry.find_due,
        expiry.find_hold,
        expiry.release_log,
        lambda given: expiry.hold_log(given, None),
        lambda given: expiry.expire(given, 1),
    ):
        with pytest.raises(Forbidden):
            deed(context)
