"""Signals among records: which series there are, whose cases count, which dates, and what is said of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from uuid import UUID

import pytest

from casework.domain.case import CaseFacts
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts
from casework.domain.permissions import Role
from casework.errors import Forbidden
from casework.services.books import BinnedCase, FactBook, OpenedCase, OpenedIncident, Orders
from casework.services.incidents import log_incident
from casework.services.signals.finding import Found, _find, find_signals
from tests.services.exploring.worlds import World
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft

TODAY = date(2026, 11, 26)
MEMBER = UUID(int=1)
CASE = CaseFacts(
    reference="2026-AAAA", opened_on=TODAY, opened_by=MEMBER, responsible=MEMBER, touched_on=TODAY
)
numbers = count(1000)


def told(
    days_ago: int, late: int = 0, written: str = "", service: str = "spvm", place: str = "lachine"
) -> OpenedIncident:
    """Tell of a fare check so many days ago, logged so many days late; `written` is a date that is vague."""
    day = TODAY - timedelta(days=days_ago)
    facts = IncidentFacts(
        date=VagueDate.parse(written) if written else VagueDate.on(day),
        contact_type="fare_check",
        police_service=service,
        place=place,
        logged_on=min(TODAY, day + timedelta(days=late)),
        logged_by=MEMBER,
    )
    number = next(numbers)
    return OpenedIncident(UUID(int=number), UUID(int=number), 1, facts)


def book_of(incidents: Iterable[OpenedIncident]) -> FactBook:
    """Return a book of these incidents, a case each."""
    listed = sorted(incidents, key=lambda one: one.facts.date.sort_key())
    cases = {one.case_id: OpenedCase(one.case_id, 1, False, frozenset(), CASE) for one in listed}
    return FactBook(cases=cases, incidents={one.id: one for one in listed}, orders=Orders(incidents=listed))


def find(incidents: Iterable[OpenedIncident], hidden: Sequence[OpenedIncident] = ()) -> Found:
    """Find what stands out today."""
    book = book_of(incidents)
    context = World(book, frozenset({Role.CASEWORKER})).context
    return _find(context, book, frozenset(one.case_id for one in hidden), TODAY)


def past(every: int = 15, years: int = 3, **told_as: object) -> list[OpenedIncident]:
    """Tell of an incident every so many days, until the window begins."""
    return [told(days, **told_as) for days in range(95, years * 365, every)]  # type: ignore[arg-type]


def test_a_quiet_past_and_a_loud_month_are_one_signal() -> None:
    """Twelve where two were to be expected, with the incidents behind it; what is the same is named once."""
    recent = [told(day) for day in range(0, 24, 2)]
    found = find([*past(), *recent])
    (signal,) = found.signals
    assert (signal.looked.days, signal.seen) == (30, 12)
    assert 1 < signal.expected < 3
    assert signal.p_value < signal.q_value < 0.05
    assert {one.id for one in signal.incidents} == {one.id for one in recent}
    assert signal.codes == ()  # service, group and city are the very same incidents as all of them
    assert found.tested == 2
    assert signal.one_day == 1


def test_only_one_service_stands_out() -> None:
    """Another one goes on as before: the signal has the name of the one that does not, and its city."""
    others = [told(day, service="sq", place="laval") for day in range(1, 3 * 365, 9)]
    recent = [told(day) for day in range(0, 24, 2)]
    signal = find([*past(), *others, *recent]).signals[0]
    assert ("police_service", "spvm") in signal.codes or ("city", "montreal") in signal.codes
    assert {one.facts.police_service for one in signal.incidents} == {"spvm"}


def test_nothing_stands_out_where_all_goes_on() -> None:
    """The same pace up to today."""
    found = find(told(day) for day in range(0, 3 * 365, 15))
    assert found.signals == ()
    assert found.tested > 0


def test_a_short_past_is_no_past() -> None:
    """Neither window is judged after four months, and it is said."""
    found = find(told(day) for day in range(0, 120, 5))
    assert [looked.blocks for looked in found.windows] == [0, 0]
    assert (found.signals, found.tested) == ((), 0)
    assert find([]).signals == ()


def test_a_vague_date_makes_no_signal() -> None:
    """Twelve of "November" may all lie before the window: counted as what may be, and not as seen."""
    vague = [told(0, written="2026-11") for _ in range(9)]
    nobody_knows = [told(0, written="unknown") for _ in range(4)]
    found = find([*past(), *vague, *nobody_knows])
    month = found.windows[0]
    assert (month.first_day, month.perhaps, found.undated) == (date(2026, 10, 28), 9, 4)
    assert [signal for signal in found.signals if signal.looked.days == 30] == []


def test_late_logging_neither_hides_nor_makes_a_signal() -> None:
    """All is logged forty days late: of the last weeks little is known, as of every month then.

    Were the past counted as it is known now, it would expect two in each window and see a rise nowhere.
    """
    late = [told(day, late=40) for day in range(0, 4 * 365, 5)]
    known = [one for one in late if one.facts.date.span() and (one.facts.logged_on < TODAY)]
    found = find(known)
    assert found.windows[0].as_known_then
    assert found.signals == ()
    burst = [told(day) for day in range(0, 20)]
    assert find([*known, *burst]).signals[0].expected < 1


def test_what_was_brought_in_from_lists_counts_as_past_until_casework_is_in_use_for_long() -> None:
    """Three years, logged last week: nothing was known then, so all of it is the past; no rise is made."""
    moved = [
        replace(one, facts=replace(one.facts, logged_on=TODAY - timedelta(days=7)))
        for one in (told(day) for day in range(10, 3 * 365, 10))
    ]
    found = find(moved)
    assert [looked.as_known_then for looked in found.windows] == [False, False]
    assert all(looked.blocks for looked in found.windows)
    assert found.signals == ()


def test_a_list_brought_in_is_seen_by_its_day_of_logging() -> None:
    """All of a signal's incidents logged on one day is said beside it."""
    same_day = [
        replace(one, facts=replace(one.facts, logged_on=TODAY))
        for one in (told(day) for day in range(0, 24, 2))
    ]
    (signal,) = find([*past(), *same_day]).signals
    assert signal.one_day == 12


