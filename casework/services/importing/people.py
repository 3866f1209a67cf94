"""Whose a column is where a row tells of several people: "gender" is the first's, "gender@2" the second's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casework.services.importing.mapping import CodedColumn

MOST_PEOPLE = 4
"""Of one row: whoever has more in one line writes them in words."""

FURTHER = range(2, MOST_PEOPLE + 1)
_MARK = "@"


@dataclass(frozen=True, slots=True)
class PersonColumns:
    """Where a further person of each row stands: their coded fields, and the columns of their identity."""

    coded: tuple["CodedColumn", ...]
    identity: Mapping[str, tuple[str, ...]]

    def columns(self) -> list[str]:
        """Return every column that tells of them; where all are empty there is nobody."""
        named = [heading for headings in self.identity.values() for heading in headings]
        return [*named, *(one.column for one in self.coded)]


def of_person(target: str, number: int) -> str:
    """Return what a column becomes that is a person's, counted from 1."""
    return target if number == 1 else f"{target}{_MARK}{number}"


def split_target(target: str) -> tuple[str, int]:
    """Return what a column becomes, and which person's it is, as `of_person` put them together."""
    base, mark, number = target.partition(_MARK)
    return base, int(number) if mark else 1
