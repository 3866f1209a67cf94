"""A number that was asked for, where a release has it already: then this is the number to tell."""

from collections.abc import Iterator

from casework.domain.approval import State
from casework.domain.period import Period, write_quarter
from casework.domain.question import Question
from casework.domain.releasedraft import ReleaseDraft
from casework.reports.layout import TOTAL, Shown
from casework.reports.publication.grids import Grid, read_grids
from casework.services.context import Context
from casework.services.releases.ledger import Held, Ledger
from casework.services.releases.looks import Released
from casework.services.releases.reading import Published, take_release


def find_released(context: Context, ledger: Ledger, question: Question) -> Released | None:
    """Return the newest release that tells the number, else the newest of the same time; None without any.

    Only those that stand. Raises Tampered, DisclosureRefused.
    """
    found = None
    for held in _list_standing(ledger, question.unit, question.period):
        published = take_release(context, ledger, held.release_id)
        told = [(at, cell) for at, cell in _cells(published, question) if cell.state == "shown"]
        if told:
            (at, cell), *_others = told
            return Released(held.release_id, held.number, cell.value, at)
        found = found or Released(held.release_id, held.number)
    return found


def find_of_time(ledger: Ledger, draft: ReleaseDraft) -> Released | None:
    """Return the newest release that stands of a time that a draft is of; None without any."""
    for held in _list_standing(ledger, draft.unit, draft.period):
        return Released(held.release_id, held.number)
    return None


def _list_standing(ledger: Ledger, unit: str, period: Period) -> Iterator[Held]:
    """Give those that stand and have a day in common with a period, the newest first."""
    for held in reversed(ledger.held):
        draft = held.release.draft
        is_apart = draft.period.last < period.first or period.last < draft.period.first
        if held.release.state is State.APPROVED and not is_apart and draft.unit == unit:
            yield held


def _cells(published: Published, question: Question) -> Iterator[tuple[int, Shown]]:
    """Go through the cells of a release that count exactly what is asked, each with its table's number."""
    line = question.answer or TOTAL
    for at, grid in enumerate(read_grids(published.protected, published.tables)):
        for time, code in _times(published.period, question.period):
            codes = {question.show: line, time: code} if question.answer else {time: code}
            for cell in _look_up(grid, codes):
                yield at, cell


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
