"""What rows with one number have in common: whether they seem to tell of one incident."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from casework.services.context import Context
from casework.services.importing.cells import UNKNOWN_WORD
from casework.services.importing.headings import DATE_TARGETS, GROUP
from casework.services.importing.meaning import Meanings
from casework.services.importing.plan import Plan
from casework.services.importing.sentlist import LOOKING, Groups, Upload
from casework.services.importing.uploads import change_upload, is_busy, is_coming_in, read_table

_NOTED_ROWS = 5000
_OF_ONE_INCIDENT = ("contact_type", "police_service")


def find_known(upload: Upload, plan: Plan) -> Groups | None:
    """Return what was found of the numbers that rows have in common by a plan; None where nobody looked."""
    heading, known = plan.heading_of(GROUP), upload.groups
    if known is None or not heading:
        return None
    return known if (known.sheet, known.heading, known.compared) == _wanted(upload, plan) else None


def has_looked(upload: Upload, plan: Plan) -> bool:
    """Return whether there is nothing to look at that a page has to ask about."""
    return not plan.heading_of(GROUP) or find_known(upload, plan) is not None


def find_groups(
    context: Context, upload: Upload, plan: Plan, go_on: Callable[[int], bool] = lambda _rows: True
) -> Groups | None:
    """Look at the numbers that a plan says rows have in common, through the whole list.

    None where it says so of no column, and once `go_on`, which is told of the rows so far, says no.
    """
    sheet, heading, compared = _wanted(upload, plan)
    if not heading:
        return None
    headings = upload.table.headings
    at, columns = headings.index(heading), [headings.index(name) for name in compared]
    meanings = Meanings(plan, compared, context.runtime.today().year)
    tally = _Tally(meanings, len(columns))
    for done, (_number, _content, _again, cells, *_more) in enumerate(read_table(context, upload), start=1):
        if len(cells) == len(headings) and is_filled(cells[at]):
            tally.add(cells[at], [cells[column] for column in columns])
        if done % _NOTED_ROWS == 0 and not go_on(done):
            return None
    found = zip(compared, tally.differing, strict=True)
    return Groups(
        sheet,
        heading,
        compared,
        sum(tally.counts),
        len(tally.counts),
        sum(count > 1 for count in tally.counts),
        {name: len(numbers) for name, numbers in found if numbers},
    )


def begin_look(context: Context, upload_id: UUID) -> Upload | None:
    """Say that the numbers of a list are being looked at; returns the list.

    None where there is nothing to look at, or something goes on with the list.
    """

    def begin(now: Upload) -> Upload | None:
        waits = now.plan is not None and not has_looked(now, now.plan)
        is_free = not is_busy(context, now) and not is_coming_in(now.id)
        return replace(now, doing=LOOKING, done=0) if waits and is_free else None

    return change_upload(context, upload_id, begin)


def look_at_groups(context: Context, upload: Upload) -> None:
    """Look at the numbers, and guess what rows with the same one are where nobody has said it.

    Nothing is kept once the plan or sheet is another, or the list is gone.
    """
    assert upload.plan is not None  # noqa: S101 - who begins has looked

    def note(change: Callable[[Upload], Upload]) -> bool:
        def write(now: Upload) -> Upload | None:
            is_same = (now.doing, now.sheet, now.plan) == (LOOKING, upload.sheet, upload.plan)
            return change(now) if is_same else None

        return change_upload(context, upload.id, write) is not None

    groups = find_groups(context, upload, upload.plan, lambda rows: note(lambda now: replace(now, done=rows)))
    if groups is not None:
        plan = guess_joins(upload.plan, groups)
        note(lambda now: replace(now, groups=groups, plan=plan, doing="", done=0))


def guess_joins(plan: Plan, groups: Groups | None) -> Plan:
    """Return the plan with what rows of one number are, where nobody has said it."""
    if groups is None:
        return replace(plan, joins=None)
    return plan if plan.joins is not None else replace(plan, joins=groups.agree)


def is_filled(text: str) -> bool:
    """Return whether a cell holds something, that rows can have in common."""
    return text not in ("", UNKNOWN_WORD)


def _wanted(upload: Upload, plan: Plan) -> tuple[int, str, tuple[str, ...]]:
    """Return the sheet, the heading of the numbers, and the columns that are compared."""
    return upload.sheet, plan.heading_of(GROUP), _compared(plan)


def _compared(plan: Plan) -> tuple[str, ...]:
    """Return the columns that are alike in the rows of one incident; none where nothing says when it was."""
    dated = [heading for target in DATE_TARGETS if (heading := plan.heading_of(target))]
    told = [heading for target in _OF_ONE_INCIDENT if (heading := plan.heading_of(target))]
    return (*dated, *told) if dated else ()


class _Tally:
    """Keys alone, and no rows: of each number its count, and what each column may mean in all rows so far.

    What a column may mean is kept once, however many numbers have it.
    """

    def __init__(self, meanings: Meanings, width: int) -> None:
        self.at: dict[int, int] = {}
        self.counts = array("L")
        self.differing: list[set[int]] = [set() for _ in range(width)]
        self._meanings = meanings
        self._said: list[dict[int, frozenset[str]]] = [{} for _ in range(width)]
        self._kept: dict[frozenset[str], frozenset[str]] = {}

    def add(self, number: str, cells: Sequence[str]) -> None:
        at = self.at.setdefault(hash(number), len(self.counts))
        if at == len(self.counts):
            self.counts.append(0)
        self.counts[at] += 1
        for place, cell in enumerate(cells):
            if is_filled(cell):
                read = self._meanings.read(place, cell)
                said = self._said[place].get(at, read)
                common = said & read
                if common:
                    self._said[place][at] = self._kept.setdefault(common, common)
                else:
                    self.differing[place].add(at)
