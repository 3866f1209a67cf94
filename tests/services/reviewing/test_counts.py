"""Each number of the board, and each proposal, is what another engine finds in the opened records."""

# ruff: noqa: E501, S608 - a query is read as a whole; they hold codes and numbers that these tests made

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.coded import FIELDS
from casework.domain.pattern import PatternDefinition
from casework.domain.period import Period
from casework.domain.permissions import Role
from casework.domain.rules import RULE_FIELDS, Condition, Rule
from casework.domain.vocabulary import code_list
from casework.errors import Forbidden
from casework.services.exploring.asking import ask
from casework.services.exploring.questions import Question
from casework.services.patterns import PatternView
from casework.services.reviewing.board import NEWEST, QUARTERS, list_quarters, read_board
from casework.services.reviewing.waiting import find_place, list_waiting
from tests.services.exploring.duck import Duck
from tests.services.exploring.worlds import PATTERNS, World, few, make_book, worlds

TODAYS = (date(2025, 6, 30), date(2025, 7, 1), date(2025, 9, 30), date(2026, 2, 3), date(2026, 11, 26))
_CARRIED = "FROM told JOIN pattern ON pattern.incident = told.id JOIN incident USING (id) WHERE told.id = main AND code = '{code}'"
_GROUPS = {
    "contact_group": ("contact_type", "contact_group"),
    "police_level": ("police_service", "police_level"),
    "cbsa_outcomes": ("cbsa_actions", "cbsa_outcome"),
}


def _one(duck: Duck, query: str) -> int:
    return int(duck.ask(query)[0][0])


def _expect_quarters(duck: Duck, code: str, today: date) -> list[tuple[int, int]]:
    """Count by quarter what lies in it for certain, and what may; the oldest first."""
    quarters = (
        f"SELECT unnest(generate_series(date_trunc('quarter', DATE '{today}') - INTERVAL 33 MONTH, "
        f"date_trunc('quarter', DATE '{today}'), INTERVAL 3 MONTH))::DATE AS begins"
    )
    end = "(begins + INTERVAL 3 MONTH - INTERVAL 1 DAY)::DATE"
    sure = f"coalesce(first >= begins AND last <= {end}, false)"
    query = (
        f"SELECT count(*) FILTER ({sure}), "
        f"count(*) FILTER (last >= begins AND first <= {end} AND NOT {sure}) "
        f"FROM ({quarters}) q LEFT JOIN (SELECT first, last {_CARRIED.format(code=code)}) c ON true "
        "GROUP BY begins ORDER BY begins"
    )
    return [(sure, perhaps) for sure, perhaps in duck.ask(query)]


@settings(deadline=None, max_examples=20)
@given(world=worlds(), today=st.sampled_from(TODAYS))
def test_every_number_of_the_board_is_that_of_another_engine(world: World, today: date) -> None:
    """Quarters, what may lie in them, what has no date, all together, and the newest, of each pattern."""
    duck, context = Duck(world), world.context
    context.runtime.today = lambda: today  # type: ignore[method-assign]
    board = read_board(context)
    assert len(board.quarters) == QUARTERS
    for pattern in PATTERNS:
        tally, carried = board.tally(pattern), _CARRIED.format(code=pattern.hex)
        expected = _expect_quarters(duck, pattern.hex, today)
        assert tally.counts == [sure for sure, _perhaps in expected]
        assert (tally.this_quarter, tally.last_quarter) == (expected[-1][0], expected[-2][0])
        assert tally.perhaps == [expected[-1][1], expected[-2][1]]
        assert tally.undated == _one(duck, f"SELECT count(*) {carried} AND first IS NULL")
        assert tally.total == _one(duck, f"SELECT count(*) {carried}")
        newest = duck.ask(
            f"SELECT id {carried} ORDER BY first DESC NULLS LAST, last DESC, incident.logged DESC, id DESC LIMIT {NEWEST}"
        )
        assert [one.id.int for one in tally.newest] == [row[0] for row in newest]
        assert all(one.case_id in board.references for one in tally.newest)


@settings(deadline=None, max_examples=20)
@given(world=worlds(), today=st.sampled_from(TODAYS))
def test_the_explorer_that_a_number_leads_to_has_the_same_one(world: World, today: date) -> None:
    """Behind each figure stand so many incidents."""
    context = world.context
    context.runtime.today = lambda: today  # type: ignore[method-assign]
    board = read_board(context)
    for pattern in PATTERNS:
        tally, filters = board.tally(pattern), {"patterns": (pattern.hex,)}
        assert ask(context, Question(filters=filters)).total == tally.total
        for period, count in (
            (board.this_quarter, tally.this_quarter),
            (board.last_quarter, tally.last_quarter),
        ):
            question = Question(filters=filters, first=period.first_day, last=period.last_day)
            assert ask(context, question).total == count


