"""What rows with one number have in common: whether they seem to tell of one incident."""

from array import array
from collections.abc import Sequence
from dataclasses import replace

from casework.services.context import Context
from casework.services.importing.cells import UNKNOWN_WORD
from casework.services.importing.headings import DATE_TARGETS, GROUP
from casework.services.importing.plan import Plan
from casework.services.importing.sentlist import Groups, Upload
from casework.services.importing.uploads import change_upload, read_table

_OF_ONE_INCIDENT = ("contact_type", "police_service")


def look_at_groups(context: Context, upload: Upload, plan: Plan) -> Upload:
    """Look at the numbers that a plan says rows have in common; returns the list with what was found.

    What was found before stands while it is about the same columns.
    """
    heading = plan.heading_of(GROUP)
    if not heading:
        return replace(upload, groups=None)
    compared = _compared(plan)
    known = upload.groups
    if known and (known.sheet, known.heading, known.compared) == (upload.sheet, heading, compared):
        return upload
    groups = _count(context, upload, heading, compared)
    change_upload(context, upload.id, lambda now: replace(now, groups=groups))
    return replace(upload, groups=groups)


def guess_joins(plan: Plan, groups: Groups | None) -> Plan:
    """Return the plan with what rows of one number are, where nobody has said it."""
    if groups is None:
        return replace(plan, joins=None)
    return plan if plan.joins is not None else replace(plan, joins=groups.agree)


def is_filled(text: str) -> bool:
    """Return whether a cell holds something, that rows can have in common."""
    return text not in ("", UNKNOWN_WORD)


def _compared(plan: Plan) -> tuple[str, ...]:
    """Return the columns that are alike in the rows of one incident; none where nothing says when it was."""
    dated = [heading for target in DATE_TARGETS if (heading := plan.heading_of(target))]
    told = [heading for target in _OF_ONE_INCIDENT if (heading := plan.heading_of(target))]
    return (*dated, *told) if dated else ()


class _Tally:
    """Keys alone, and no rows: of each number its count, and a mark of the first that each column says."""

    def __init__(self, width: int) -> None:
        self.at: dict[int, int] = {}
        self.counts = array("L")
        self.first = [array("q") for _ in range(width)]
        self.differing: list[set[int]] = [set() for _ in range(width)]

    def add(self, number: str, cells: Sequence[str]) -> None:
        at = self.at.setdefault(hash(number), len(self.counts))
        if at == len(self.counts):
            self.counts.append(0)
            for marks in self.first:
                marks.append(0)
        self.counts[at] += 1
        for marks, differing, cell in zip(self.first, self.differing, cells, strict=True):
            if is_filled(cell):
                mark = hash(cell.casefold())
                marks[at] = marks[at] or mark
                if marks[at] != mark:
                    differing.add(at)


def _count(context: Context, upload: Upload, heading: str, compared: tuple[str, ...]) -> Groups:
    headings = upload.table.headings
    at, columns = headings.index(heading), [headings.index(name) for name in compared]
    tally = _Tally(len(columns))
    for _number, _content, _again, cells, *_more in read_table(context, upload):
        if len(cells) == len(headings) and is_filled(cells[at]):
            tally.add(cells[at], [cells[column] for column in columns])
    found = zip(compared, tally.differing, strict=True)
    return Groups(
        upload.sheet,
        heading,
        compared,
        sum(tally.counts),
        len(tally.counts),
        sum(count > 1 for count in tally.counts),
        {name: len(numbers) for name, numbers in found if numbers},
    )
