"""A release is safe given all earlier ones: worked examples, and random ledgers attacked by brute force."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from casework.disclosure.ledger import searching
from casework.disclosure.ledger.auditing import Auditor
from casework.disclosure.ledger.entries import Entry
from casework.disclosure.ledger.history import History
from casework.disclosure.ledger.layouts import Category, Layout, Scale, scale_of
from casework.disclosure.ledger.needs import Needs
from casework.disclosure.ledger.protecting import parse_release, protect_release
from casework.disclosure.ledger.records import Records
from casework.disclosure.ledger.release import ProtectedRelease, Protection
from casework.disclosure.ledger.rules import Rules
from casework.errors import DisclosureRefused
from tests.disclosure.chronicle import Chronicle, TooManyHistories, ends
from tests.disclosure.leaks import SQUARE, TABLES, draw_tables, list_leaks
from tests.disclosure.ledgers import OPEN, crossed, publish, publish_chosen, records, release, shown

ROW = {"a": ("x", "y", "z")}
SMALL = Rules(k=3, for_release=False, most_hidden_percent=100)


def test_what_grows_by_two_is_hidden() -> None:
    """20 that becomes 22 tells of two people, though both are safe by themselves."""
    first, second = publish(ROW, [(20, 30, 40), (22, 37, 45)])
    assert None not in shown(first).values()
    assert shown(second)["x",] is None
    assert sum(value is None for value in shown(second).values()) > 1


def test_nothing_is_hidden_that_grew_enough() -> None:
    """By five or more, or not at all."""
    _first, second = publish(ROW, [(20, 30, 40), (25, 30, 60)])
    assert None not in shown(second).values()


def test_a_decrease_by_one_tells_of_one_who_withdrew() -> None:
    """Without growth too: 20 that becomes 19."""
    _first, second = publish(ROW, [(20, 30, 40), (19, 37, 45)])
    assert shown(second)["x",] is None
    assert not second.report.grows


def test_three_releases_do_not_isolate_one_case() -> None:
    """Hidden in the second, and the third gives neither what came before nor after."""
    made = publish(ROW, [(20, 30, 40), (21, 37, 47), (26, 44, 55)])
    assert shown(made[1])["x",] is None
    assert shown(made[2])["x",] is not None or shown(made[2])["total",] is None
    assert not list_leaks(publish(SQUARE, SMALL_HISTORY, SMALL), SMALL_HISTORY, 3, grows=True)


SMALL_HISTORY = [(3, 0, 4, 3), (4, 0, 4, 6), (4, 3, 5, 6)]


@pytest.mark.parametrize(("more", "is_safe"), [(3, False), (9, True)])
def test_a_release_that_lacks_an_axis_is_subtracted_all_the_same(more: int, is_safe: bool) -> None:
    """The second tells no places apart, and counts a further year: less the first, that year."""
    known = {"year": ("y1", "y2"), "place": ("n", "s")}
    tables = [Layout(axis, (scale_of(axis, codes),)) for axis, codes in known.items()]
    first = release(records(known, [12, 8, 30, 20]), tables)
    years = ("y0", "y1", "y2")
    total = Layout("total", (Scale("year", (Category("total", years),)),))
    counted = records({"year": years}, [more, 20, 50])
    made = release(counted, [total], [first.entry])
    assert shown(made) == {("total",): 79 if is_safe else None}
    assert made.report.grows  # nobody was lost: what the first does not say of places is no loss


LEVELS = {"level": ("city", "province", "country", "transit")}


def test_a_total_that_cannot_have_grown_is_not_hidden_as_if_it_might() -> None:
    """All 117 are known from another question: the one needs the twelve beside it, and not the total."""
    first = release(records({"a": ("x", "y")}, [60, 57]), [crossed("t", {"a": ("x", "y")})])
    made = release(records(LEVELS, [99, 12, 1, 5]), [crossed("t", LEVELS)], [first.entry])
    assert shown(made)["total",] == 117
    assert shown(made)["country",] is None


def test_a_further_question_does_not_raise_what_an_earlier_release_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Families of three in the big city; the fifteen incidents of three small ones are hidden."""
    known = {"city": tuple("tuvw")}
    cities = np.repeat(np.arange(4), [109, 3, 7, 5])
    cases = np.array([*np.repeat(range(36), 3), 36, 50, 50, 50, *range(60, 67), 70, 70, 71, 72, 73])
    first = release(Records("incidents", known, {"city": cities}, cases), [crossed("t", known)])
    assert [shown(first)[city,] for city in "tuvw"] == [109, None, None, None]
    levels = np.repeat(np.arange(4), [95, 10, 10, 9])
    second = Records("incidents", LEVELS, {"level": levels}, cases)
    assert shown(release(second, [crossed("t", LEVELS)], [first.entry]))["total",] == 124
    monkeypatch.setattr(History, "knows", lambda *_asked: True)
    with pytest.raises(DisclosureRefused):
        release(second, [crossed("t", LEVELS)], [first.entry])


