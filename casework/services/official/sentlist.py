"""A list of official counts, as it was sent: its columns, what they become, and what its words mean.

It is small and holds nothing of a case. The page carries it from step to step, so that nothing of it is kept
anywhere before it is imported.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from uuid import UUID

from casework.domain.folding import fold
from casework.domain.messages import N_
from casework.domain.official import is_service
from casework.domain.vocabulary import code_list
from casework.errors import Invalid
from casework.services.importing.reading import EMPTY, read_file
from casework.services.importing.vaguedates import Order, Shape, find_shape

MOST_ROWS = 1000
MOST_CHARACTERS = 400_000

TARGETS = (
    "service", "first", "last", "period", "measure", "value", "bound", "unit", "publisher", "title",
    "published", "url", "number", "note",
)  # fmt: skip
"""What a column may become; each at most once, `""` being left out."""
MEANT = ("service", "measure", "publisher")
"""The columns of whose words it is asked what they mean."""

_TOO_LONG = N_("This list has more than 1,000 rows, or very long ones. Split it into several files.")
_BROKEN = N_("The list did not come back whole from the page. Send the file again.")


@dataclass(frozen=True, slots=True)
class SentList:
    """Headings and rows of the first sheet; each row with its number in the file."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def encode(self) -> str:
        """Write it as a page carries it."""
        rows = [[number, *cells] for number, cells in self.rows]
        return json.dumps([self.name, list(self.headings), rows], ensure_ascii=False)

    @classmethod
    def decode(cls, text: str) -> "SentList":
        """Read what a page carried; raises Invalid naming `file`."""
        try:
            name, headings, rows = json.loads(text)
            made = cls(
                str(name),
                tuple(str(heading) for heading in headings),
                tuple((int(row[0]), tuple(str(cell) for cell in row[1:])) for row in rows),
            )
        except (ValueError, TypeError, IndexError, KeyError):
            raise Invalid(file=_BROKEN) from None
        if not made.headings or not made.rows or len(made.rows) > MOST_ROWS:
            raise Invalid(file=_BROKEN)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlan:
    """What becomes of a list: a target for each column, the order of dates, what words mean, and one source.

    `meanings` are by target and the word as the list has it: a code, or other words. `source` is what stands
    for every row in which the list itself says nothing: publisher, title, published, url, number.
    """

    targets: tuple[str, ...]
    order: Order = Order.DAY_FIRST
    meanings: Mapping[tuple[str, str], str] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    request: UUID | None = None

    def cell(self, cells: Sequence[str], target: str) -> str:
        """Give what a row says of a target; empty where no column is of it."""
        at = self.targets.index(target) if target in self.targets else len(cells)
        return cells[at] if at < len(cells) else ""


def read_list(name: str, content: bytes) -> SentList:
    """Read a file, of a workbook the first sheet in sight; raises Invalid naming `file`."""
    for sheet in read_file(content):
        rows = []
        for row in sheet.rows:
            rows.append((row.number, row.cells))
            if len(rows) > MOST_ROWS:
                raise Invalid(file=_TOO_LONG)
        if not sheet.is_hidden and rows:
            made = SentList(name[:200], sheet.headings, tuple(rows))
            if len(made.encode()) > MOST_CHARACTERS:
                raise Invalid(file=_TOO_LONG)
            return made
    raise Invalid(file=EMPTY)


def guess_plan(sent: SentList, this_year: int) -> ListPlan:
    """Guess what each column becomes by its heading, and in which order its dates are written."""
    targets: list[str] = []
    for heading in sent.headings:
        found = _targets_by_words().get(fold(heading.replace("_", " ")), "")
        targets.append("" if found in targets else found)
    plan = ListPlan(targets=tuple(targets))
    shapes = {
        find_shape(text, this_year)
        for _number, cells in sent.rows
        for target in ("first", "last", "period")
        if (text := plan.cell(cells, target))
    }
    is_month_first = Shape.MONTH_FIRST in shapes and Shape.DAY_FIRST not in shapes
    order = Order.MONTH_FIRST if is_month_first else Order.DAY_FIRST
    return ListPlan(targets=plan.targets, order=order, meanings=guess_meanings(sent, plan))


def guess_meanings(sent: SentList, plan: ListPlan) -> dict[tuple[str, str], str]:
    """Guess what the list's words mean: a code where one fits, otherwise themselves."""
    return {
        (target, word): _guess(target, word) for target in MEANT for word in list_words(sent, plan, target)
    }


def list_words(sent: SentList, plan: ListPlan, target: str) -> list[str]:
    """List the different words of a column, in the order of the list."""
    words = (plan.cell(cells, target) for _number, cells in sent.rows)
    return list(dict.fromkeys(word for word in words if word))


def _guess(target: str, word: str) -> str:
    lists = {"service": ("police_service", "official_group"), "measure": ("official_measure",)}
    for name in lists.get(target, ()):
        code = code_list(name).find(word) or code_list(name).find_bare(word)
        if code is not None and (target != "service" or is_service(code)):
            return code
    return word if target == "publisher" else ""


@cache
def _targets_by_words() -> Mapping[str, str]:
    read = tomllib.loads((files(__package__) / "headings.toml").read_text("utf-8"))
    return dict(_pair_words(read))


def _pair_words(read: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for target, words in read.items():
        yield from ((word, target) for word in words)
