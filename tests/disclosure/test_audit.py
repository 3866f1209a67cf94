"""The final audit and the reading of stored tables: each forged document is refused."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from casework.disclosure import REASONS, attack, parse, protect, serialise
from casework.disclosure.audit import audit
from casework.disclosure.solver import Deadline
from casework.errors import DisclosureRefused
from tests.disclosure.tables import cross, line, small_crosses, tagged

COUNTS = [[2, 20, 30], [12, 9, 40], [25, 31, 50]]
TAGS = [{"a"}] * 12 + [{"b"}] * 9 + [{"c"}] * 2 + [{"not_asked"}] * 10


def forged(document: dict[str, object], **changes: Any) -> dict[str, Any]:
    """A copy with some cells replaced, its own counts put right."""
    copy: dict[str, Any] = json.loads(json.dumps(document))
    for place, value in changes.items():
        copy["cells"][int(place[1:])] = value
    copy["hidden_cells"] = sum(cell == "hidden" for cell in copy["cells"])
    copy["nonzero_cells"] = sum(cell not in (0, "impossible") for cell in copy["cells"])
    return copy


@pytest.mark.parametrize(
    "changes",
    [
        {"_0": 2},  # the unsafe cell itself
        {"_1": 20},  # a secondary: what is left can be worked out
        {"_5": "hidden", "_0": 2},
        {"_2": 31},  # a false number
        {"_2": 4},  # a number under the threshold
        {"_15": 218},  # a false total
    ],
)
def test_the_audit_refuses_what_the_engine_should_never_write(changes: dict[str, object]) -> None:
    """Each change of a safe document makes it unsafe or untrue, and is found."""
    table = cross(COUNTS)
    document = forged(serialise(protect(table, 5)), **changes)
    with pytest.raises(DisclosureRefused) as refused:
        audit(document, table, Deadline(10))
    assert refused.value.reason in {"audit_failed", "inconsistent"}


def test_the_audit_refuses_a_hidden_zero() -> None:
    """Zeros are always published: a hidden one would break what the attacker is assumed to know."""
    table = cross([[0, 20], [12, 9]])
    document = forged(serialise(protect(table, 5)), _0="hidden", _1="hidden", _3="hidden", _4="hidden")
    with pytest.raises(DisclosureRefused):
        audit(document, table, Deadline(10))


def test_the_audit_knows_what_no_cell_shows() -> None:
    """A document safe in every cell, from which the two who answered otherwise follow, is refused."""
    units = [{"a"}] * 22 + [{"a", "b"}] * 6 + [{"b"}] * 2 + [{"not_asked"}] * 20
    table = tagged(["a", "b", "not_asked"], units)
    document = forged(serialise(protect(table, 5)))
    document["cells"] = [28, 22, 8, 42, 20, 30, 50, "impossible"]
    document = forged(document)
    with pytest.raises(DisclosureRefused) as refused:
        audit(document, table, Deadline(10))
    assert refused.value.reason == "audit_failed"


@pytest.mark.parametrize("cell", [3, True, 2.0, -1, None, "12", [1]])
def test_cells_must_be_counts(cell: object) -> None:
    """Numbers under the threshold, booleans, floats, nothing, and text are no published cell."""
    with pytest.raises(DisclosureRefused):
        parse(forged(serialise(protect(cross(COUNTS), 5)), _2=cell))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 2),
        ("unit", "percent"),
        ("k", 4),
        ("k", "5"),
        ("dimensions", []),
        ("dimensions", "region"),
        ("cells", []),
        ("hidden_cells", 0),
        ("nonzero_cells", 1),
        ("remedy", ""),
        ("engine", 1),
        ("refused", [{"label": "a", "reason": "because", "numbers": {}}]),
        ("refused", [{"label": "a", "reason": "empty", "numbers": {"x": "3"}}]),
        ("refused", [{"label": "a"}]),
        ("extra", 1),
    ],
)
def test_documents_that_were_not_written_here_are_refused(key: str, value: object) -> None:
    """Strict keys, known values, and totals that agree with the cells."""
    with pytest.raises(DisclosureRefused):
        parse(serialise(protect(cross(COUNTS), 5)) | {key: value})


def test_a_missing_key_is_refused() -> None:
    """Every key is needed."""
    for key in (document := serialise(protect(cross(COUNTS), 5))):
        with pytest.raises(DisclosureRefused):
            parse({other: value for other, value in document.items() if other != key})


def test_a_tag_apart_from_its_complement_is_refused() -> None:
    """One of the two gives the other away, so a document that shows only one is none of ours."""
    document = serialise(protect(tagged(["a", "b", "c", "not_asked"], TAGS), 5))
    cells = document["cells"]
    assert isinstance(cells, list)
    at = cells.index("hidden")
    with pytest.raises(DisclosureRefused):
        parse(forged(document, **{f"_{at}": 12}))


def test_a_hidden_total_is_refused() -> None:
    """The grand total is always shown."""
    with pytest.raises(DisclosureRefused):
        attack(forged(serialise(protect(cross(COUNTS), 5)), _15="hidden"))


@settings(max_examples=30, deadline=None)
@given(small_crosses)
def test_serialising_round_trips(counts: list[list[int]]) -> None:
    """What is read equals what was written, and is made of texts and whole numbers only."""
    try:
        table = protect(cross(counts), 5)
    except DisclosureRefused as refused:
        assert refused.reason in REASONS
        return
    document = serialise(table)
    assert parse(json.loads(json.dumps(document))) == table
    assert serialise(parse(document)) == document
    assert all(isinstance(leaf, str | int) and not isinstance(leaf, bool) for leaf in leaves(document))


def test_tags_round_trip() -> None:
    """Dimensions with exclusive codes are kept too."""
    table = protect(tagged(["a", "b", "c", "not_asked"], TAGS), 5)
    assert parse(serialise(table)) == table


@pytest.mark.parametrize(
    "cells",
    [
        ["hidden", 20, 30, 52],  # what is left is 2
        ["hidden", "hidden", 40, 44],  # 1 to 3 each: whatever they are, they are too few
        [3, 20, 30, 53],
    ],
)
def test_a_stored_table_that_gives_something_away_is_refused(cells: list[object]) -> None:
    """Reading attacks the table again, without knowing what was hidden."""
    document = serialise(protect(line([9, 20, 30]), 5))
    document["cells"] = cells
    with pytest.raises(DisclosureRefused) as refused:
        parse(forged(document))
    assert refused.value.reason == "audit_failed"


def test_a_lone_tag_among_disjoint_ones_is_found() -> None:
    """The tags make up the answers: 23 answered, 12 and 9 carry the others, so c has at least 2."""
    document = serialise(protect(tagged(["a", "b", "c", "not_asked"], TAGS), 5))
    document["cells"] = [12, 21, 9, 24, "hidden", "hidden", 10, 23, 33, "impossible"]
    assert attack(forged(document))["c", "with"] == (2, 23)


def test_equal_tables_with_different_secrets_look_alike() -> None:
    """What is hidden is not in the document: a secret that changes within its interval leaves no trace."""
    first = serialise(protect(line([1, 3, 9, 30]), 4, for_release=False))
    second = serialise(protect(line([2, 2, 9, 30]), 4, for_release=False))
    assert first == second


def test_a_threshold_under_five_is_not_read_as_a_release() -> None:
    """A table by another rule stays apart from those that may be released."""
    document = serialise(protect(line([3, 4, 9, 30]), 4, for_release=False))
    with pytest.raises(DisclosureRefused) as refused:
        parse(document)
    assert refused.value.reason == "threshold_too_low"
    assert parse(document, for_release=False).k == 4


def leaves(value: object) -> list[object]:
    """All scalars of a document."""
    if isinstance(value, dict):
        return [leaf for entry in value.values() for leaf in leaves(entry)]
    if isinstance(value, list):
        return [leaf for entry in value for leaf in leaves(entry)]
    return [value]


def test_random_single_disclosures_are_found() -> None:
    """Showing any one hidden cell of a table that needs all of them is refused by the audit."""
    table = cross(COUNTS)
    document = serialise(protect(table, 5))
    cells = document["cells"]
    assert isinstance(cells, list)
    exact = table.cells.units.ravel()
    for at in [at for at, cell in enumerate(cells) if cell == "hidden"]:
        with pytest.raises(DisclosureRefused):
            audit(forged(document, **{f"_{at}": int(exact[at])}), table, Deadline(10))
    assert np.count_nonzero(exact) == document["nonzero_cells"]