def test_a_margin_of_another_table_counts() -> None:
    """The same total by another question: a hidden cell and its complement."""
    axes = {"a": ("x", "y"), "b": ("p", "q", "r")}
    counted = records(axes, [2, 9, 8, 9, 8, 7])
    tables = [crossed("both", axes), Layout("a alone", (scale_of("a", axes["a"]),))]
    made = release(counted, tables)
    cells, alone = shown(made), shown(made, 1)
    assert alone["x",] == cells["x", "total"]
    assert alone["y",] == cells["y", "total"]
    assert sum(value is None for (a, _b), value in cells.items() if a == "x") >= 2


OVERLAPPING = [
    Layout("one", (Scale("a", (Category("vw", ("v", "w")), Category("xy", ("x", "y")))),)),
    Layout("other", (Scale("a", (Category("vwx", ("v", "w", "x")), Category("y", ("y",)))),)),
]


def test_groupings_that_are_safe_one_by_one_are_protected_together() -> None:
    """{v, w} and {v, w, x} differ by x."""
    counted = records({"a": ("v", "w", "x", "y")}, [10, 10, 2, 30])
    made = release(counted, OVERLAPPING)
    assert None in [*shown(made).values(), *shown(made, 1).values()]
    for alone in OVERLAPPING:
        assert None not in shown(release(counted, [alone])).values()


def test_a_table_of_a_later_release_does_not_undo_an_earlier_one() -> None:
    """A row of the first release hides two cells; the second would publish one of them by another name."""
    axes = {"a": ("x", "y", "z", "w")}
    first = Layout("t", (scale_of("a", axes["a"]),))
    made = release(records(axes, [2, 7, 30, 40]), [first])
    hidden = [code for code in axes["a"] if shown(made)[code,] is None]
    assert len(hidden) == 2
    named = Layout("again", (Scale("a", (Category("another name", (hidden[1],)),)),))
    again = release(records(axes, [2, 7, 30, 40]), [named], [made.entry])
    assert shown(again)["another name",] is None


INSIDE = [(1, 2, 1, 3), (2, 3, 3, 5)]


@pytest.mark.parametrize("zeros", [True, False])
def test_an_insider_subtracts_what_is_their_own(zeros: bool) -> None:
    """Whoever is counted for the first time knows that somebody was, and in which cell."""
    made = publish(
        SQUARE, INSIDE, Rules(k=3, zeros_published=zeros, for_release=False, most_hidden_percent=100)
    )
    for insider in range(8):
        assert not list_leaks(made, INSIDE, 3, grows=True, insider=insider)


def test_without_the_check_an_insider_finds_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """From outside the same documents are safe."""
    monkeypatch.setattr(Auditor, "_rises_for_each", lambda *_args: True)
    monkeypatch.setattr(searching, "spare", lambda own, *_others: np.zeros_like(own))
    made = publish(SQUARE, INSIDE, SMALL)
    assert not list_leaks(made, INSIDE, 3, grows=True)
    assert any(list_leaks(made, INSIDE, 3, grows=True, insider=insider) for insider in range(8))


def test_a_group_all_of_one_outcome_is_not_told() -> None:
    """Everybody of x was detained: the zero beside it says so, and is hidden, or the release refused."""
    axes = {"group": ("x", "y"), "detained": ("yes", "no")}
    rules = Rules(most_hidden_percent=100, identifying=frozenset({"group"}), outcomes=frozenset({"detained"}))
    counted = records(axes, [12, 0, 20, 30])
    with pytest.raises(DisclosureRefused) as refused:
        release(counted, [crossed("t", axes)], rules=rules)
    assert refused.value.reason == "cannot_protect"
    hiding = replace(rules, zeros_published=False)
    cells = shown(release(counted, [crossed("t", axes)], rules=hiding))
    assert cells["x", "yes"] is None
    assert cells["x", "no"] is None
    assert shown(release(counted, [crossed("t", axes)], rules=OPEN))["x", "yes"] == 12


