"""The one number that a question is after, as a protected release has it; and what a coarser one has."""

from dataclasses import replace

from casework.disclosure.ledger.release import ProtectedRelease
from casework.domain.coded import FIELDS
from casework.domain.messages import N_
from casework.domain.question import Question
from casework.domain.releasedraft import Names
from casework.domain.vocabulary import grouping
from casework.errors import Invalid
from casework.reports.layout import TOTAL, Shown
from casework.reports.publication.grids import read_grids
from casework.services.releases.looks import Alternative
from casework.services.statistics.dimensions import DimensionSpec, find_dimension, get_dimension, ladder


def check_answer(question: Question) -> None:
    """Raise Invalid naming `show` or `answer` for what is none of the listed ones."""
    if not question.show:
        return
    spec = find_dimension(question.show)
    if spec is None:
        raise Invalid(show=N_("Choose one of the listed answers."))
    if question.answer and (spec.codes is None or question.answer not in spec.codes.codes):
        raise Invalid(answer=N_("Choose one of the listed answers."))


def find_number(protected: ProtectedRelease, question: Question) -> Shown | None:
    """Return the number that was asked for; None where the table does not tell this answer from others."""
    (grid,) = read_grids(protected, [question.names])
    row = question.answer or TOTAL
    return grid.at(row, TOTAL) if row in grid.rows else None


def is_told(protected: ProtectedRelease, question: Question) -> bool:
    """Whether the number that was asked for is shown."""
    number = find_number(protected, question)
    return number is not None and number.state != "hidden"


def coarsen(question: Question, names: Names) -> Question:
    """Return the question that a table of these dimensions answers: with the group that the answer is in.

    Where the table does not ask what the answer is to, or its groups cut through it, it is after the total.
    """
    show, by = names[0], names[1] if len(names) > 1 else ""
    if show == question.show:
        return replace(question, by=by)
    answer = ""
    if question.answer and show in ladder(question.show):
        answer = _group(get_dimension(question.show), get_dimension(show), question.answer)
    return replace(question, show=show, answer=answer, by=by)


def nearest(question: Question, form: Alternative) -> Question:
    """Return the question that a form which passes answers, over its own period."""
    near = coarsen(question, form.tables[0])
    return replace(near, period=form.period or question.period)


def _group(fine: DimensionSpec, coarse: DimensionSpec, answer: str) -> str:
    """Return the group of the coarser dimension that holds the answer; both read one field."""
    codes = FIELDS[fine.field].codes.codes
    of_fine, of_coarse = (_groups(spec) for spec in (fine, coarse))
    found = {of_coarse.get(code, code) for code in codes if of_fine.get(code, code) == answer}
    return found.pop() if len(found) == 1 else ""


def _groups(spec: DimensionSpec) -> dict[str, str]:
    return dict(grouping(FIELDS[spec.field].list_name, spec.attribute)) if spec.attribute else {}
