"""Whose a column is where a row tells of several people: "gender" is the first's, "gender@2" the second's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from casework.domain.vocabulary import NOT_ASKED

if TYPE_CHECKING:
    from casework.services.importing.mapping import CodedColumn
    from casework.services.importing.vaguedates import Order

MOST_PEOPLE = 4
"""Of one row: whoever has more in one line writes them in words."""

MOST_IN_INCIDENT = 40
"""As many people as the page of an incident takes."""

MOST_ROWS_TOGETHER = 200
"""Of one incident; what has more is no incident, but a column that was taken for its number by mistake."""

FURTHER = range(2, MOST_PEOPLE + 1)
_MARK = "@"


@dataclass(frozen=True, slots=True)
class ConsentColumns:
    """Where a person's consents stand: the answers by purpose, the `day` that they were given, and how.

    `order` settles a day such as 3/4/2021; None where nobody knows. `means` is the code of how they answered
    where no column says it.
    """

    answers: Mapping[str, "CodedColumn"] = field(default_factory=dict)
    day: str = ""
    order: "Order | None" = None
    how: "CodedColumn | None" = None
    means: str = NOT_ASKED

    def columns(self) -> list[str]:
        """Return every column that tells of them."""
        how = self.how.column if self.how else ""
        return [name for name in (*(one.column for one in self.answers.values()), self.day, how) if name]


@dataclass(frozen=True, slots=True)
class PersonColumns:
    """Where a further person of each row stands: coded fields, the columns of their identity, consents."""

    coded: tuple["CodedColumn", ...]
    identity: Mapping[str, tuple[str, ...]]
    consents: ConsentColumns = field(default_factory=ConsentColumns)

    def columns(self) -> list[str]:
        """Return every column that describes them; where they and the consents are empty there is nobody."""
        named = [heading for headings in self.identity.values() for heading in headings]
        return [*named, *(one.column for one in self.coded)]


def of_person(target: str, number: int) -> str:
    """Return what a column becomes that is a person's, counted from 1."""
    return target if number == 1 else f"{target}{_MARK}{number}"


def split_target(target: str) -> tuple[str, int]:
    """Return what a column becomes, and which person's it is, as `of_person` put them together."""
    base, mark, number = target.partition(_MARK)
    return base, int(number) if mark else 1