def test_a_family_is_one_case() -> None:
    """Nine people of one case are unsafe, and the interval has to reach further than any four cases could."""
    cases = [*[0] * 9, *range(1, 60)]
    rows = [*[0] * 9, *[1] * 25, *[2] * 34]
    counted = Records("people", ROW, {"a": np.array(rows)}, np.array(cases))
    cells = shown(release(counted, [crossed("t", ROW)]))
    assert cells["x",] is None


def test_months_of_a_year_and_their_total_hold_together() -> None:
    """Each month's own table, and the year so far: what is first counted late shows in the total alone."""
    months = ("m1", "m2")
    first_axes = {"month": ("m1",), "a": ROW["a"]}
    both = {"month": months, "a": ROW["a"]}

    def tables(month: str, so_far: tuple[str, ...]) -> list[Layout]:
        return [
            Layout("month", (Scale("month", (Category(month, (month,)),)), scale_of("a", ROW["a"]))),
            Layout("year", (Scale("month", (Category("year", so_far),)),)),
        ]

    first = release(records(first_axes, [10, 20, 30]), tables("m1", ("m1",)))
    on_time = release(records(both, [10, 20, 30, 9, 8, 7]), tables("m2", months), [first.entry])
    assert None not in [*shown(on_time).values(), *shown(on_time, 1).values()]
    late = release(records(both, [11, 20, 30, 9, 8, 7]), tables("m2", months), [first.entry])
    assert None in [*shown(late).values(), *shown(late, 1).values()]


def test_a_dimension_that_earlier_releases_did_not_have_is_no_obstacle() -> None:
    """The first release knows nothing of b."""
    first = release(records({"a": ("x", "y")}, [12, 30]), [crossed("t", {"a": ("x", "y")})])
    second = release(records(SQUARE, [7, 5, 20, 15]), [crossed("t", SQUARE)], [first.entry])
    assert shown(second)["total", "total"] in (47, None)


def test_a_threshold_that_is_raised_does_not_undo_what_left() -> None:
    """7 stood openly by the old one; by the new one it is hidden, and what grew from it by 6 too."""
    (first,) = publish(ROW, [(7, 30, 40)])
    second = release(
        records(ROW, [13, 50, 70]), [crossed("t", ROW)], [first.entry], Rules(k=10, most_hidden_percent=100)
    )
    assert shown(first)["x",] == 7
    assert shown(second)["x",] is None


def test_another_unit_is_refused() -> None:
    """Counts of people and of cases tell about each other what this engine does not know."""
    first = release(records(ROW, [20, 30, 40]), [crossed("t", ROW)])
    other = records(ROW, [20, 30, 40])
    people = Records("people", other.axes, other.columns, other.case_ids)
    with pytest.raises(DisclosureRefused) as refused:
        release(people, [crossed("t", ROW)], [first.entry])
    assert refused.value.reason == "unlike_units"


def test_a_ledger_that_was_tampered_with_is_refused() -> None:
    """The exact counts have to be those that were shown."""
    first = release(records(ROW, [20, 30, 40]), [crossed("t", ROW)])
    document = {**first.entry.document, "tables": []}
    with pytest.raises(DisclosureRefused):
        release(records(ROW, [20, 30, 40]), [crossed("t", ROW)], [Entry(document, first.entry.exact)])
    exact = {**first.entry.exact, "atoms": [["x", 21], ["y", 30], ["z", 40]]}
    with pytest.raises(DisclosureRefused):
        release(records(ROW, [20, 30, 40]), [crossed("t", ROW)], [Entry(first.entry.document, exact)])


def test_a_release_is_made_by_the_engine_alone() -> None:
    """Nobody else can make one; and what was stored is attacked again when it is read."""
    first, second = publish(ROW, [(20, 30, 40), (22, 37, 45)])
    with pytest.raises(TypeError):
        ProtectedRelease(first.release.told)
    earlier = [first.release.document()]
    assert parse_release(second.release.document(), earlier, time_limit_seconds=30) == second.release
    (only,) = publish(ROW, [(22, 37, 45)])
    with pytest.raises(DisclosureRefused) as refused:
        parse_release(only.release.document(), earlier, time_limit_seconds=30)
    assert refused.value.reason == "audit_failed"


def test_a_misspelt_axis_does_not_switch_a_check_off() -> None:
    """Nor does a threshold that is too low for a release pass for one."""
    rules = Rules(identifying=frozenset({"aa"}), outcomes=frozenset({"b"}))
    with pytest.raises(DisclosureRefused) as refused:
        release(records(SQUARE, [9, 9, 9, 9]), [crossed("t", SQUARE)], rules=rules)
    assert refused.value.reason == "unknown_option"
    (low,) = publish(SQUARE, [(4, 4, 4, 4)], SMALL)
    with pytest.raises(DisclosureRefused) as refused:
        parse_release(low.release.document(), [], time_limit_seconds=30)
    assert refused.value.reason == "threshold_too_low"


