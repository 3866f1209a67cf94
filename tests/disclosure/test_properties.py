"""What holds of every protected file: the truth is possible, hiding more tells less, names do not matter."""

import csv
import io
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.disclosure.frequency.files import read_frequencies
from casework.disclosure.frequency.model import Policy
from casework.disclosure.frequency.protecting import Protected, protect_frequencies
from casework.disclosure.outsider.intervals import Outsider
from casework.disclosure.outsider.knowledge import know, quantity_of
from casework.disclosure.outsider.reading import read_claims
from casework.disclosure.solver import Deadline
from casework.errors import DisclosureRefused
from tests.disclosure.auditor import Key, World, list_combinations, write_table

Nested = list[tuple[str, str]]
Drawn = tuple[list[str], dict[Key, int], Nested]
Kind = tuple[tuple[int, ...], bool]
SIZES = [(2, 3), (3, 4), (2, 2, 3), (2, 2, 2, 2)]
KINDS: list[Kind] = [(sizes, grouped) for sizes in SIZES for grouped in (False, True)]
# Whose optimum is proven within a second; of the others it is often not within twenty.
PROVEN: list[Kind] = [
    *((sizes, grouped) for sizes in SIZES[:2] for grouped in (False, True)),
    ((2, 2, 3), False),
]


@st.composite
def tables(draw: st.DrawFn, kinds: Sequence[Kind] = KINDS) -> Drawn:
    """Columns, counts by combination and groupings: zeros and ties are frequent."""
    sizes, grouped = draw(st.sampled_from(kinds))
    counts = {}
    for codes in list_combinations(*sizes):
        half = (f"h{int(codes[0][1:]) // 2}",) if grouped else ()
        counts[(*codes, *half)] = draw(st.one_of(st.integers(0, 3), st.integers(0, 20)))
    columns = [*(chr(97 + axis) for axis in range(len(sizes))), *(["half"] if grouped else [])]
    return columns, counts, [("a", "half")] if grouped else []


def protect(drawn: Drawn, *, zeros: bool, seconds: float) -> Protected | None:
    """The protected file, or None where none is safe, or none found in time."""
    columns, counts, nested = drawn
    try:
        table = read_frequencies(write_table(columns, counts), "count", nested)
        return protect_frequencies(table, nested, Policy(4, zeros), seconds)
    except DisclosureRefused:
        return None


def true_counts(drawn: Drawn, text: str) -> list[int]:
    """What each line of the protected file counts, summed here from the details."""
    columns, counts, _nested = drawn
    lines = list(csv.DictReader(io.StringIO(text)))
    named = [dict(zip(columns, codes, strict=True)) for codes in counts]
    return [
        sum(
            count
            for codes, count in zip(named, counts.values(), strict=True)
            if all(line[column] in ("Total", code) for column, code in codes.items())
        )
        for line in lines
    ]


@given(tables(), st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_true_table_is_always_possible_for_the_attacker(drawn: Drawn, zeros: bool) -> None:
    """Every interval holds the true count."""
    made = protect(drawn, zeros=zeros, seconds=1.0)
    if made is None:
        return
    truth = true_counts(drawn, made.text)
    knowledge = know(read_claims([made.text], "count", drawn[2]), zeros_published=zeros)
    outsider = Outsider(knowledge, Deadline(20.0))
    for at, true in enumerate(truth):
        bounds = outsider.bounds(quantity_of(knowledge, at))
        assert bounds.low <= true and (bounds.high is None or true <= bounds.high)


@given(tables(), st.booleans(), st.data())
@settings(max_examples=20, deadline=None)
def test_hiding_more_never_breaks_safety(drawn: Drawn, zeros: bool, data: st.DataObject) -> None:
    """No interval of a hidden count becomes narrower; where zeros are published, a zero stays so."""
    made = protect(drawn, zeros=zeros, seconds=1.0)
    if made is None:
        return
    head, *lines = list(csv.reader(io.StringIO(made.text)))
    shown = [at for at, line in enumerate(lines) if line[-1] and (not zeros or line[-1] != "0")]
    more = data.draw(st.sets(st.sampled_from(shown), max_size=6)) if shown else set()
    fewer = [[*line[:-1], "" if at in more else line[-1]] for at, line in enumerate(lines)]
    text = "\n".join(",".join(line) for line in [head, *fewer]) + "\n"
    most = 10 * sum(drawn[1].values()) + 10
    before = World(made.text, drawn[2], zeros_published=zeros).program_ends(most)
    after = World(text, drawn[2], zeros_published=zeros).program_ends(most)
    for at, (low, high) in before.items():
        assert after[at][0] <= low and after[at][1] >= high


@given(tables(PROVEN), st.booleans(), st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_the_names_of_codes_and_their_order_do_not_change_a_proven_optimum(
    drawn: Drawn, zeros: bool, seed: int
) -> None:
    """Lines shuffled and codes renamed: the same least sum, or a refusal both times."""
    columns, counts, nested = drawn
    random = np.random.default_rng(seed)
    numbers = {code: f"x{at}" for at, code in enumerate(random.permutation(sorted({*sum(counts, ())})))}
    keys = [list(counts)[at] for at in random.permutation(len(counts))]
    renamed = {tuple(numbers[code] for code in codes): counts[codes] for codes in keys}
    first = protect(drawn, zeros=zeros, seconds=60.0)
    second = protect((columns, renamed, nested), zeros=zeros, seconds=60.0)
    if first is None or second is None:
        assert first is second
        return
    for made in (first, second):
        assert made.report.bound == made.report.objective
    assert first.report.objective == second.report.objective
