"""What is said of figures: how many, of which period, why there are none."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from casework.domain.period import Period
from casework.domain.question import Question
from casework.domain.timelabels import read_label
from casework.errors import Invalid
from casework.reports.labels import Labels
from casework.reports.publication import words
from casework.services.releases.composing import SEPARATOR
from casework.services.statistics.dimensions import Unit, find_dimension
from casework.web.language import format_number, inside, language

_PLACE = "\0"
_IN_ALL = {
    Unit.INCIDENTS: _l("%(period)s: %(count)s in which everybody agreed to be counted."),
    Unit.PEOPLE: _l("%(period)s: %(count)s who agreed to be counted."),
}
_WITH_ANSWER = {
    Unit.INCIDENTS: _l("%(period)s: %(count)s where %(clause)s."),
    Unit.PEOPLE: _l("%(period)s: %(count)s for whom %(clause)s."),
}


def count_in_words(unit: Unit, count: int) -> str:
    """Write a published total with its unit."""
    return _count(unit, count, format_number(count))


def _count(unit: Unit, count: int, number: str) -> str:
    if unit is Unit.PEOPLE:
        return str(ngettext("%(number)s person", "%(number)s people", count, number=number))
    return str(ngettext("%(number)s incident", "%(number)s incidents", count, number=number))


def say_number(question: Question, count: int) -> tuple[str, str, str]:
    """Answer a question in one sentence: what comes before its number, the number, and what comes after."""
    labels = Labels(language(), question.period, {})
    unit = Unit(question.unit)
    said = {
        "period": words.write_period(question.period, language()),
        "count": _count(unit, count, _PLACE),
    }
    sentence = _WITH_ANSWER[unit] if question.answer else _IN_ALL[unit]
    if question.answer:
        said["clause"] = words.say_clause(question.show, question.answer, labels)
    before, _place, after = (str(sentence) % said).partition(_PLACE)
    return before, format_number(count), after


def name_question(question: Question) -> str:
    """Say what is asked: "Incidents, 2025: “Ticket” (contact group)"."""
    asked = words.ask(question.unit, question.period, language())
    labels = Labels(language(), question.period, {})
    if not question.show and not question.by:
        return asked
    table = words.name_table(question.names, labels)
    if not question.answer:
        return str(_("%(asked)s: %(table)s", asked=asked, table=table))
    answer = labels.code(question.show, question.answer)
    return str(_("%(asked)s: “%(answer)s” (%(table)s)", asked=asked, answer=answer, table=inside(table)))


def name_asked(part: str, value: str, answer: str) -> str:
    """Name the table or the period of a question that was asked, as the audit log has them."""
    try:
        if part == "period":
            return words.write_period(read_label(value), language())
    except Invalid:
        return "?"
    names = tuple(value.split(SEPARATOR))
    if not all(map(find_dimension, names)):
        return "?"
    labels = Labels(language(), Period((2000, 1), (2000, 4)), {})
    table = words.name_table(names, labels)
    return f"{table} ({labels.code(names[0], answer)})" if answer else table
