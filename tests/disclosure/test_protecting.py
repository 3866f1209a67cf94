"""Protected files stand up to an attacker that was written apart; the audit refuses what does not."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.disclosure.frequency import protecting
from casework.disclosure.frequency.files import FrequencyTable, read_frequencies, write_frequencies
from casework.disclosure.frequency.model import Policy, link_frequencies
from casework.disclosure.frequency.protecting import Protected, protect_frequencies, round_frequencies
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.outsider.knowledge import know
from casework.disclosure.outsider.proposals import span
from casework.disclosure.outsider.reading import read_claims
from casework.disclosure.solver import Deadline
from casework.disclosure.suppress import Suppression, suppress_least
from casework.errors import DisclosureRefused
from tests.disclosure.auditor import World, list_combinations, write_table

Nested = list[tuple[str, str]]
SECONDS = 60.0
Z2 = [("region", "fylke"), ("region", "kostragr")]


def protect(
    text: str, k: int = 5, nested: Nested | None = None, *, zeros: bool = True, seconds: float = SECONDS
) -> Protected:
    table = read_frequencies(text, "count", nested or [])
    return protect_frequencies(table, nested or [], Policy(k, zeros), seconds)


@pytest.mark.parametrize(
    ("file", "nested", "k", "cost"), [("z1.csv", [], 4, 29), ("z2.csv", Z2, 4, 298), ("z2.csv", Z2, 5, 458)]
)
def test_the_known_optima_are_found_and_proven(
    file: str, nested: Nested, k: int, cost: int, data_dir: Path
) -> None:
    """Of the two tables of Statistics Norway, as two other solvers proved them."""
    table = read_frequencies((data_dir / file).read_text("utf-8"), "ant", nested)
    report = protect_frequencies(table, nested, Policy(k, True), SECONDS).report
    assert (report.objective, report.bound, report.audit) == (cost, cost, "passed")


@st.composite
def tables(draw: st.DrawFn, most: int) -> tuple[str, Nested]:
    """Files of two to four columns with few codes, often zeros and ties, sometimes with groupings."""
    sizes = draw(st.sampled_from([(2, 3), (3, 4), (4, 3), (2, 2, 3), (3, 2, 2), (2, 2, 2, 2)]))
    combinations = list_combinations(*sizes)
    counts = draw(
        st.lists(
            st.one_of(st.integers(0, 3), st.integers(0, most)),
            min_size=len(combinations),
            max_size=len(combinations),
        )
    )
    groupings = draw(st.sampled_from([(), ("half",), ("half", "pair"), ("half", "other")]))
    columns = [*(chr(97 + axis) for axis in range(len(sizes))), *groupings]
    rows = {}
    for codes, count in zip(combinations, counts, strict=True):
        first, second = int(codes[0][1:]), int(codes[1][1:])
        groups = {"half": f"h{first // 2}", "pair": f"p{first % 2}", "other": f"o{second // 2}"}
        rows[(*codes, *(groups[name] for name in groupings))] = count
    return write_table(columns, rows), [("b" if name == "other" else "a", name) for name in groupings]


@given(tables(most=9), st.integers(2, 5), st.booleans())
@settings(max_examples=40, deadline=None)
def test_no_protected_table_yields_to_another_attacker(
    drawn: tuple[str, Nested], k: int, zeros: bool
) -> None:
    """Integer programs over single combinations find no hidden count that is exact, or known to be small."""
    text, nested = drawn
    try:
        made = protect(text, k, nested, zeros=zeros, seconds=1)
    except DisclosureRefused as refused:
        assert refused.reason in {"cannot_protect", "too_few_cases", "empty", "time_limit"}
        return
    world = World(made.text, nested, zeros_published=zeros)
    truth = true_counts(text, nested, world)
    for at, (low, high) in world.program_ends(most=10 * sum(truth.values()) + k).items():
        assert low < high
        assert not (1 <= low and high < k)
        if 1 <= truth[at] < k:
            assert high >= k
    for at, (_codes, count) in enumerate(world.lines):
        assert count == "" or (int(count) == truth[at] and not 1 <= truth[at] < k)
        assert count or not zeros or truth[at] > 0


@given(st.lists(st.integers(0, 6), min_size=6, max_size=6), st.integers(2, 3))
@settings(max_examples=20, deadline=None)
def test_no_pattern_is_cheaper_than_the_proven_optimum(counts: list[int], k: int) -> None:
    """Of a 2 × 3 table every pattern is tried, each judged by listing all tables that fit it."""
    combinations = list_combinations(2, 3)
    text = write_table(["a", "b"], dict(zip(combinations, counts, strict=True)))
    table = read_frequencies(text, "count", [])
    try:
        report = protect(text, k).report
    except DisclosureRefused as refused:
        assert refused.reason in {"cannot_protect", "too_few_cases", "empty"}
        return
    assert report.bound == report.objective
    assert report.objective == cheapest(table, k)


def test_a_cell_of_three_columns_may_have_to_move_further_than_the_one_it_shields() -> None:
    """Within one threshold of the truth the least cost is 120; an attacker knows no such bound."""
    counts = [1, 0, 2, 2, 1, 2, 1, 1, 1, 1, 0, 5, 1, 1, 0, 3, 5, 0]
    rows = dict(zip(list_combinations(2, 3, 3), counts, strict=True))
    report = protect(write_table(["a", "b", "c"], rows)).report
    assert (report.objective, report.bound) == (117, 117)


def test_a_combination_without_a_line_shields_nothing() -> None:
    """Everybody may know that nobody can be there: its zero is shown, though written ones may be hidden."""
    counts = [[0, 5, 7, 6], [6, 1, 1, 2], [1, 10, 8, 10]]
    every: dict[tuple[str, ...], int] = {
        (f"a{row}", f"b{at}"): counts[row][at] for row in range(3) for at in range(4)
    }
    written = {codes: count for codes, count in every.items() if count}
    assert "a0,b0,\n" in protect(write_table(["a", "b"], every), zeros=False).text
    made = protect(write_table(["a", "b"], written), zeros=False)
    assert "a0,b0,0\n" in made.text
    for low, high in World(made.text, [], zeros_published=False).program_ends(most=999).values():
        assert low < high


@given(st.permutations(range(4)), st.permutations(range(3)))
@settings(max_examples=5, deadline=None)
def test_the_optimum_does_not_depend_on_the_order_of_codes(rows: list[int], columns: list[int]) -> None:
    """Lines in another order give another file of the same cost."""
    counts = np.array([[1, 8, 12], [9, 2, 20], [14, 17, 3], [30, 11, 6]])
    combinations: dict[tuple[str, ...], int] = {
        (f"a{row}", f"b{column}"): int(counts[row, column]) for row in rows for column in columns
    }
    report = protect(write_table(["a", "b"], combinations)).report
    assert (report.objective, report.bound) == (43, 43)


def test_the_audit_refuses_a_pattern_that_gives_something_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the search fails to shield what it hides, nothing is written."""

    def careless(cells: LinkedCells, deadline: Deadline) -> Suppression:
        found = suppress_least(cells, deadline)
        return dataclasses.replace(found, hidden=cells.primary)

    monkeypatch.setattr(protecting, "suppress_least", careless)
    with pytest.raises(DisclosureRefused) as refused:
        protect("a,b,count\nx,p,2\nx,q,20\ny,p,12\ny,q,9\n")
    assert refused.value.reason == "audit_failed"


