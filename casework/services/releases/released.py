"""A number that was asked for, where a release has it already: then this is the number to tell."""

from collections.abc import Iterator

from casework.domain.approval import State
from casework.domain.period import Period, write_quarter
from casework.domain.question import Question
from casework.reports.layout import TOTAL, Shown
from casework.reports.publication.grids import Grid, read_grids
from casework.services.context import Context
from casework.services.releases.ledger import Ledger
from casework.services.releases.looks import Released
from casework.services.releases.reading import Published, take_release


def find_released(context: Context, ledger: Ledger, question: Question) -> Released | None:
    """Return the newest release that tells the number, else the newest of the same time; None without any.

    Only those that stand. Raises Tampered, DisclosureRefused.
    """
    found = None
    for held in reversed(ledger.held):
        draft = held.release.draft
        is_apart = draft.period.last < question.period.first or question.period.last < draft.period.first
        if held.release.state is not State.APPROVED or is_apart or draft.unit != question.unit:
            continue
        published = take_release(context, ledger, held.release_id)
        value = next((cell.value for cell in _cells(published, question) if cell.state == "shown"), None)
        if value is not None:
            return Released(held.release_id, held.number, value)
        found = found or Released(held.release_id, held.number, None)
    return found


def _cells(published: Published, question: Question) -> Iterator[Shown]:
    """Go through the cells of a release that count exactly what is asked."""
    line = question.answer or TOTAL
    for grid in read_grids(published.protected, published.tables):
        for time, code in _times(published.period, question.period):
            yield from _look_up(grid, {question.show: line, time: code} if question.answer else {time: code})


def _times(whole: Period, asked: Period) -> Iterator[tuple[str, str]]:
    """List how a release of `whole` can call the time that is asked: by its total, as a year or a quarter."""
    if whole == asked:
        yield "", TOTAL
    elif whole.first <= asked.first and asked.last <= whole.last:
        year = asked.first[0]
        if asked == Period((year, 1), (year, 4)):
            yield "year", f"{year:04d}"
        if asked.first == asked.last:
            yield "quarter", write_quarter(asked.first)


def _look_up(grid: Grid, codes: dict[str, str]) -> Iterator[Shown]:
    """Give the cell of a table with these codes of its questions, and the sums of all others."""
    wanted = {name: code for name, code in codes.items() if code != TOTAL}
    row, column = (wanted.pop(name, TOTAL) for name in (grid.names[0], grid.names[-1]))
    if not wanted and row in grid.rows and column in grid.columns:
        yield grid.at(row, column)