def test_the_clock_refuses() -> None:
    """No fallback publishes."""
    with pytest.raises(DisclosureRefused) as refused:
        protect_release(
            records(ROW, [2, 30, 40]), [crossed("t", ROW)], [], OPEN, time_limit_seconds=0.0000001
        )
    assert refused.value.reason == "time_limit"


def test_without_the_check_of_growth_a_decrease_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """4 that becomes 3, of which growth knows nothing."""
    truth = [(4, 4, 4, 4), (3, 4, 4, 8)]
    assert not list_leaks(publish(SQUARE, truth, SMALL), truth, 3, grows=False)
    monkeypatch.setattr(Needs, "_add_grown", lambda _self: None)
    assert list_leaks(publish(SQUARE, truth, SMALL), truth, 3, grows=False)


def test_without_the_check_of_what_no_line_gives_groupings_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two of x are in no cell by themselves."""
    axes = {"a": ("v", "w", "x", "y")}
    truth = [(4, 4, 2, 9)]
    assert not list_leaks(publish(axes, truth, SMALL, OVERLAPPING), truth, 3, grows=True)
    monkeypatch.setattr(Needs, "_add_unlisted", lambda _self: None)
    assert list_leaks(publish(axes, truth, SMALL, OVERLAPPING), truth, 3, grows=True)


def test_without_the_check_of_what_no_line_gives_tables_apart_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 9 in x and 8 in p, of 14, at least 3 are in both, and no more than 4 of the others in x."""
    truth = [(7, 2, 1, 4)]
    apart = [Layout("a", (scale_of("a", "xy"),)), Layout("b", (scale_of("b", "pq"),))]
    few = Rules(k=5, for_release=False, most_hidden_percent=100)
    assert not list_leaks(publish(SQUARE, truth, few, apart), truth, 5, grows=True)
    monkeypatch.setattr(Needs, "_add_unlisted", lambda _self: None)
    assert shown(publish(SQUARE, truth, few, apart)[0])["x",] == 9


def of_families(rows: str, cases: Sequence[int]) -> Records:
    """People in t, u, v, w, x, y or z, each with their case."""
    return Records(
        "people",
        {"a": tuple("tuvwxyz")},
        {"a": np.array(["tuvwxyz".index(one) for one in rows])},
        np.array(cases),
    )