def test_the_quarters_of_the_board_end_with_that_of_today() -> None:
    """Also over the turn of a year; the last day of a quarter still belongs to it."""
    for today, last in (
        (date(2026, 1, 1), (2026, 1)),
        (date(2026, 3, 31), (2026, 1)),
        (date(2025, 12, 31), (2025, 4)),
    ):
        quarters = list_quarters(today)
        assert quarters[-1] == last
        assert quarters == Period(quarters[0], last).quarters()
        assert len(quarters) == QUARTERS


@st.composite
def _conditions(draw: st.DrawFn) -> Condition:
    field = draw(st.sampled_from(sorted(RULE_FIELDS)))
    listed = few(FIELDS[field]) if field in FIELDS else code_list(RULE_FIELDS[field]).codes
    codes = st.lists(st.sampled_from(listed), unique=True, max_size=3).map(tuple)
    any_of, none_of = draw(codes), draw(codes)
    return Condition(field, any_of or (() if none_of else listed[:1]), none_of)


@st.composite
def _patterns(draw: st.DrawFn) -> list[PatternView]:
    """Draw the two patterns of the worlds; one without a rule, and a retired one, propose nothing."""
    views = []
    for pattern in PATTERNS:
        rule = tuple(draw(st.lists(_conditions(), max_size=2)))
        status = draw(st.sampled_from(("active", "active", "retired")))
        definition = PatternDefinition(name_en=pattern.hex, status=status, rule=rule)
        views.append(PatternView(pattern, 1, definition))
    return views


def _expect_proposed(duck: Duck, code: str, rule: Rule) -> set[int]:
    """Find by SQL for which open accounts a rule holds of which nobody has decided."""
    wanted = [
        "id IN (SELECT id FROM known WHERE listed)",
        *(
            f"id NOT IN (SELECT incident FROM {table} WHERE code = '{code}')"
            for table in ("pattern", "rejected")
        ),
    ]
    for condition in rule:
        if condition.field in _GROUPS:
            field, group = _GROUPS[condition.field]
            given = f"SELECT answer.incident, groups.code FROM answer JOIN groups ON groups.name = '{group}' AND fine = answer.code WHERE field = '{field}'"
        elif condition.field == "roles":
            given = "SELECT incident, code FROM part_role"
        else:
            given = f"SELECT incident, code FROM answer WHERE field = '{condition.field}'"
        for negation, codes in (("", condition.any_of), ("NOT ", condition.none_of)):
            if codes:
                listed = ", ".join(f"'{one}'" for one in codes)
                wanted.append(f"id {negation}IN (SELECT incident FROM ({given}) WHERE code IN ({listed}))")
    return {row[0] for row in duck.ask(f"SELECT id FROM incident WHERE {' AND '.join(wanted)}")}


@settings(deadline=None, max_examples=30)
@given(world=worlds(), views=_patterns())
def test_what_waits_is_what_another_engine_finds(world: World, views: list[PatternView]) -> None:
    """Every account that the member may open, of each pattern in use whose rule holds; newest first."""
    duck, context = Duck(world), world.context
    waiting = list_waiting(context, views)
    for view in views:
        active = view.definition.rule and view.definition.status == "active"
        expected = _expect_proposed(duck, view.id.hex, view.definition.rule) if active else set()
        assert {one.incident.id.int for one in waiting if one.pattern.id == view.id} == expected
        assert [one for one in waiting if one.pattern.id == view.id] == list_waiting(context, views, view.id)
    assert len({(one.incident.id, one.pattern.id) for one in waiting}) == len(waiting)
    order = [str(one.id) for one in world.book.incidents_by_date]
    assert [order.index(str(one.incident.id)) for one in waiting] == sorted(
        order.index(str(one.incident.id)) for one in waiting
    )
    for one in waiting:
        assert find_place(context, views, one.incident.id, one.pattern.id) == one.place


@settings(deadline=None, max_examples=20)
@given(world=worlds(), other=worlds(), views=_patterns(), others=_patterns())
def test_what_is_carried_from_one_snapshot_to_the_next_is_the_same(
    world: World, other: World, views: list[PatternView], others: list[PatternView]
) -> None:
    """After records changed, came and went, as if it were worked out from nothing; under other rules too."""
    list_waiting(world.context, views)
    list_waiting(world.context, others)
    book = make_book([*other.book.cases.values()], [], [*other.book.incidents.values()])
    following = make_book([*other.book.cases.values()], [], [*other.book.incidents.values()])
    object.__setattr__(following, "carried", world.book.carried)
    fresh, carried = World(book, world.roles), World(following, world.roles)
    for rules in (views, others):
        assert list_waiting(carried.context, rules) == list_waiting(fresh.context, rules)


def test_who_opens_no_cases_sees_no_board() -> None:
    """Advocates get protected tables alone."""
    world = World(make_book([], [], []), frozenset({Role.ADVOCATE}))
    for ask_for in (read_board, lambda context: list_waiting(context, [])):
        with pytest.raises(Forbidden):
            ask_for(world.context)
