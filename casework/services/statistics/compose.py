"""Answering a question about what was logged: with a protected table, a refusal, or nothing to count yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from casework.disclosure import ProtectedTable
from casework.domain.pattern import PatternDefinition
from casework.domain.period import Period
from casework.domain.permissions import Permission
from casework.errors import DisclosureRefused
from casework.services.books import FactBook
from casework.services.context import Context
from casework.services.patterns import list_patterns
from casework.services.statistics.columns import count_columns, lay_out
from casework.services.statistics.counting import keep_counting
from casework.services.statistics.dimensions import Unit
from casework.services.statistics.selection import Selection
from casework.services.statistics.tables import protect_columns

_DEFAULT_YEARS = 3


@dataclass(frozen=True)
class Composed:
    """The answer. Of `table` and `refusal` at most one is there. `years` are those that the form offers.

    `is_closed` tells that no question has an answer: so little is counted, or a record is damaged. `refusal`
    says which, whatever is asked, and nothing else tells of what is counted.
    """

    years: tuple[int, ...]
    threshold: int
    patterns: Mapping[str, PatternDefinition]
    selection: Selection | None = None
    table: ProtectedTable | None = None
    refusal: DisclosureRefused | None = None
    is_closed: bool = False

    def pattern_names(self, language: str) -> Mapping[str, str]:
        """Return the patterns' names by their code in the table."""
        return {code: pattern.name(language) for code, pattern in self.patterns.items()}


def offer(context: Context) -> Composed:
    """Return what can be asked, without an answer."""
    return _prepare(context)[0]


def compose(context: Context, selection: Selection | None) -> Composed:
    """Answer a selection; without one, contact groups by year over the last years that have any."""
    composed, book = _prepare(context)
    if composed.is_closed:
        return composed
    asked = selection or _first_question(lay_out(book).years())
    answer = _answer(book, asked, tuple(composed.patterns), composed.threshold)
    if isinstance(answer, DisclosureRefused):
        return replace(composed, selection=asked, refusal=answer)
    return replace(composed, selection=asked, table=answer)


def _answer(
    book: FactBook, asked: Selection, patterns: tuple[str, ...], threshold: int
) -> ProtectedTable | DisclosureRefused:
    """Protect once for each question and book: screen and export agree, and a second look costs nothing."""
    key = (asked, patterns, threshold)
    if key not in book.worked_out:
        try:
            table = protect_columns(count_columns(book, asked, patterns), asked, threshold)
        except DisclosureRefused as refusal:
            if refusal.reason == "time_limit":
                return refusal
            book.worked_out[key] = refusal.with_traceback(None)
        else:
            book.worked_out[key] = table
    answer: ProtectedTable | DisclosureRefused = book.worked_out[key]
    return answer


def _prepare(context: Context) -> tuple[Composed, FactBook]:
    context.require(Permission.SEE_STATISTICS)
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    this_year, threshold = context.runtime.today().year, context.runtime.limits.threshold
    patterns = {view.id.hex: view.definition for view in list_patterns(context)}
    closed = why_closed(book, threshold)
    if closed is not None:
        return Composed((this_year,), threshold, patterns, refusal=closed, is_closed=True), book
    years = lay_out(book).years()
    offered = range(min(years), max(*years, this_year) + 1)
    return Composed(tuple(offered), threshold, patterns), book


def why_closed(book: FactBook, threshold: int) -> DisclosureRefused | None:
    """Return why nothing may be answered at all, None where it may.

    A sum without a damaged record tells of that record.

    Below the threshold the years offered, and which period is empty, would tell the date of the only case.
    """
    if book.damaged:
        return DisclosureRefused("damaged")
    dated: set[UUID] = set()
    for incident in keep_counting(book).values():
        if incident.facts.date.span() is not None:
            dated.add(incident.case_id)
        if len(dated) >= threshold:
            return None
    return DisclosureRefused("not_enough", threshold=threshold)


def _first_question(years: Sequence[int]) -> Selection:
    period = Period((years[-_DEFAULT_YEARS:][0], 1), (years[-1], 4))
    return Selection(Unit.INCIDENTS, "contact_group", "year", period)