def test_a_sum_that_follows_is_not_that_of_three_families(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve people without a cell of their own: a family of four in t, one in x and one in y."""
    sets = {"one": ("uvw", "z"), "other": ("vx", "wy", "tu")}
    layouts = [
        Layout(name, (Scale("a", tuple(Category(codes, tuple(codes)) for codes in listed)),))
        for name, listed in sets.items()
    ]
    rows = "u" * 9 + "v" * 9 + "w" * 9 + "t" * 4 + "x" * 4 + "y" * 4 + "z" * 12
    people = of_families(rows, [*range(27), *np.repeat((27, 28, 29), 4), *range(30, 42)])
    assert sum(table.hidden for table in release(people, layouts).report.tables)
    monkeypatch.setattr(searching, "find_known_sum", lambda *_asked: None)
    assert not sum(table.hidden for table in release(people, layouts).report.tables)


def test_tables_apart_hide_nothing_where_no_combination_can_be_told() -> None:
    """Cases of several incidents: nobody learns who of eleven is among seventeen, so both are shown."""
    draw = np.random.default_rng(4)
    year, place = np.repeat([0, 1], [11, 189]), np.repeat([0, 1, 0, 1], [1, 10, 16, 173])
    cases = np.concatenate([np.arange(11), draw.integers(11, 150, 189)])
    axes = {"year": ("one", "other"), "place": ("here", "there")}
    counted = Records("incidents", axes, {"year": year, "place": place}, cases)
    apart = [Layout(axis, (scale_of(axis, codes),)) for axis, codes in axes.items()]
    assert counted_twice(cases) > 1
    made = release(counted, apart)
    assert [table.hidden for table in made.report.tables] == [0, 0]


def counted_twice(cases: np.ndarray) -> int:
    """How many cases have more than one unit."""
    return int((np.bincount(cases) > 1).sum())


def test_big_cells_do_not_count_for_how_many_families_may_hold() -> None:
    """Two of a small group: the eight beside them shield them, though large families are in the big ones."""
    rows = "v" * 60 + "w" * 70 + "x" * 8 + "y" * 2
    cases = [*np.repeat(range(20), 3), *np.repeat(range(20, 34), 5), *range(40, 48), 48, 49]
    made = shown(release(of_families(rows, cases), [Layout("t", (scale_of("a", "tuvwxyz"),))]))
    assert [made[code,] for code in "vwxy"] == [60, 70, None, None]


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, ...]]:
    """Two or three releases of four cells that grow."""
    first = draw(st.lists(st.integers(0, 4), min_size=4, max_size=4))
    made = [tuple(first)]
    for _release in range(draw(st.integers(1, 2))):
        more = draw(st.lists(st.sampled_from([0, 0, 1, 2, 3]), min_size=4, max_size=4))
        made.append(tuple(before + added for before, added in zip(made[-1], more, strict=True)))
    return made


@given(histories(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_no_ledger_of_random_releases_yields_to_brute_force(
    truth: list[tuple[int, ...]], zeros: bool
) -> None:
    """Growing or not, from outside or as one who is counted in it."""
    rules = Rules(k=3, zeros_published=zeros, for_release=False, most_hidden_percent=100)
    made = publish_chosen(SQUARE, truth, [[TABLES["both"]]] * len(truth), rules)
    told = truth[: len(made)]
    try:
        for grows in (True, False) if made else ():
            assert not list_leaks(made, told, 3, grows=grows)
        for insider in np.flatnonzero(np.diff(np.array(told), axis=0, prepend=0)).tolist() if made else ():
            assert not list_leaks(made, told, 3, grows=True, insider=insider)
    except TooManyHistories:
        assume(False)


@given(histories())
@settings(max_examples=25, deadline=None)
def test_one_more_release_never_widens_an_interval(truth: list[tuple[int, ...]]) -> None:
    """Whoever holds more documents is not less sure; and what is true fits them all."""
    try:
        made = publish(SQUARE, truth, SMALL)
        documents = [each.release.document() for each in made]
        before = Chronicle(documents[:-1], grows=True, most=12)
        after = Chronicle(documents, grows=True, most=12)
        few, many = np.array(list(before.list_histories())), np.array(list(after.list_histories()))
    except (DisclosureRefused, TooManyHistories):
        assume(False)
    for _release, _labels, inside, _value, _least in before.cells:
        low, high = ends(few, inside)
        lower, higher = ends(many, inside)
        assert low <= lower <= higher <= high


@given(histories(), st.data(), st.booleans())
@settings(max_examples=30, deadline=None)
def test_no_ledger_of_different_tables_yields_to_brute_force(
    truth: list[tuple[int, ...]], data: st.DataObject, zeros: bool
) -> None:
    """Each release of other tables: margins here, the cross there, a part of it later."""
    rules = Rules(k=3, zeros_published=zeros, for_release=False, most_hidden_percent=100)
    made = publish_chosen(SQUARE, truth, draw_tables(data, len(truth), 3), rules)
    if not made:
        return
    try:
        leaks = {grows: list_leaks(made, truth[: len(made)], 3, grows=grows) for grows in (True, False)}
    except TooManyHistories:
        assume(False)
    assert leaks == {True: [], False: []}


PEOPLE = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6)), min_size=3, max_size=9)


@given(PEOPLE, PEOPLE)
@settings(max_examples=40, deadline=None)
def test_no_sum_that_is_known_belongs_to_few_families(
    first: list[tuple[int, int]], more: list[tuple[int, int]]
) -> None:
    """People of cases, several of whom may be of one: whatever is exact is of nobody or of k cases."""
    made: list[Protection] = []
    try:
        for people in (first, first + more):
            rows, cases = np.array(people).T
            counted = Records("people", ROW, {"a": rows}, cases)
            made.append(release(counted, [crossed("t", ROW)], [one.entry for one in made], SMALL))
        documents = [json.loads(json.dumps(one.release.document())) for one in made]
        chronicle = Chronicle(documents, grows=True, most=len(first) + len(more))
        listed = np.array(list(chronicle.list_histories()))
    except DisclosureRefused as refused:
        assert refused.reason in {"cannot_protect", "too_few_cases"}
        return
    except TooManyHistories:
        assume(False)
    families = [{case for row, case in people if row == at} for people in (first, more) for at in range(3)]
    for length in range(1, 7):
        for chosen in combinations(range(6), length):
            sums = listed[:, chosen].sum(axis=1)
            if sums.min() == sums.max():
                assert len(set.union(*(families[at] for at in chosen))) not in range(1, 3)
