"""A list that was sent: its tables, the plan for it, and how far it is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self
from uuid import UUID

from casework.domain.documents import Document
from casework.errors import NotFound
from casework.services.importing.plan import Plan

READING = "reading"
CHECKING = "checking"
LOOKING = "looking"


@dataclass(frozen=True, slots=True)
class SheetView:
    """A table of the list: how many rows it has, in which pieces they lie, where its headings stand."""

    name: str
    headings: tuple[str, ...]
    rows: int
    first_piece: int
    pieces: int
    heading_row: int = 1
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Groups:
    """What the numbers in a column tell: of how many rows, how many numbers, how many of several rows.

    `compared` are the headings looked at; `differing` counts by heading the numbers whose rows do not agree.
    """

    sheet: int
    heading: str
    compared: tuple[str, ...]
    rows: int
    numbers: int
    repeated: int
    differing: Mapping[str, int]

    @property
    def agree(self) -> bool:
        """Whether rows with one number seem to tell of one incident; nobody can tell without a date."""
        return bool(self.compared) and not self.differing


@dataclass(frozen=True, slots=True)
class Gathered:
    """Where the rows of a table lie in the order of their numbers; no number is in two pieces."""

    sheet: int
    heading: str
    first_piece: int
    pieces: int


@dataclass(frozen=True, slots=True, repr=False)
class Upload:
    """A list, opened. `doing` is what goes on with it, `done` how many rows of it.

    It is READING, CHECKING, or LOOKING at what rows have one number. `fault` says, as sentence and values,
    why it could not be read. `report` is what the last dry run found. `groups` is what was found of the rows
    with one number; `gathered` are copies of the pieces in which such rows stand together. `is_in`: it
    came in, and its rows are gone; its plan and what was refused are there until its day ends.
    """

    id: UUID
    name: str
    sheets: tuple[SheetView, ...] = ()
    sheet: int = 0
    plan: Plan | None = None
    remembered: str = ""
    groups: Groups | None = None
    gathered: Gathered | None = None
    report: Mapping[str, Any] | None = None
    doing: str = READING
    done: int = 0
    touched_seconds: int = 0
    fault: tuple[str, Mapping[str, str | int]] | None = None
    is_in: bool = False

    @property
    def table(self) -> SheetView:
        """The table that is to be brought in."""
        return self.sheets[self.sheet]

    @property
    def decided(self) -> str:
        """What was decided of it, sheet and plan, as a short mark: a form that was made of others is old."""
        plan = json.dumps(self.plan.to_document() if self.plan else None, sort_keys=True)
        return f"{self.sheet}-{hashlib.sha256(plan.encode()).hexdigest()[:16]}"

    @property
    def is_gathered(self) -> bool:
        """Whether the rows lie as the plan wants them."""
        heading = self.plan.joined_by if self.plan else ""
        there = (self.gathered.sheet, self.gathered.heading) if self.gathered else None
        return not heading or there == (self.sheet, heading)

    @property
    def pieces(self) -> range:
        """The numbers of the pieces whose rows come in; raises NotFound where they are not gathered yet."""
        if not self.is_gathered:
            raise NotFound("upload")
        at = self.gathered if self.gathered and self.plan and self.plan.joined_by else self.table
        return range(at.first_piece, at.first_piece + at.pieces)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {
            "schema": 1,
            "name": self.name,
            "sheets": [
                [s.name, list(s.headings), s.rows, s.first_piece, s.pieces, s.heading_row, s.is_hidden]
                for s in self.sheets
            ],
            "sheet": self.sheet,
            "plan": self.plan.to_document() if self.plan else None,
            "remembered": self.remembered,
            "groups": asdict(self.groups) if self.groups else None,
            "gathered": asdict(self.gathered) if self.gathered else None,
            "report": dict(self.report) if self.report is not None else None,
            "doing": self.doing,
            "done": self.done,
            "touched_seconds": self.touched_seconds,
            "is_in": self.is_in,
            "fault": [self.fault[0], dict(self.fault[1])] if self.fault else None,
        }

    @classmethod
    def from_document(cls, upload_id: UUID, document: Document) -> Self:
        """Read what `to_document` gave; of an older version too."""
        plan, fault = document["plan"], document["fault"]
        groups, gathered = document.get("groups"), document.get("gathered")
        opened = {
            "sheets": tuple(
                SheetView(name, tuple(headings), *numbers) for name, headings, *numbers in document["sheets"]
            ),
            "plan": Plan.from_document(plan) if plan else None,
            "groups": Groups(**{**groups, "compared": tuple(groups["compared"])}) if groups else None,
            "gathered": Gathered(**gathered) if gathered else None,
            "fault": (fault[0], fault[1]) if fault else None,
        }
        return cls(upload_id, **{name: one for name, one in document.items() if name != "schema"} | opened)


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row as it was read; `content` stands for all that it holds, `occurrence` counts it among its like.

    `names` are words that read as nothing, and may be a name, by their place among the cells.
    """

    number: int
    content: str
    occurrence: int
    cells: tuple[str, ...]
    names: Mapping[int, str]
    together: int = 1
