"""Tags beside other tables, protected part by part: held against every history of all of it together."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from casework.disclosure.ledger.documents import write_told
from casework.disclosure.ledger.entries import Entry
from casework.disclosure.ledger.layouts import Category, Layout, Scale, scale_of
from casework.disclosure.ledger.parts import parse_in_parts, part_of_entry, protect_in_parts
from casework.disclosure.ledger.records import Records
from casework.disclosure.ledger.release import Protection
from casework.disclosure.ledger.rules import Rules
from casework.disclosure.ledger.tags import tag_codes, tag_scale
from casework.errors import DisclosureRefused
from tests.disclosure.chronicle import TooManyHistories
from tests.disclosure.leaks import list_leaks
from tests.disclosure.ledgers import OPEN, records, shown
from tests.disclosure.test_ledger import SMALL

TAGS, ALONE, GROUPS = ("a", "b"), ("none",), ("p", "q")
AXES = {"tag": tag_codes(TAGS, ALONE), "group": GROUPS, "when": ("now", "outside")}
NOW = Scale("when", (Category("now", ("now",)),))
BY_TAG = Layout("tags", (tag_scale("tag", TAGS, ALONE), NOW))
BY_GROUP = Layout("groups", (scale_of("group", GROUPS), NOW))
WIDE = {"tag": tag_codes(("a", "b", "c", "d"), ALONE), "group": tuple("pqrs"), "when": ("now", "outside")}
WIDE_TAG = Layout("tags", (tag_scale("tag", ("a", "b", "c", "d"), ALONE), NOW))
WIDE_GROUP = Layout("groups", (scale_of("group", WIDE["group"]), NOW))


def release(
    counted: Records, layouts: Sequence[Layout], made: Sequence[Protection] = (), rules: Rules = OPEN
) -> Protection:
    return protect_in_parts(counted, layouts, [one.entry for one in made], rules, time_limit_seconds=60)


def spread(counts: Sequence[int]) -> list[int]:
    """Counts of tags and groups, all of them now."""
    return [units for count in counts for units in (count, 0)]


def wide(seed: int, scale: float = 6) -> list[int]:
    """Invented counts of all sets of four tags in four groups."""
    random = np.random.default_rng(seed)
    size = len(WIDE["tag"]) * len(WIDE["group"])
    return spread(random.poisson(random.gamma(0.4, scale, size=size)).tolist())


COUNTS = st.lists(st.sampled_from((0, 0, 1, 2, 4)), min_size=8, max_size=8)


@given(st.lists(COUNTS, min_size=1, max_size=2), st.data(), st.booleans())
@settings(max_examples=25, deadline=None)
def test_no_tags_beside_a_second_table_yield_to_brute_force(
    drawn: list[list[int]], data: st.DataObject, zeros: bool
) -> None:
    """The attacker here crosses tags with groups, and knows nothing of parts."""
    truth = [spread(counts) for counts in np.cumsum(drawn, axis=0).tolist()]
    rules = replace(SMALL, zeros_published=zeros)
    made: list[Protection] = []
    try:
        for counts in truth:
            layouts = data.draw(st.sampled_from(([BY_TAG, BY_GROUP], [BY_GROUP, BY_TAG], [BY_TAG])))
            made.append(release(records(AXES, counts), layouts, made, rules))
        assert list_leaks(made, truth, 3, grows=True) == []
        assert list_leaks(made, truth, 3, grows=False) == []
    except DisclosureRefused as refused:
        assert refused.reason in {"cannot_protect", "too_few_cases", "empty"}
    except TooManyHistories:
        assume(False)


@pytest.mark.parametrize("seed", range(6))
def test_a_complement_is_never_told(seed: int) -> None:
    """Of fewer than k, neither by itself nor as the difference between the total and the tag."""
    made = release(records(WIDE, wide(seed)), [WIDE_TAG, WIDE_GROUP])
    cells = {label: value for (label, _when), value in shown(made).items()}
    told = [value for value in cells.values() if value is not None]
    assert all(value == 0 or value >= 5 for value in told)
    total = cells["total"]
    assert total is not None
    for name in ("a", "b", "c", "d"):
        value = cells[name]
        assert value is None or total - value == 0 or total - value >= 5
        assert (value is None) == (cells[f"without {name}"] is None)


def test_each_part_is_that_of_a_ledger_of_its_own() -> None:
    """What else is released changes nothing in a table of tags, nor the other way round."""
    counted = records(WIDE, wide(1))
    both, tags = release(counted, [WIDE_GROUP, WIDE_TAG]), release(counted, [WIDE_TAG])
    assert shown(both, 1) == shown(tags)
    assert shown(both, 0) == shown(release(counted, [WIDE_GROUP]))


def test_the_total_is_shown_even_where_hiding_it_would_be_cheaper() -> None:
    """All that the parts know of each other."""
    for seed in range(6):
        cells = shown(release(records(WIDE, wide(seed, 2)), [WIDE_TAG]))
        assert cells["total", "now"] is not None


def test_a_later_release_of_tags_grows_by_none_or_by_enough() -> None:
    """Two more in all cannot be told, and the total cannot be hidden: it is refused."""
    first = release(records(AXES, spread([9, 9, 9, 9, 9, 9, 9, 9])), [BY_TAG, BY_GROUP])
    with pytest.raises(DisclosureRefused) as refused:
        release(records(AXES, spread([11, 9, 9, 9, 9, 9, 9, 9])), [BY_TAG], [first])
    assert refused.value.reason == "cannot_protect"
    second = release(records(AXES, spread([19, 9, 19, 9, 9, 9, 9, 19])), [BY_TAG], [first])
    assert shown(second)["total", "now"] == 102


def test_a_document_is_read_part_by_part() -> None:
    """And one that hides the total of tags is refused."""
    made = release(records(AXES, spread([9, 9, 9, 9, 9, 9, 9, 9])), [BY_TAG, BY_GROUP])
    document = made.release.document()
    assert parse_in_parts(document, [], time_limit_seconds=60).told == made.release.told
    told = made.release.told
    table = list(told.values[0])
    labels = [one.label for one in told.layouts[0].scales[0].categories]
    table[labels.index("total")] = None
    hidden = replace(made.release.told, values=(tuple(table), told.values[1]))
    with pytest.raises(DisclosureRefused) as refused:
        parse_in_parts(write_told(hidden), [], time_limit_seconds=60)
    assert refused.value.reason == "bad_document"


@pytest.mark.parametrize(
    "layout",
    [
        Layout("crossed", (tag_scale("tag", TAGS, ALONE), scale_of("group", GROUPS))),
        Layout("crossed", (scale_of("group", GROUPS), tag_scale("tag", TAGS, ALONE), NOW)),
    ],
)
def test_tags_beside_another_question_are_refused(layout: Layout) -> None:
    """Their sets would be crossed with it."""
    with pytest.raises(DisclosureRefused) as refused:
        release(records(AXES, spread([9] * 8)), [layout])
    assert refused.value.reason == "unknown_option"


def test_the_same_tags_of_periods_that_overlap_are_refused() -> None:
    """What they share would be told by both; the same period, and one apart, are not."""
    axes = {"tag": AXES["tag"], "when": ("one", "two", "three", "outside")}
    scale = tag_scale("tag", TAGS, ALONE)
    first = Layout("t", (scale, Scale("when", (Category("first", ("one", "two")),))))
    apart = Layout("t", (scale, Scale("when", (Category("last", ("three",)),))))
    across = Layout("t", (scale, Scale("when", (Category("all", ("one", "two", "three")),))))
    counted = records(axes, [9, 9, 9, 0] * 4)
    made = [release(counted, [first])]
    made.append(release(counted, [apart], made))
    made.append(release(counted, [first], made))
    with pytest.raises(DisclosureRefused) as refused:
        release(counted, [across], made)
    assert refused.value.reason == "unknown_option"


def test_where_all_carry_an_outcome_that_is_hidden() -> None:
    """Whoever is known to be counted would be known to have had it."""
    counted = records(AXES, spread([9, 9, 0, 0, 9, 9, 0, 0]))  # a, and a with b: everybody carries a
    rules = Rules(zeros_published=False, outcomes=frozenset({"tag"}), most_hidden_percent=100)
    cells = shown(release(counted, [BY_TAG, BY_GROUP], rules=rules))
    assert cells["without a", "now"] is None
    assert cells["a", "now"] is None


def test_a_part_of_an_entry_counts_what_its_tables_count() -> None:
    """Sums over what the part does not know; None where a release has no table of it."""
    made = release(records(AXES, spread([9, 8, 7, 6, 5, 6, 7, 8])), [BY_GROUP, BY_TAG])
    part = part_of_entry("tag", made.entry)
    assert isinstance(part, Entry)
    found = {code: units for code, _when, units in part.exact["atoms"]}  # type: ignore[attr-defined]
    assert found == {"a": 17, "a+b": 11, "b": 13, "none": 15}
    rest = part_of_entry("", made.entry)
    assert isinstance(rest, Entry)
    assert rest.exact["atoms"] == [["p", "now", 28], ["q", "now", 28]]
    assert part_of_entry("tag", release(records(AXES, spread([9] * 8)), [BY_GROUP]).entry) is None
