"""Tags of a release: with and without, overlapping or not, and what is worked out from both."""

from collections.abc import Sequence

import numpy as np
import pytest

from casework.disclosure.ledger.layouts import Layout
from casework.disclosure.ledger.records import Records
from casework.disclosure.ledger.release import Protection
from casework.disclosure.ledger.tags import tag_codes, tag_column, tag_scale
from casework.errors import DisclosureRefused
from tests.disclosure.ledgers import release, shown

TAGS = ("a", "b", "c")
ALONE = ("not_asked",)


def protect(units: Sequence[set[str]], before: Sequence[Protection] = ()) -> Protection:
    members = np.array([[name in unit for name in (*TAGS, *ALONE)] for unit in units], dtype=np.bool_)
    counted = Records(
        "incidents",
        {"tag": tag_codes(TAGS, ALONE)},
        {"tag": tag_column(members, TAGS, ALONE)},
        np.arange(len(units)),
    )
    layout = Layout("tags", (tag_scale("tag", TAGS, ALONE),))
    return release(counted, [layout], [each.entry for each in before])


def units(**counts: int) -> list[set[str]]:
    """So many units of each set of tags, a set written as ab or not_asked."""
    return [
        {code} if code in ALONE else set(code) for code, count in counts.items() for _unit in range(count)
    ]


def test_a_tag_of_few_is_hidden_with_its_complement_and_more() -> None:
    """Each unit one tag: the others would leave 2."""
    cells = shown(protect(units(a=12, b=9, c=2, not_asked=10)))
    assert cells["c",] is None
    assert cells["without c",] is None
    assert sum(value is None for value in cells.values()) > 2


def test_a_tag_that_nearly_all_carry_is_hidden() -> None:
    """30 of 32: the complement is 2."""
    cells = shown(protect(units(ab=20, ac=10, bc=2)))
    assert cells["a",] is None
    assert cells["without a",] is None


def test_those_who_answered_without_a_tag_are_not_told() -> None:
    """28 of the 30 who answered carry a: 22 do not, 20 of whom were not asked."""
    cells = shown(protect(units(ab=14, ac=14, bc=2, not_asked=20)))
    assert None in (cells["a",], cells["not_asked",])


def test_a_tag_that_grows_by_two_is_hidden() -> None:
    """Tags have a history too."""
    first = protect(units(ab=20, ac=20, bc=20, not_asked=20))
    assert None not in shown(first).values()
    second = protect(units(ab=22, ac=20, bc=20, not_asked=30), [first])
    assert shown(second)["a",] is None or shown(second)["b",] is None


@pytest.mark.parametrize("carried", [set(), {"a", "not_asked"}])
def test_a_unit_carries_tags_or_one_code_that_stands_alone(carried: set[str]) -> None:
    """Neither nothing nor both."""
    with pytest.raises(DisclosureRefused) as refused:
        protect([carried, *units(a=20)])
    assert refused.value.reason == "contradictory_codes"


def test_more_than_eight_tags_are_refused() -> None:
    """Their sets double with each."""
    with pytest.raises(DisclosureRefused) as refused:
        tag_codes("abcdefghi")
    assert refused.value.reason == "too_large"
