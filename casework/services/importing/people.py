"""Whose a column is where a row tells of several people: "gender" is the first's, "gender@2" the second's."""

MOST_PEOPLE = 4
"""Of one row: whoever has more in one line writes them in words."""

MOST_IN_INCIDENT = 40
"""As many people as the page of an incident takes."""

MOST_ROWS_TOGETHER = 200
"""Of one incident; what has more is no incident, but a column that was taken for its number by mistake."""

FURTHER = range(2, MOST_PEOPLE + 1)
_MARK = "@"


def of_person(target: str, number: int) -> str:
    """Return what a column becomes that is a person's, counted from 1."""
    return target if number == 1 else f"{target}{_MARK}{number}"


def split_target(target: str) -> tuple[str, int]:
    """Return what a column becomes, and which person's it is, as `of_person` put them together."""
    base, mark, number = target.partition(_MARK)
    return base, int(number) if mark else 1
