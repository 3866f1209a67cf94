"""What files with a column of tags give away: those without a tag, and those who answered."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.disclosure.outsider.claims import Kind
from casework.disclosure.outsider.tagging import Tags
from casework.errors import DisclosureRefused, Invalid
from tests.disclosure.test_attacks import attack, unsafe

TAGS = Tags("force", ("not asked",))


def test_a_tag_of_30_among_32_tells_of_two_without_it() -> None:
    """No cell is small, and nothing is hidden."""
    table = "force,count\nbaton,30\ngas,20\nTotal,32\n"
    found = attack(table, tags=Tags("force"))
    assert unsafe(found, Kind.COMPLEMENT) == {"force baton": (2, 2)}
    assert found[0].why == ("exactly 2: [everything: 32] - [force baton: 30]",)
    with pytest.raises(DisclosureRefused):
        attack(table)  # codes that exclude each other would add up


def test_those_with_an_answer_are_fewer_than_all() -> None:
    """20 of 50 were not asked; 28 of the other 30 have the tag, so two with an answer have not."""
    table = "force,count\nbaton,28\ngas,12\nnot asked,20\nTotal,50\n"
    found = attack(table, tags=TAGS)
    assert unsafe(found, Kind.GAP) == {"force baton": (2, 2)}
    assert not unsafe(found, Kind.COMPLEMENT)
    why = next(one.why for one in found if one.kind is Kind.GAP)
    assert why == ("exactly 2: [everything: 50] - [force baton: 28] - [force not asked: 20]",)


def test_few_answers_are_told_by_the_others() -> None:
    """47 of 50 were not asked, in two ways."""
    table = "force,count\nbaton,\ngas,\nnot asked,30\nunknown,17\nTotal,50\n"
    found = attack(table, tags=Tags("force", ("not asked", "unknown")), zeros_published=False)
    assert unsafe(found, Kind.UNLISTED)["force (any answer)"] == (3, 3)


def test_whoever_answered_has_a_tag() -> None:
    """23 answered, 12 and 9 have the first two tags: two at least have the hidden third."""
    table = "force,count\na,12\nb,9\nc,\nnot asked,10\nTotal,33\n"
    (found,) = [one for one in attack(table, tags=TAGS) if one.label == "force c"]
    assert found.bounds == (2, 23)
    assert not found.is_unsafe


def test_tags_may_be_crossed_with_other_columns() -> None:
    """In the north 2 of 12 have no baton; nobody else is told of."""
    table = (
        "region,force,count\nN,baton,10\nN,gas,9\nN,Total,12\nS,baton,\nS,gas,9\nS,Total,30\nTotal,Total,42\n"
    )
    found = attack(table, tags=Tags("force"))
    assert unsafe(found, Kind.COMPLEMENT)["region N, force baton"] == (2, 2)
    ends = {one.label: one.bounds for one in found}
    assert ends["region S, force baton"] == (21, 30)


def test_an_exclusive_code_without_a_line_may_hold_somebody() -> None:
    """So those with the tag need not be all."""
    table = "force,count\nbaton,\ngas,9\nTotal,30\n"
    assert attack(table, tags=Tags("force"))[0].bounds == (21, 30)
    assert attack(table, tags=TAGS)[0].bounds == (1, 30)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_intervals_of_tags_are_those_of_all_numbers_that_can_be(data: st.DataObject) -> None:
    """Listed one by one: no tag above the answers, and together at least as many."""
    holders = data.draw(st.lists(st.sets(st.sampled_from("abc")), min_size=3, max_size=9))
    total = len(holders)
    counts = [sum(tag in held for held in holders) for tag in "abc"] + [sum(not held for held in holders)]
    hidden = data.draw(st.sets(st.sampled_from([at for at in range(4) if counts[at]])))
    lines = [f"{code},{'' if at in hidden else counts[at]}" for at, code in enumerate([*"abc", "not asked"])]
    found = attack("force,count\n" + "\n".join([*lines, f"Total,{total}"]), tags=TAGS)
    ways = [
        way
        for way in product(*(range(1, total + 1) if at in hidden else [counts[at]] for at in range(4)))
        if max(way[:3]) <= total - way[3] <= sum(way[:3])
    ]
    ends = {one.named[0][1]: one.bounds for one in found if one.kind is Kind.HIDDEN}
    for at in hidden:
        values = [way[at] for way in ways]
        assert ends.get([*"abc", "not asked"][at], (min(values), max(values))) == (min(values), max(values))
    gaps = [total - way[0] - way[3] for way in ways]
    assert ("force a" in unsafe(found, Kind.GAP)) is (min(gaps) >= 1 and max(gaps) < 5)


@pytest.mark.parametrize(
    ("tags", "nested", "told"),
    [
        (Tags("arms"), [], "'arms' is no column"),
        (Tags("force"), [("force", "kind")], "not nested"),
        (Tags("force", tuple("abcdefghi")), [], "has 0 tags"),
        (Tags("force"), [], "has 9 tags"),
    ],
)
def test_what_is_no_column_of_tags_is_refused(tags: Tags, nested: list[tuple[str, str]], told: str) -> None:
    """With the reason."""
    table = "force,kind,count\n" + "".join(f"{code},k,9\n" for code in "abcdefghi")
    with pytest.raises(Invalid) as invalid:
        attack(table, tags=tags, nested=nested)
    assert told in str(invalid.value)
