"""The mapping of a list: which column becomes which field, which value which code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from casework.domain.dates import Precision
from casework.domain.person import GIVEN, STATISTICS, Consent
from casework.domain.vocabulary import NOT_ASKED
from casework.services.importing.vaguedates import Order

REFUSE = "refuse"
ROW_NUMBER = "#"
ROW_CONTENT = "*"
NUMBERED = "\x1f"
"""Begins the key of rows that have a number together. No cell reads so."""
EVERY_OTHER = "*"
"""Among the parked values: each that falls to `otherwise`."""


@dataclass(frozen=True, slots=True)
class CodedColumn:
    """How a coded field is filled: a constant, or a column whose values are mapped.

    `otherwise` is the code for a value that `values` lacks, or REFUSE. `kind` is "codes", "age" (whole years
    to age bands) or "labels" (values are codes, labels or aliases of the list). `separator` splits several.
    `terms` are the own terms that a value names beside its codes.
    The words of a value in `parked` are kept in the narrative beside its code; a row with one in `refused` is
    refused.
    """

    name: str
    column: str = ""
    constant: str = ""
    kind: str = "codes"
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    otherwise: str = REFUSE
    null: str = "not_asked"
    separator: str = ""
    parked: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    terms: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConsentColumns:
    """Where a person's consents stand: the answers by purpose, the `day` that they were given, and how.

    `order` settles a day such as 3/4/2021; None where nobody knows. `means` is the code of how they answered
    where no column says it.
    """

    answers: Mapping[str, CodedColumn] = field(default_factory=dict)
    day: str = ""
    order: Order | None = None
    how: CodedColumn | None = None
    means: str = NOT_ASKED

    def columns(self) -> list[str]:
        """Return every column that tells of them."""
        how = self.how.column if self.how else ""
        return [name for name in (*(one.column for one in self.answers.values()), self.day, how) if name]


@dataclass(frozen=True, slots=True)
class PersonColumns:
    """Where a further person of each row stands: coded fields, the columns of their identity, consents."""

    coded: tuple[CodedColumn, ...]
    identity: Mapping[str, tuple[str, ...]]
    consents: ConsentColumns = field(default_factory=ConsentColumns)

    def columns(self) -> list[str]:
        """Return every column that describes them; where they and the consents are empty there is nobody."""
        named = [heading for headings in self.identity.values() for heading in headings]
        return [*named, *(one.column for one in self.coded)]


@dataclass(frozen=True, slots=True)
class DateColumns:
    """Where the date stands: one column with a strptime format, or columns for its parts.

    With an `order` each cell is read as precisely as it is written; the parts serve where it is empty. A date
    that cannot be read is then refused, or, `parked`, unknown and its words kept in the narrative. `counted`:
    a number such as 44259 is a day as spreadsheets count them. Of a date on `vague_day` the month is known.
    """

    precision: Precision
    column: str = ""
    format: str = ""
    year: str = ""
    month: str = ""
    day: str = ""
    order: Order | None = None
    parked: bool = False
    counted: bool = False
    vague_day: int = 0


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """A checked mapping. `key` names the columns that tell rows apart together.

    Or it is (ROW_NUMBER,), or (ROW_CONTENT,): all that the row holds. `notes` are columns that are kept as
    lines of the narrative, each under its heading. `consents` hold of everybody of whom `consent_columns`, or
    those of a further person, say nothing else. Rows with the same in the column `group` are one incident.
    """

    source: str
    key: tuple[str, ...]
    coded: tuple[CodedColumn, ...]
    date: DateColumns
    consents: Mapping[str, Consent]
    basis: str
    identity: Mapping[str, tuple[str, ...]]
    narrative: Mapping[str, tuple[str, ...]]
    nulls: frozenset[str]
    delimiter: str
    encoding: str
    notes: tuple[str, ...] = ()
    others: tuple[PersonColumns, ...] = ()
    consent_columns: ConsentColumns = field(default_factory=ConsentColumns)
    group: str = ""

    @property
    def counts(self) -> bool:
        """Whether rows may count in statistics."""
        is_given = STATISTICS in self.consents and self.consents[STATISTICS].answer == GIVEN
        people = (self.consent_columns, *(one.consents for one in self.others))
        return is_given or any(STATISTICS in one.answers for one in people)

    def columns(self) -> frozenset[str]:
        """Return every column that the mapping reads."""
        named = [*self.key_columns(), *(coded.column for coded in self.coded)]
        named += [self.date.column, self.date.year, self.date.month, self.date.day]
        named += [c for columns in (*self.identity.values(), *self.narrative.values()) for c in columns]
        named += [heading for person in self.others for heading in person.columns()]
        named += [heading for person in self.others for heading in person.consents.columns()]
        named += [self.group, *self.notes, *self.consent_columns.columns()]
        return frozenset(filter(None, named))

    def key_columns(self) -> tuple[str, ...]:
        """Return the columns of the key; none where the row's number or all that it holds is the key."""
        return () if self.key in ((ROW_NUMBER,), (ROW_CONTENT,)) else self.key


def make_consent(answer: str, how: str) -> Consent:
    """Return the consent of everybody in a list; how they answered goes with an answer only."""
    return Consent(answer, how=NOT_ASKED if answer == NOT_ASKED else how)
