"""Answering a question about what was logged: with a protected table, a refusal, or nothing to count yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from casework.disclosure import ProtectedTable
from casework.domain.pattern import PatternDefinition
from casework.domain.period import Period
from casework.domain.permissions import Permission
from casework.errors import DisclosureRefused
from casework.services.casebook import FactBook, OpenedIncident
from casework.services.context import Context
from casework.services.patterns import list_patterns
from casework.services.statistics.dimensions import Unit
from casework.services.statistics.selection import Selection, count_units, covered_years, list_counting
from casework.services.statistics.tables import protect_units

_DEFAULT_YEARS = 3


@dataclass(frozen=True)
class Composed:
    """The answer. `selection` is None where nothing can be counted yet; then there is no table.

    Of `table` and `refusal` at most one is there. `years` are those that the form offers.
    """

    years: tuple[int, ...]
    threshold: int
    patterns: Mapping[str, PatternDefinition]
    selection: Selection | None = None
    table: ProtectedTable | None = None
    refusal: DisclosureRefused | None = None

    def pattern_names(self, language: str) -> Mapping[str, str]:
        """Return the patterns' names by their code in the table."""
        return {code: pattern.name(language) for code, pattern in self.patterns.items()}


def offer(context: Context) -> Composed:
    """Return what can be asked, without an answer."""
    return _prepare(context)[0]


def compose(context: Context, selection: Selection | None) -> Composed:
    """Answer a selection; without one, contact groups by year over the last years that have any."""
    composed, book, counting = _prepare(context)
    asked = selection or _first_question(counting)
    if asked is None:
        return composed
    answer = _answer(book, counting, asked, tuple(composed.patterns), composed.threshold)
    if isinstance(answer, DisclosureRefused):
        return replace(composed, selection=asked, refusal=answer)
    return replace(composed, selection=asked, table=answer)


def _answer(
    book: FactBook,
    counting: Sequence[OpenedIncident],
    asked: Selection,
    patterns: tuple[str, ...],
    threshold: int,
) -> ProtectedTable | DisclosureRefused:
    """Protect once for each question and book: screen and export agree, and a second look costs nothing."""
    key = (asked, patterns, threshold)
    if key not in book.worked_out:
        try:
            table = protect_units(count_units(book, counting, asked), asked, patterns, threshold)
        except DisclosureRefused as refusal:
            if refusal.reason == "time_limit":
                return refusal
            book.worked_out[key] = refusal.with_traceback(None)
        else:
            book.worked_out[key] = table
    answer: ProtectedTable | DisclosureRefused = book.worked_out[key]
    return answer


def _prepare(context: Context) -> tuple[Composed, FactBook, list[OpenedIncident]]:
    context.require(Permission.SEE_STATISTICS)
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    if list_counting not in book.worked_out:
        book.worked_out[list_counting] = list_counting(book)
    counting: list[OpenedIncident] = book.worked_out[list_counting]
    years = covered_years(counting)
    offered = range(min(years), max(*years, context.runtime.today().year) + 1) if years else ()
    patterns = {view.id.hex: view.definition for view in list_patterns(context)}
    return Composed(tuple(offered), context.runtime.limits.threshold, patterns), book, counting


def _first_question(counting: Sequence[OpenedIncident]) -> Selection | None:
    years = covered_years(counting)[-_DEFAULT_YEARS:]
    if not years:
        return None
    return Selection(Unit.INCIDENTS, "contact_group", "year", Period((years[0], 1), (years[-1], 4)))
