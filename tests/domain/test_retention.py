"""Rules of retention: never early, never on hold, whatever the calendar."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.case import CLOSED, OPEN, CaseFacts
from casework.domain.retention import RetentionRules, add_months
from casework.errors import Invalid

NOBODY = UUID(int=1)
days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
months = st.integers(6, 240)
cases = st.builds(
    CaseFacts,
    reference=st.just("2026-K7QX"),
    status=st.sampled_from((OPEN, CLOSED)),
    opened_on=days,
    opened_by=st.just(NOBODY),
    responsible=st.just(NOBODY),
    touched_on=days,
    hold_since=st.none() | days,
    announced_on=st.none() | days,
)
rules = st.builds(
    RetentionRules,
    months=st.none() | months,
    closed_only=st.booleans(),
    grace_days=st.integers(7, 365),
    since=days,
)


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [("2026-01-31", 1, "2026-03-01"), ("2024-02-29", 12, "2025-03-01"), ("2024-02-29", 48, "2028-02-29"),
     ("2026-08-31", 6, "2027-03-01"), ("2026-12-31", 6, "2027-07-01"), ("2026-06-30", 6, "2026-12-30"),
     ("2026-10-31", 1, "2026-12-01"), ("2026-01-01", 240, "2046-01-01")],
)  # fmt: skip
def test_months_end_where_there_is_no_such_day(day: str, count: int, later: str) -> None:
    """A month that lacks the day is over on the first of the next one, never before."""
    assert add_months(date.fromisoformat(day), count) == date.fromisoformat(later)


@given(days, st.integers(1, 240))
def test_a_month_is_never_cut_short(day: date, count: int) -> None:
    """So many calendar months lie between; the day is the same, or the first where there is none."""
    later = add_months(day, count)
    passed = (later.year - day.year) * 12 + later.month - day.month
    if later.day == day.day:
        assert passed == count
    else:
        assert (later.day, passed) == (1, count + 1)
        end = later - timedelta(days=1)
        assert day.day > monthrange(end.year, end.month)[1]


@given(rules, cases)
def test_nothing_goes_early_or_on_hold(rules: RetentionRules, case: CaseFacts) -> None:
    """A case goes only by a rule, off hold, after the months and after the days of grace since both."""
    due_on, goes_on = rules.due_on(case), rules.goes_on(case)
    assert (goes_on is not None) == rules.is_announced(case)
    if rules.months is None or case.hold_since or (rules.closed_only and case.status == OPEN):
        assert goes_on is None
        return
    assert due_on is not None
    if goes_on is not None:
        assert case.announced_on is not None and case.announced_on >= due_on
        assert goes_on - case.announced_on == timedelta(days=rules.grace_days)
        assert rules.goes_after(case, due_on, date.max) == goes_on
    assert due_on >= add_months(case.touched_on, rules.months)
    assert due_on >= rules.since


@given(rules, cases, st.integers(0, 4000))
def test_new_content_never_hastens_the_end(rules: RetentionRules, case: CaseFacts, more: int) -> None:
    """Whoever adds something later, or decides on a rule later, never brings the day forward."""
    goes_on = rules.goes_on(case)
    if goes_on is not None:
        touched = replace(case, touched_on=case.touched_on + timedelta(days=more))
        assert (rules.goes_on(touched) or date.max) >= goes_on
        decided = replace(rules, since=rules.since + timedelta(days=more))
        assert (decided.goes_on(case) or date.max) >= goes_on


@given(rules, cases, days)
def test_what_nobody_could_see_does_not_go(rules: RetentionRules, case: CaseFacts, today: date) -> None:
    """An announcement from before a case was due is none; its days are counted from today at the earliest."""
    due_on = rules.due_on(case)
    unseen = replace(case, announced_on=due_on - timedelta(days=1) if due_on else None)
    assert rules.goes_on(unseen) is None
    if due_on is not None:
        assert rules.goes_after(unseen, due_on, today) >= today + timedelta(days=rules.grace_days)


@given(rules)
def test_the_sealed_form_reads_back(rules: RetentionRules) -> None:
    """What is sealed is what was decided."""
    assert RetentionRules.from_document(rules.to_document()) == rules


@pytest.mark.parametrize(
    "change",
    [{"schema": 2}, {"months": 5}, {"months": 241}, {"months": True}, {"closed_only": 2}, {"grace_days": 6},
     {"grace_days": None}, {"since": None}, {"more": 1}],
)  # fmt: skip
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused."""
    kept = RetentionRules(months=6, since=date(2026, 11, 25)).to_document()
    with pytest.raises(Invalid):
        RetentionRules.from_document(kept | change)
