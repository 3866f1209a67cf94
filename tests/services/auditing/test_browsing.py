"""Coordinators look through the log: newest first, narrowed, in pages; looking is an entry too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import update

from casework.domain.member import MemberProfile
from casework.domain.permissions import Role
from casework.errors import Forbidden, Invalid
from casework.services import cases, incidents
from casework.services.auditing import browsing, naming
from casework.services.auditing.browsing import LogFilter, browse
from casework.services.auditing.entries import Reader, find_first_since, walk_back
from casework.services.auditing.groups import Group
from casework.services.context import Context
from casework.services.membership import invitations, members
from casework.store.audit import AuditEntry
from casework.store.database import db
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import links
from tests.support.records import incident_draft

START = datetime(2097, 3, 1, 9, 0, tzinfo=UTC)


def _events(context: Context, wanted: LogFilter) -> list[str]:
    return [line.body.event if line.body else "" for line in browse(context, wanted).lines]


def _at(context: Context, moment: datetime) -> Context:
    """Return the context as it would be at that moment."""
    return replace(context, runtime=replace(context.runtime, now=lambda: moment))


@pytest.fixture
def a_month(founded: Founded) -> Iterator[list[datetime]]:
    """Thirty deeds of the caseworker, one a day, from the first of March on."""
    days = [START + timedelta(days=number) for number in range(30)]
    for moment in days:
        members.change_own_profile(_at(founded.context(CASEWORKER), moment), MemberProfile("Inès", "fr"))
    yield days


def test_the_newest_comes_first_and_the_look_is_an_entry(founded: Founded) -> None:
    """A look shows what was before it; the next one shows the look."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    cases.get_case(founded.context(COLLEAGUE), logged.case_id)
    assert _events(founded.context(), LogFilter())[:2] == ["case.read", "incident.logged"]
    assert _events(founded.context(), LogFilter())[:3] == ["audit.read", "case.read", "incident.logged"]


@pytest.mark.parametrize("login", [CASEWORKER, ADVOCATE])
def test_others_are_refused(founded: Founded, login: str) -> None:
    """Before an entry is written: they hold no key of the log."""
    before = len(links())
    with pytest.raises(Forbidden):
        browse(founded.context(login), LogFilter())
    assert len(links()) == before


def test_the_log_is_narrowed(founded: Founded) -> None:
    """By kind of deed, by who did it or whom it was done to, by case, and by several at once."""
    ours = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    theirs = incidents.log_incident(founded.context(COLLEAGUE), incident_draft())
    cases.get_case(founded.context(COLLEAGUE), ours.case_id)
    context, ines = founded.context(), founded.players[CASEWORKER].id
    assert _events(context, LogFilter(case=ours.case_id)) == ["case.read", "incident.logged"]
    assert _events(context, LogFilter(case=theirs.case_id)) == ["incident.logged"]
    assert _events(context, LogFilter(group=Group.READING, case=ours.case_id)) == ["case.read"]
    assert _events(context, LogFilter(member=ines)) == ["incident.logged", "member.admitted", "member.joined"]
    assert _events(context, LogFilter(member=ines, group=Group.PATTERNS)) == []


def test_a_period_is_shown_whole_and_nothing_else(founded: Founded, a_month: list[datetime]) -> None:
    """Days are those where the organization is; both are in it."""
    context = _at(founded.context(), a_month[-1])
    first, last = a_month[4].date(), a_month[9].date()
    page = browse(context, LogFilter(first_day=first, last_day=last))
    assert [line.body.at for line in page.lines if line.body] == a_month[9:3:-1]
    assert page.older is None
    assert len(browse(context, LogFilter(last_day=a_month[0].date(), member=context.member_id)).lines) > 0
    assert browse(context, LogFilter(first_day=a_month[-1].date() + timedelta(days=1))).lines == []


def test_pages_follow_each_other_without_gap(
    founded: Founded, a_month: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each begins where the one before ended, also where most entries do not fit."""
    monkeypatch.setattr(browsing, "PAGE_SIZE", 7)
    monkeypatch.setattr(browsing, "_LOOKED_AT", 10)
    context, wanted = _at(founded.context(), a_month[-1]), LogFilter(member=founded.players[CASEWORKER].id)
    seen: list[int] = []
    for _turn in count():
        page = browse(context, wanted)
        seen += [line.sequence for line in page.lines]
        assert len(page.lines) <= 7
        if page.older is None:
            break
        assert _turn < 60
        wanted = replace(wanted, before=page.older)
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 30 + 2  # admitted and joined


def test_a_long_look_says_how_far_it_went(
    founded: Founded, a_month: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cost of a page is bounded: the reader is asked to go on."""
    monkeypatch.setattr(browsing, "_LOOKED_AT", 5)
    context = _at(founded.context(), a_month[-1])
    page = browse(context, LogFilter(group=Group.EXPORTS))
    assert page.lines == [] and page.looked_until == a_month[-5]


@pytest.mark.parametrize("day", [-40, 0, 1, 13, 29, 30])
def test_halving_finds_where_a_day_begins(founded: Founded, a_month: list[datetime], day: int) -> None:
    """The first entry at or after a moment, whatever the moment."""
    reader, end = Reader(founded.context().keyring), links()[-1].sequence + 1
    moment = START + timedelta(days=day)
    found = find_first_since(reader, moment, end)
    written = {one.sequence: one.body.at for one in walk_back(reader, end) if one.body}
    assert found == min((number for number, at in written.items() if at >= moment), default=end)


def test_an_entry_that_was_changed_is_shown_as_such(founded: Founded) -> None:
    """And the one after it still opens: it names the hash that stands there."""
    changed = links()[-2].sequence
    with db.engine.begin() as connection:
        spoilt = update(AuditEntry).where(AuditEntry.sequence == changed)
        connection.execute(spoilt.values(entry_sealed=b"\x01\x01" + bytes(2300)))
    shown = {line.sequence: line.body for line in browse(founded.context(), LogFilter()).lines}
    assert shown[changed] is None
    assert all(body for sequence, body in shown.items() if sequence != changed)


def test_names_are_those_that_the_reader_may_see(founded: Founded) -> None:
    """Members, former ones too; a case is found by its reference however it is typed."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft(team_only=True))
    invitations.invite(founded.context(), MemberProfile("Noor", "fr"), frozenset({Role.ADVOCATE}))
    names = naming.look_up(founded.context(COORDINATOR))
    assert names.members[founded.players[CASEWORKER].id] == "Ines"
    reference = names.cases[logged.case_id]
    assert naming.find_case(names, f" {reference.lower().replace('-', ' ')} ") == logged.case_id
    with pytest.raises(Invalid, match="case"):
        naming.find_case(names, "2001-AAAA")
    assert logged.case_id not in naming.look_up(founded.context(COLLEAGUE)).cases
