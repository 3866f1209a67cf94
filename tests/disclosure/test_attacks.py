"""What files give away beyond their cells: outcomes of groups."""

from casework.disclosure.outsider.attacking import Attack
from casework.disclosure.outsider.claims import Kind
from casework.disclosure.outsider.findings import Finding
from casework.disclosure.outsider.intervals import Bounds
from casework.disclosure.solver import Deadline


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
    nested = "what,broad,g,count\na,A,x,9\nb,A,x,9\nc,B,x,9\nc,B,y,9\nb,A,y,9\na,A,y,9\n"
    told = unsafe(attack(nested, outcomes=["what"], nested=[("what", "broad")]), Kind.OUTCOME)
    assert told == {}


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
