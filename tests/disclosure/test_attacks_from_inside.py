"""What somebody who is counted can work out of the others."""

from itertools import product

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.disclosure.outsider.claims import Kind
from tests.disclosure.test_attacks import attack, unsafe

Tables = npt.NDArray[np.int64]


def test_whoever_is_one_of_two_cells_knows_the_other() -> None:
    """One in x or y: nobody else knows in which, but they do."""
    row = "a,count\nx,\ny,\nz,30\nTotal,31\n"
    assert not [one for one in attack(row, zeros_published=False) if one.is_unsafe]
    found = attack(row, zeros_published=False, insiders=True)
    assert unsafe(found, Kind.INSIDER) == {"a x": (0, 0), "a y": (0, 0)}
    (first, second) = [one for one in found if one.kind is Kind.INSIDER]
    assert first.insider == second.insider == (("a", "x"),)
    assert first.why == (
        "at least 1: one is themselves",
        "at most 1: [everything: 31] - [a z: 30]; no count is negative",
    )


def test_small_others_are_found_too() -> None:
    """u + w = w + v, so u = v, both at most 2, and r = 4 - 2 u: who is in u knows of others in v."""
    files = [
        "a,f,count\nu,A,\nw,A,\nv,B,\nr,B,\nTotal,A,20\n",
        "a,g,count\nu,D,\nw,C,\nv,C,\nr,D,\nTotal,C,20\n",
        "a,h,count\nu,E,\nw,F,\nv,E,\nr,F,\nTotal,E,\n",
        "a,i,count\nu,G,\nw,H,\nv,G,\nr,G,\nTotal,G,4\n",
    ]
    nested = [("a", "f"), ("a", "g"), ("a", "h"), ("a", "i")]
    found = attack(*files, nested=nested, zeros_published=False, insiders=True)
    assert not unsafe(found, Kind.HIDDEN)
    inside = {one.label: (one.bounds, one.insider) for one in found if one.insider}
    assert {label: bounds for label, (bounds, _who) in inside.items()} == {
        "a u, f A": (1, 2),
        "a v, f B": (1, 2),
        "a r, f B": (1, 3),
        "h E": (1, 3),
    }
    assert inside["a v, f B"][1] == (("a", "u"), ("f", "A"))


def test_where_zeros_are_published_it_is_no_news_that_somebody_is_there() -> None:
    """A rectangle of hidden counts stays open to those in it."""
    table = "a,b,count\nx,p,\nx,q,\nx,Total,22\ny,p,\ny,q,\ny,Total,21\nTotal,p,14\nTotal,q,29\n"
    assert not [one for one in attack(table, insiders=True) if one.is_unsafe]


@given(st.lists(st.integers(0, 3), min_size=4, max_size=4), st.sets(st.integers(0, 7)), st.integers(2, 5))
@settings(max_examples=80, deadline=None)
def test_insiders_know_what_all_tables_with_them_have_in_common(
    counts: list[int], hidden: set[int], threshold: int
) -> None:
    """Listed one by one: of each hidden count, whether some insider knows the others and nobody else does."""
    lines = ["x,p", "x,q", "y,p", "y,q", "x,Total", "y,Total", "Total,p", "Total,q", "Total,Total"]
    sums = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]])
    sums = np.vstack([sums, [1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 1, 1]])
    truth = sums @ np.array(counts)
    told = [f"{line},{'' if at in hidden else truth[at]}" for at, line in enumerate(lines)]
    found = attack("a,b,count\n" + "\n".join(told), zeros_published=False, insiders=True, threshold=threshold)
    tables = np.array(list(product(range(truth[8] + 1), repeat=4)))
    shown = [at for at in range(9) if at not in hidden]
    tables = tables[(tables @ sums[shown].T == truth[shown]).all(axis=1)]
    expected = set()
    for at in hidden:
        values = tables @ sums[at]
        if _tells(values, threshold, 0) or not values.any():
            continue
        for place in range(4):
            inside = tables[tables[:, place] >= 1]
            if len(inside) and _tells(inside @ sums[at], threshold, int(sums[at, place])):
                expected.add(lines[at])
    labels = [dict(one.named) for one in found if one.kind is Kind.INSIDER]
    named = {f"{codes.get('a', 'Total')},{codes.get('b', 'Total')}" for codes in labels}
    assert {_same(lines.index(line), sums, tables) for line in expected} == {
        _same(lines.index(line), sums, tables) for line in named
    }


def _tells(values: Tables, threshold: int, own: int) -> bool:
    return bool(values.min() == values.max() or (values.min() >= 1 + own and values.max() < threshold))


def _same(at: int, sums: Tables, tables: Tables) -> bytes:
    """Counts that are the same in all tables that can be are one question."""
    return bytes((tables @ sums[at]).tobytes())
