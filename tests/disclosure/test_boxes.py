"""Boxes: each is a table of whole numbers that an attacker could believe in; late searches rest on them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.disclosure import suppress
from casework.disclosure.frequency.files import read_frequencies
from casework.disclosure.frequency.model import Policy, link_frequencies
from casework.disclosure.frequency.protecting import protect_frequencies
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.search.boxes import Boxes
from tests.disclosure.auditor import World, list_combinations, write_table


def draw_file(seed: int, sizes: tuple[int, ...], grouped: bool) -> tuple[str, list[tuple[str, str]]]:
    random = np.random.default_rng([seed, *sizes])
    rows = {}
    for codes in list_combinations(*sizes):
        half = (f"h{int(codes[0][1:]) // 2}",) if grouped else ()
        rows[(*codes, *half)] = int(random.integers(4 if random.random() < 0.3 else 12))
    columns = [*(chr(97 + axis) for axis in range(len(sizes))), *(["half"] if grouped else [])]
    return write_table(columns, rows), [("a", "half")] if grouped else []


def model_of(seed: int, sizes: tuple[int, ...], grouped: bool) -> LinkedCells:
    text, nested = draw_file(seed, sizes, grouped)
    return link_frequencies(read_frequencies(text, "count", nested), Policy(4, True))


@given(st.integers(0, 10_000), st.sampled_from([(4, 3), (3, 3, 3), (4, 2, 3), (2, 2, 2, 3)]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_box_is_a_table_that_reaches_its_goal(seed: int, sizes: tuple[int, ...], grouped: bool) -> None:
    """All sums hold, nothing leaves its bounds or moves that may not, and the goal is met."""
    cells = model_of(seed, sizes, grouped)
    boxes = Boxes(cells)
    for goal in cells.goals():
        table = boxes.opening(goal, cells.primary, cells.weight)
        if table is None:
            continue
        for row in cells.rows:
            assert sum(c * table[at] for at, c in zip(row.columns, row.coefficients, strict=True)) == 0
        assert np.all((table >= cells.lower) & (table <= cells.upper)) and table[goal.column] == goal.value
        moved = table != cells.values
        assert not np.any(moved & ~cells.hideable & ~cells.open_anyway)
        inside = boxes.within(goal, moved)
        assert inside is not None and inside[goal.column] == goal.value


def test_the_cheapest_box_is_found() -> None:
    """Two by two with one unsafe count: of three boxes the cheapest is the one beside the dear column."""
    text = write_table(["a", "b"], {("x", "p"): 2, ("x", "q"): 9, ("y", "p"): 8, ("y", "q"): 7})
    cells = link_frequencies(read_frequencies(text, "count", []), Policy(4, True))
    (up, *_rest) = cells.goals()
    table = Boxes(cells).opening(up, cells.primary, cells.weight)
    assert table is not None
    assert int(cells.values[(table != cells.values) & ~cells.primary].sum()) == 9 + 8 + 7


def test_a_model_that_is_no_cross_has_no_boxes() -> None:
    cells = model_of(1, (3, 3), grouped=False)
    bare = LinkedCells(**{name: getattr(cells, name) for name in vars(cells) if name != "members"})
    assert Boxes(bare).opening(cells.goals()[0], cells.primary, cells.weight) is None


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("sizes", [(4, 4, 3), (3, 3, 2, 2)])
def test_what_is_late_from_the_beginning_is_safe_as_well(
    seed: int, sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No programs are asked what to hide, none for whole numbers: boxes alone, and still no count yields."""
    for name in ("_OPENED_BY", "_PRUNED_BY", "_RELAXED_BY", "_REOPENED_IN", "_SLOW_FROM"):
        monkeypatch.setattr(suppress, name, -1.0)
    monkeypatch.setattr(suppress, "_SLOW", suppress._Ends(-1.0, -1.0))
    text, nested = draw_file(seed, sizes, grouped=True)
    made = protect_frequencies(read_frequencies(text, "count", nested), nested, Policy(4, True), 60.0)
    ends = World(made.text, nested, zeros_published=True).program_ends(most=5000)
    assert ends and all(low < high and high >= 4 for low, high in ends.values())
