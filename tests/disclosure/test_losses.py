"""What did not shrink stays shared between releases, whatever else was lost (ADR 32)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from casework.disclosure.ledger.documents import Told
from casework.disclosure.ledger.entries import Release
from casework.disclosure.ledger.history import trace
from casework.disclosure.ledger.layouts import Category, Layout, Scale, scale_of
from casework.disclosure.ledger.records import Counted, count_release
from casework.disclosure.ledger.release import Protection
from casework.disclosure.ledger.rules import Rules
from casework.disclosure.outsider.intervals import Outsider
from casework.disclosure.outsider.knowledge import know
from casework.disclosure.outsider.releases import always, claim_releases, never
from casework.disclosure.solver import Deadline
from casework.errors import DisclosureRefused
from tests.disclosure.chronicle import TooManyHistories
from tests.disclosure.leaks import SQUARE, TABLES, draw_tables, list_leaks
from tests.disclosure.ledgers import crossed, publish_chosen, records, release, shown

ROW = {"a": ("x", "y", "z")}
MONTHS = ("m0", "m1", "m2")
NOBODY = (0, 0, 0)


@pytest.mark.parametrize("lost", [0, 1])
def test_overlapping_periods_are_subtracted_though_somebody_was_lost_elsewhere(lost: int) -> None:
    """Three of x in the second month: both months less the first one, whoever of z withdrew."""
    first = release(records({"month": MONTHS[:2], "a": ROW["a"]}, [*NOBODY, 20, 30, 40]), [_months("m1")])
    counts = [*NOBODY, 20, 30, 40 - lost, 3, 17, 19]
    both = records({"month": MONTHS, "a": ROW["a"]}, counts)
    made = release(both, [_months("m1", "m2")], [first.entry])
    assert None not in shown(first).values()
    assert shown(made)["m1 and m2", "x"] is None
    assert made.report.grows == (lost == 0)


def test_a_period_that_ends_sooner_is_subtracted_where_nobody_came_since() -> None:
    """One of x in the last month: all months less the others, of which nothing changed since."""
    both = {"month": MONTHS, "a": ROW["a"]}
    counts = [8, 30, 20, 4, 25, 22, 1, 9, 12]
    first = release(records(both, counts), [_months(*MONTHS)])
    made = release(records(both, counts), [_months(*MONTHS[:2])], [first.entry])
    assert shown(first)["m0 and m1 and m2", "x"] == 13
    assert shown(made)["m0 and m1", "x"] is None
    assert shown(made)["m0 and m1", "y"] == 55 or shown(made)["m0 and m1", "z"] == 42


def test_a_release_of_others_in_between_is_no_shelter() -> None:
    """Four in y, then three of y and q, where nothing changed: one was in p, whatever came in between."""
    rules = Rules(k=3, for_release=False, most_hidden_percent=100)
    only = Layout("p", (Scale("b", (Category("p", ("p",)),)),))
    steps = [([3, 3, 1, 3], TABLES["a"]), ([4, 3, 5, 3], only), ([4, 6, 5, 3], TABLES["both"])]
    made: list[Protection] = []
    for counts, layout in steps:
        made.append(release(records(SQUARE, counts), [layout], [one.entry for one in made], rules))
    assert [shown(made[0])["y",], shown(made[1])["p",]] == [4, 9]
    assert shown(made[2])["y", "q"] is None
    assert not list_leaks(made, [counts for counts, _layout in steps], 3, grows=True)


@pytest.mark.parametrize(("more", "is_safe"), [(2, False), (9, True)])
def test_a_cell_is_the_same_whatever_its_release_calls_it(more: int, is_safe: bool) -> None:
    """January of a table by month; and all of a release that knows no other month."""
    first = release(
        records({"month": MONTHS[:2], "a": ROW["a"]}, [20, 30, 40, 10, 20, 30]),
        [Layout("t", (scale_of("month", MONTHS[:2]),))],
    )
    january = records({"month": MONTHS[:1], "a": ROW["a"]}, [19, 31 + more, 40])
    made = release(january, [Layout("t", (scale_of("a", ROW["a"]),))], [first.entry])
    assert shown(first)["m0",] == 90
    assert shown(made)["total",] == (90 + more if is_safe else None)


def test_a_further_question_is_subtracted_where_nothing_changed() -> None:
    """Nine in x, and a day later those of them in p: the other two are in no table."""
    first = release(records({"a": ("x", "y")}, [9, 17]), [crossed("t", {"a": ("x", "y")})])
    one = Layout("t", (scale_of("a", ("x", "y")), Scale("b", (Category("p", ("p",)),))))
    made = release(records(SQUARE, [7, 2, 10, 7]), [one], [first.entry])
    assert shown(first)["x",] == 9
    assert shown(made)["x", "p"] is None


def test_as_little_as_can_be_is_new() -> None:
    """Eleven in two months, then sixteen in three: five in the third, of whom two are no news later."""
    months = {"month": MONTHS, "a": ("x", "y")}
    known = records({"month": MONTHS[:2], "a": ("x", "y")}, [6, 7, 5, 5])
    made = [_open(count_release(known, [crossed("t", {"a": ("x", "y")})]))]
    made.append(_open(count_release(records({"a": ("x", "y")}, [16, 15]), [crossed("t", {"a": ("x", "y")})])))
    third = Layout("t", (Scale("month", (Category("m2", ("m2",)),)), scale_of("a", ("x", "y"))))
    made.append(_open(count_release(records(months, [6, 7, 5, 5, 7, 6]), [third])))
    traced = trace(made, Deadline(30))
    held = [traced.truth[traced.members[at]].sum() for at, _line in enumerate(traced.lines)]
    assert held == [line.value for line in traced.lines]
    new = traced.members[traced.release_of == 2].any(axis=0) & ~traced.members[traced.release_of < 2].any(
        axis=0
    )
    assert traced.truth[new].sum() == 5


def _months(*months: str) -> Layout:
    """Some months together, by row."""
    return Layout("t", (Scale("month", (Category(" and ".join(months), months),)), scale_of("a", ROW["a"])))


@st.composite
def losses(draw: st.DrawFn) -> list[tuple[int, ...]]:
    """Two or three releases of four cells that grow or shrink."""
    made = [tuple(draw(st.lists(st.integers(0, 5), min_size=4, max_size=4)))]
    for _release in range(draw(st.integers(1, 2))):
        more = draw(st.lists(st.sampled_from([0, 0, 1, 3, -1, -2]), min_size=4, max_size=4))
        made.append(tuple(max(0, before + added) for before, added in zip(made[-1], more, strict=True)))
    return made


@given(losses(), st.data(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_no_ledger_yields_what_did_not_shrink_though_some_of_it_did(
    truth: list[tuple[int, ...]], data: st.DataObject, zeros: bool
) -> None:
    """Whoever knows which combinations lost somebody, and subtracts the others."""
    rules = Rules(k=3, zeros_published=zeros, for_release=False, most_hidden_percent=100)
    made = publish_chosen(SQUARE, truth, draw_tables(data, len(truth), 2), rules)
    if not made:
        return
    try:
        leaks = {grows: list_leaks(made, truth[: len(made)], 3, grows=grows) for grows in (True, False)}
    except TooManyHistories:
        assume(False)
    assert leaks == {True: [], False: []}


AXES = {"a": ("x", "y"), "b": ("p", "q"), "c": ("s", "t")}
GROWTHS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 6), min_size=8, max_size=8), st.sets(st.sampled_from("abc"), min_size=1)
    ),
    min_size=2,
    max_size=4,
)


@given(GROWTHS)
@settings(max_examples=80, deadline=None)
def test_whatever_axes_releases_know_nothing_was_lost_that_was_not(
    growths: list[tuple[list[int], set[str]]],
) -> None:
    """Each release adds, and is of some of the axes: there is a history without a loss, and it is found."""
    counts, made = np.zeros((2, 2, 2), dtype=np.int64), []
    for more, named in growths:
        counts = counts + np.array(more).reshape(2, 2, 2)
        known = {axis: codes for axis, codes in AXES.items() if axis in named}
        summed = counts.sum(axis=tuple(at for at, axis in enumerate(AXES) if axis not in named))
        counted = count_release(records(known, summed), [crossed("t", known)])
        made.append(_open(counted))
    traced = trace(made, Deadline(30))
    assert not traced.changes.restarts.any()
    assert traced.exact.tolist() == [line.value for line in traced.lines]


def test_where_two_releases_do_not_agree_it_is_a_guess() -> None:
    """Five of p are x before, and y after: what a release between them had that did not ask is not known."""
    first, last = (records(SQUARE, counts) for counts in ([5, 9, 0, 9], [0, 9, 5, 9]))
    between = {"b": SQUARE["b"]}
    made = [_open(count_release(first, [crossed("t", SQUARE)]))]
    assert not trace(made, Deadline(30)).guessed.any()
    made.append(_open(count_release(records(between, [5, 18]), [crossed("t", between)])))
    assert not trace(made, Deadline(30)).guessed.any()
    made.append(_open(count_release(last, [crossed("t", SQUARE)])))
    assert trace(made, Deadline(30)).guessed.any()


def _open(counted: Counted) -> Release:
    """A release that shows everything."""
    values = tuple(tuple(tally.units.tolist()) for tally in counted.tallies)
    told = Told(counted.unit, 3, True, counted.axes, counted.layouts, values)
    cases = tuple(tuple(tally.cases.tolist()) for tally in counted.tallies)
    return Release(told, counted.atoms, cases, counted.largest(3), counted.largest(2), counted.holders)


def test_how_far_a_difference_goes_is_asked_where_nothing_bounds_one_side() -> None:
    """Of y no number was told at all, so that five less it may be anything up to four."""
    told = _open(count_release(records({"a": ("x", "y")}, [5, 9]), [TABLES["a"]])).told
    told = replace(told, values=((5, None, None),))
    outsider = Outsider(know(claim_releases([told], always), zeros_published=True), Deadline(30))
    difference = outsider.knowledge.quantities[0].astype(float) - outsider.knowledge.quantities[1]
    assert outsider.farthest(difference, 9) == 4
    assert outsider.farthest(-difference, 90) == 90


def test_what_would_mislead_who_relies_on_growth_is_hidden_otherwise() -> None:
    """The first pattern tells who takes nobody for lost of a small number, a wrong one; another does not."""
    rules = Rules(k=3, zeros_published=False, for_release=False, most_hidden_percent=100)
    axes = {"month": MONTHS[:2], "a": SQUARE["a"]}
    by_month, by_a = scale_of("month", axes["month"]), scale_of("a", axes["a"])
    second = Layout("second", (Scale("month", (Category("m1", ("m1",)),)), by_a))
    both = Layout("both", (Scale("month", (Category("m0 and m1", axes["month"]),)), by_a))
    first = release(records(axes, [8, 3, 6, 1]), [Layout("t", (by_month,)), second], (), rules)
    made = release(records(axes, [10, 2, 6, 0]), [both, Layout("t", (by_month, by_a))], [first.entry], rules)
    assert shown(made)["m0 and m1", "x"] in (16, None)


@given(losses(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_where_nobody_can_be_is_found_of_all_at_once(truth: list[tuple[int, ...]], shares: bool) -> None:
    """As it is of each by itself."""
    told = []
    for number, counts in enumerate(truth):
        part = crossed("t", SQUARE) if number % 2 else Layout("t", (scale_of("b", SQUARE["b"]),))
        told.append(_open(count_release(records(SQUARE, counts), [part])).told)
    claims = claim_releases(told, never if shares else always)
    try:
        outsider = Outsider(know(claims, zeros_published=True), Deadline(30))
    except DisclosureRefused as refused:
        assert (refused.reason, shares) == ("inconsistent", True)
        return
    size = len(outsider.knowledge.lower)
    found = outsider.always_zero(np.ones(size, dtype=np.bool_))
    assert found.tolist() == [outsider.bounds(one).high == 0 for one in np.eye(size)]
