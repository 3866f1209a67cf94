"""What files give away beyond their cells: outcomes of groups, per cents."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.disclosure.outsider.attacking import Attack
from casework.disclosure.outsider.claims import Kind
from casework.disclosure.outsider.findings import Finding
from casework.disclosure.outsider.intervals import Bounds
from casework.disclosure.solver import Deadline
from casework.errors import DisclosureRefused, Invalid


def attack(*files: str, **options: object) -> list[Finding]:
    return list(Attack(**options).carry_out(files, Deadline(60)))  # type: ignore[arg-type]


def unsafe(findings: list[Finding], kind: Kind) -> dict[str, Bounds]:
    return {one.label: one.bounds for one in findings if one.kind is kind and one.is_unsafe}


def test_zero_beside_twelve_tells_of_all_twelve() -> None:
    """Everybody of region North was held; in the south both happened."""
    table = "region,held,count\nNorth,yes,12\nNorth,no,0\nSouth,yes,9\nSouth,no,8\n"
    assert not attack(table)
    found = attack(table, outcomes=["held"])
    assert unsafe(found, Kind.OUTCOME) == {"region North, held yes": (0, 0)}
    assert "published as zero" in found[0].why[0]


def test_hidden_counts_tell_of_a_whole_group_too() -> None:
    """22 were not held: 2 in the east, 18 in the south, so only 2 in the north."""
    table = (
        "region,held,count\nNorth,yes,\nNorth,no,\nNorth,Total,20\nSouth,yes,\nSouth,no,\nSouth,Total,30\n"
        "East,yes,\nEast,no,2\nTotal,yes,60\nTotal,no,22\n"
    )
    found = attack(table, outcomes=["held"], zeros_published=False)
    assert "region North, held yes" not in unsafe(found, Kind.OUTCOME)
    more = "region,held,count\nSouth,no,18\n"
    found = attack(table, more, outcomes=["held"], zeros_published=False)
    assert unsafe(found, Kind.OUTCOME)["region North, held yes"] == (2, 2)
    why = next(one.why for one in found if one.kind is Kind.OUTCOME and one.label == "region North, held yes")
    assert why == ("exactly 2: [held no: 22] - [region East, held no: 2] - [region South, held no: 18]",)


def test_three_others_are_enough() -> None:
    """A cell of 12 in a group of 15 tells of nobody; one in 14 does."""
    assert not attack("g,held,count\nx,yes,12\nx,no,3\n", outcomes=["held"], threshold=2)
    found = attack("g,held,count\nx,yes,12\nx,no,2\n", outcomes=["held"], threshold=2)
    assert unsafe(found, Kind.OUTCOME) == {"g x, held yes": (2, 2)}


def test_groups_are_those_of_the_columns_that_are_named() -> None:
    """Without any, every column and what lines name together; never the outcome, or what groups it."""
    table = (
        "region,age,held,count\nN,old,yes,9\nN,young,no,9\nS,old,yes,9\nS,young,yes,9\n"
        "N,old,no,0\nN,young,yes,0\nS,old,no,0\nS,young,no,0\n"
    )
    assert unsafe(attack(table, outcomes=["held"], groups=["age"]), Kind.OUTCOME) == {
        "age old, held yes": (0, 0)
    }
    assert set(unsafe(attack(table, outcomes=["held"]), Kind.OUTCOME)) == {
        "region S, held yes",
        "age old, held yes",
        "region N, age old, held yes",
        "region N, age young, held no",
        "region S, age old, held yes",
        "region S, age young, held yes",
    }


def test_what_groups_the_outcome_is_no_group_of_its_own() -> None:
    """That all of the broad kind are of one narrow kind says nothing of a person; nor does an only code."""
    nested = "what,broad,g,count\na,A,x,9\nb,A,x,0\nc,B,x,9\na,A,y,9\nb,A,y,0\nc,B,y,9\n"
    assert not attack(nested, outcomes=["what"], nested=[("what", "broad")])
    assert not attack("g,held,count\nx,yes,12\ny,yes,9\n", outcomes=["held"])


def test_what_is_asked_twice_is_told_once() -> None:
    """A group of a city without its region is the line of the city in its region."""
    table = "city,region,held,count\nX,R,yes,3\nX,R,no,9\nY,R,yes,9\nY,R,no,9\n"
    found = attack(table, outcomes=["held"], nested=[("city", "region")])
    assert [one.kind for one in found] == [Kind.PUBLISHED]


def test_a_group_that_got_its_line_later_is_compared_with_before() -> None:
    """12 and 7 are 19; that there are 21 later is in the second file alone."""
    first, second = "g,held,count\nx,yes,12\nx,no,7\n", "g,held,count\nx,yes,\nx,no,\nx,Total,21\n"
    found = attack(first, second, outcomes=["held"], successive=True)
    assert unsafe(found, Kind.ADDED)["g x"] == (2, 2)


def test_a_group_of_nobody_has_no_outcome() -> None:
    """Nor one in which perhaps nobody has it."""
    table = "g,held,count\nx,yes,0\nx,no,0\ny,yes,\ny,no,\ny,Total,2\nz,yes,9\nz,no,9\n"
    assert not unsafe(attack(table, outcomes=["held"], zeros_published=False), Kind.OUTCOME)


def test_a_group_may_become_one_of_one_outcome_later() -> None:
    """Of each moment the group is looked at, though no line is of the group alone."""
    first = "g,held,count\nx,yes,12\nx,no,7\ny,yes,0\ny,no,5\n"
    second = "g,held,count\nx,yes,12\nx,no,7\ny,yes,5\ny,no,5\n"
    found = attack(first, second, outcomes=["held"], successive=True)
    assert unsafe(found, Kind.OUTCOME) == {"g y, held no": (0, 0)}


def test_a_rounded_per_cent_pins_a_hidden_count() -> None:
    """33 % of 12 is 4: three would be 25 %, five 42 %. Of 400 it is anything from 130 to 133."""
    table = "a,count,share\nx,,33\ny,,\nz,,\nTotal,12,100\n"
    assert not unsafe(attack(table.replace("share", "b")), Kind.HIDDEN)
    (found,) = [one for one in attack(table, percents={"share": ()}) if one.label == "a x"]
    assert (found.kind, found.bounds, found.is_unsafe) == (Kind.HIDDEN, (4, 4), True)
    assert found.why == (
        "at least 4: 13/40 × [everything: 12] + [a x: at least 32.5 % of everything]; "
        "counts are whole numbers",
        "at most 4: 67/200 × [everything: 12] + [a x: less than 33.5 % of everything]; "
        "counts are whole numbers",
    )
    found = next(iter(attack(table.replace("12,100", "400,100"), percents={"share": ()})))
    assert (found.label, found.bounds, found.is_unsafe) == ("a x", (130, 133), False)


def test_per_cents_alone_beside_a_total_elsewhere() -> None:
    """A file without counts: 10 % of a row of 20 are two. The other row is of 17 at least: 2 are 12 %."""
    shares = "g,held,share\nx,yes,10%\nx,no,90 %\ny,yes,12\ny,no,88\n"
    found = attack(shares, "g,count\nx,20\n", percents={"share": ("held",)})
    assert unsafe(found, Kind.PERCENT) == {"g x, held yes": (2, 2), "g x, held no": (18, 18)}
    ends = {one.label: one.bounds for one in found}
    assert ends["g y, held yes"] == (2, None)


def test_no_per_cent_is_a_zero_that_everybody_may_know() -> None:
    """And no secret, where the file has no counts at all."""
    shares = "g,held,share\nx,yes,0\nx,no,100\n"
    found = attack(shares, "g,count\nx,20\n", percents={"share": ("held",)})
    assert unsafe(found, Kind.PERCENT) == {"g x, held no": (20, 20)}


def test_a_per_cent_bounds_what_it_is_one_of() -> None:
    """7 are 50 % of 14 at most: 7 of 15 would be 47 %. A half goes up: 1 of 8 is 13 %, not 12."""
    found = attack("a,count,share\nx,7,50\ny,,\nTotal,,\n", percents={"share": ()})
    assert unsafe(found, Kind.HIDDEN) == {"a y": (7, 7), "everything": (14, 14)}
    found = attack("a,count,share\nx,,13\ny,,\nTotal,8,\n", percents={"share": ()})
    assert unsafe(found, Kind.HIDDEN) == {"a x": (1, 1), "a y": (7, 7)}
    with pytest.raises(DisclosureRefused):
        attack("a,count,share\nx,,12\ny,,\nTotal,8,\n", percents={"share": ()})
    with pytest.raises(DisclosureRefused):
        attack("a,count,share\nx,0,12\ny,0,\n", percents={"share": ()})


@given(st.lists(st.integers(0, 9), min_size=2, max_size=4), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_intervals_by_per_cents_are_those_of_all_counts_that_round_so(parts: list[int], rest: int) -> None:
    """Listed one by one: all counts with this total that have these per cents."""
    total = sum(parts) + rest
    shares = [_percent(part, total) for part in parts]
    lines = "".join(f"x{at},{share}\n" for at, share in enumerate(shares))
    found = attack(f"a,share\n{lines}y,\n", f"a,count\nTotal,{total}\n", percents={"share": ()}, threshold=2)
    fitting = [[n for n in range(total + 1) if _percent(n, total) == share] for share in shares]
    for at, possible in enumerate(fitting):
        others = sum(counts[0] for other, counts in enumerate(fitting) if other != at)
        most = max(n for n in possible if n + others <= total)
        assert {one.label: one.bounds for one in found}[f"a x{at}"] == (possible[0], most)


@pytest.mark.parametrize(
    ("table", "percents", "told"),
    [
        ("a,count,share\nx,9,12.5\n", {"share": ()}, "line 2: '12.5' is no whole per cent"),
        ("a,count,share\nx,9,101\n", {"share": ()}, "line 2: '101' is no whole per cent"),
        ("a,count,share\nx,9,10\n", {"per": ()}, "no file has a column 'per'"),
        ("a,count,share\nx,9,10\n", {"share": ("b",)}, "no file has a column 'b'"),
        ("a,b\nx,9\n", {"share": ()}, "there is no column 'count'"),
    ],
)
def test_per_cents_that_cannot_be_read_are_refused(
    table: str, percents: dict[str, tuple[str, ...]], told: str
) -> None:
    """With the line or the column."""
    with pytest.raises(Invalid) as invalid:
        attack(table, percents=percents)
    assert told in str(invalid.value)


def _percent(part: int, whole: int) -> int:
    """Rounded, a half up."""
    return (200 * part + whole) // (2 * whole)