def test_what_a_member_may_not_open_is_in_no_figure() -> None:
    """Hidden cases make no signal and stand behind none."""
    recent = [told(day) for day in range(0, 24, 2)]
    assert find([*past(), *recent], hidden=recent).signals == ()


def test_a_closed_account_neither_hides_an_open_one_nor_joins_two() -> None:
    """All twelve are accounts of one that is in a closed case: for who may not open it they are twelve."""
    closed = told(1)
    recent = [
        replace(one, facts=replace(one.facts, account_of=closed.id))
        for one in (told(day) for day in range(0, 24, 2))
    ]
    (signal,) = find([*past(), *recent, closed], hidden=[closed]).signals
    assert signal.seen == 12
    assert find([*past(), *recent, closed]).signals == ()


def test_what_was_found_is_kept_for_those_who_see_the_same() -> None:
    """While anything lies in the bin each member has their own; only the last few are kept at all."""
    day = [TODAY]

    def as_member(book: FactBook, number: int = 1) -> Found:
        context = World(book, frozenset({Role.CASEWORKER})).context
        context.runtime.today = lambda: day[0]  # type: ignore[method-assign]
        context.member_id = UUID(int=number)  # type: ignore[misc]
        return find_signals(context)

    one = told(1)
    book = book_of([one])
    assert as_member(book, 1) is as_member(book, 2)
    binned = replace(book, binned={UUID(int=5): BinnedCase(book.cases[one.case_id], (), ())})
    assert as_member(binned, 1) is as_member(binned, 1)
    assert as_member(binned, 1) is not as_member(binned, 2)
    for _ in range(30):
        day[0] += timedelta(days=1)
        as_member(book)
    assert len(book.worked_out[find_signals]) == 8


def test_each_member_finds_what_their_cases_say(founded: Founded) -> None:
    """A team's cases stand out for the team and the coordinator alone; an advocate asks in vain."""
    today = founded.runtime.today()
    for day in [*range(60, 500, 40), *range(0, 24, 2)]:
        draft = replace(
            incident_draft(people=(), team_only=day < 30), date=VagueDate.on(today - timedelta(days=day))
        )
        log_incident(founded.context(CASEWORKER), draft)
    for login, seen in ((CASEWORKER, 12), (COORDINATOR, 12), (COLLEAGUE, 0)):
        found = find_signals(founded.context(login))
        assert [signal.seen for signal in found.signals if signal.looked.days == 30] == [seen] * bool(seen), (
            login
        )
    with pytest.raises(Forbidden):
        find_signals(founded.context(ADVOCATE))