@pytest.mark.parametrize("shown", [0, 1])
def test_the_audit_refuses_a_shown_small_count(shown: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A count below the threshold never leaves, nor one that is not the true one."""

    def careless(table: FrequencyTable, hidden: Any, values: Any) -> str:
        text = real(table, hidden, values)
        pair = ("x,p,\n", "x,p,2\n") if shown else ("Total,Total,43", "Total,Total,44")
        return text.replace(*pair)

    real = write_frequencies
    monkeypatch.setattr(protecting, "write_frequencies", careless)
    with pytest.raises(DisclosureRefused) as refused:
        protect("a,b,count\nx,p,2\nx,q,20\ny,p,12\ny,q,9\n")
    assert refused.value.reason in {"audit_failed", "inconsistent"}


@pytest.mark.parametrize(
    ("text", "k", "reason"),
    [
        ("a,count\nx,0\n", 5, "empty"),
        ("a,count\nx,2\ny,1\n", 5, "too_few_cases"),
        ("a,count\nx,2\ny,9\n", 1, "threshold_too_low"),
    ],
)
def test_what_cannot_be_protected_is_refused(text: str, k: int, reason: str) -> None:
    """With a reason."""
    with pytest.raises(DisclosureRefused) as refused:
        protect(text, k)
    assert refused.value.reason == reason


def test_too_little_time_is_a_refusal() -> None:
    """Never a table that was not finished."""
    rows = {codes: 1 + hash_of(codes) % 40 for codes in list_combinations(12, 12, 6)}
    table = read_frequencies(write_table(["a", "b", "c"], rows), "count", [])
    with pytest.raises(DisclosureRefused) as refused:
        protect_frequencies(table, [], Policy(5, True), 0.05)
    assert refused.value.reason == "time_limit"


def test_a_proposal_that_does_not_agree_with_the_file_shows_nothing() -> None:
    """The audit believes no table of the search: one that breaks a sum, or a shown count, spans nothing."""
    table = read_frequencies("a,b,count\nx,p,2\nx,q,20\ny,p,12\ny,q,9\n", "count", [])
    made = protect_frequencies(table, [], Policy(5, True), SECONDS)
    knowledge = know(read_claims([made.text], "count", []), zeros_published=True)
    truth = np.array([2, 20, 22, 12, 9, 21, 14, 29, 43])
    turned = np.array([3, 19, 22, 11, 10, 21, 14, 29, 43])
    liar = turned + np.array([5, 0, 0, 0, 0, 0, 0, 0, 0])
    negative = truth + np.array([-2, 2, 0, 2, -2, 0, 0, 0, 0])
    assert span(knowledge, np.array([liar, negative])).most.tolist() == [-1] * 9
    spans = span(knowledge, np.array([truth, turned, liar, negative]))
    assert spans.least.tolist() == [2, 19, 22, 11, 9, 21, 14, 29, 43]
    assert spans.most.tolist() == [3, 20, 22, 12, 10, 21, 14, 29, 43]


@given(tables(most=30))
@settings(max_examples=40, deadline=None)
def test_rounded_tables_add_up_and_give_nothing_away(drawn: tuple[str, Nested]) -> None:
    """Every count is a multiple of five next to the true one, and all sums hold."""
    text, nested = drawn
    table = read_frequencies(text, "count", nested)
    try:
        made = round_frequencies(table, nested, Policy(5, True), 5, SECONDS)
    except DisclosureRefused as refused:
        assert refused.reason in {"cannot_round", "empty", "too_few_cases", "audit_failed"}
        return
    world = World(made.text, nested, zeros_published=True)
    truth = true_counts(text, nested, world)
    details = [int(next(count for codes, count in world.lines if codes == one)) for one in world.details]
    for at, (_codes, count) in enumerate(world.lines):
        assert int(count) % 5 == 0
        assert abs(int(count) - truth[at]) < 5
        assert int(count) == sum(details[one] for one in world.members[at])


def true_counts(text: str, nested: Nested, world: World) -> dict[int, int]:
    """The true count of each line of a protected file, from the file it was made of."""
    before = World(text, nested, zeros_published=False)
    at = [world.columns.index(name) for name in before.columns]
    counts = {codes: int(count) for codes, count in before.lines}
    details = [counts[tuple(detail[place] for place in at)] for detail in world.details]
    return {line: sum(details[one] for one in members) for line, members in enumerate(world.members)}


def cheapest(table: FrequencyTable, k: int) -> int:
    """The cost of the cheapest pattern of a small table by trying all, each against every table that fits."""
    cells = table.crossing.sum_up(table.details)
    model = link_frequencies(table, Policy(k, True))
    best = None
    for bits in range(2 ** len(model.candidates)):
        hidden = model.primary.copy()
        hidden[[column for at, column in enumerate(model.candidates) if bits >> at & 1]] = True
        cost = int(model.values[hidden & ~model.primary].sum())
        if best is None or cost < best:
            text = write_frequencies(table, hidden.reshape(cells.shape), cells)
            if is_safe(World(text, [], zeros_published=True), table, model.needs, k):
                best = cost
    assert best is not None
    return best


def is_safe(world: World, table: FrequencyTable, needs: tuple[tuple[int, int, int], ...], k: int) -> bool:
    """Whether every unsafe count reaches from its floor to the threshold; 99 stands for no upper end."""
    shape = table.crossing.shape
    line_of = {int(np.ravel_multi_index(place, shape)): at for at, (_n, place) in enumerate(table.lines())}
    ends = world.program_ends(most=99)
    return all(
        ends[line_of[column]][0] <= least and ends[line_of[column]][1] >= far for column, least, far in needs
    ) and all(low < high for low, high in ends.values())


def hash_of(codes: tuple[str, ...]) -> int:
    """A number from codes that is the same in every run."""
    return sum(int(code[1:]) * factor for code, factor in zip(codes, (7, 11, 13), strict=True))
