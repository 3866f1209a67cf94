"""What the explorer calls its facets, codes, units and filters, in the page's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from casework.domain.dates import FIRST_YEAR, LAST_YEAR
from casework.domain.period import Period
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN
from casework.reports.labels import Labels
from casework.services.exploring.facets import CONSENT, NOBODY, REACHED, STATUS, Unit
from casework.services.exploring.questions import Question, Share
from casework.web.language import format_number, language, write_day

NAMES_OF_UNITS: Mapping[Unit, Any] = {
    Unit.INCIDENTS: _l("Incidents"),
    Unit.PEOPLE: _l("People"),
    Unit.CASES: _l("Cases"),
    Unit.REFERRALS: _l("Referrals"),
}
NAMES_OF_SHARES: Mapping[Share, Any] = {
    Share.NONE: _l("none shown"),
    Share.ROW: _l("of the row"),
    Share.COLUMN: _l("of the column"),
    Share.TOTAL: _l("of all"),
}
NAMES_OF_STEPS: Mapping[str, Any] = {
    "contact": _l("Contact"),
    "status_surfaced": _l("Status came up"),
    "referral": _l("Referral to the CBSA"),
    "detention": _l("Detention"),
    "removal": _l("Removal"),
}
ASIDE = (UNKNOWN, NOT_ASKED, NOBODY)
"""Answers that are none, shown in italics."""

_ALWAYS = Period((FIRST_YEAR, 1), (LAST_YEAR, 4))


class Words:
    """Names in the page's language; `patterns` are those of patterns by their codes."""

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self._labels = Labels(language(), _ALWAYS, patterns)
        self.patterns = patterns

    def code(self, facet: str, code: str) -> str:
        """Return what an answer is called."""
        if code == NOBODY:
            return str(_("Nobody named"))
        if facet == REACHED:
            return str(NAMES_OF_STEPS[code])
        if facet == CONSENT:
            return self._labels.code("consent_answer", code)
        if facet == "patterns" and code != "none" and code not in self.patterns:
            return str(_("A pattern that is not there"))
        return self._labels.code(facet, code)

    @property
    def total(self) -> str:
        """What a margin is called."""
        return self._labels.code("year", "total")

    def filters(self, question: Question) -> list[tuple[str, str, str]]:
        """Return each code that narrows a question, as facet, code and words."""
        given = [(name, code) for name, codes in question.filters.items() for code in codes]
        return [(name, code, self._say(name, code)) for name, code in given]

    def cell(self, question: Question) -> list[tuple[str, str]]:
        """Return each code of a question's cell, as facet and words."""
        return [(name, self._say(name, code)) for name, code in question.cell.items()]

    def _say(self, name: str, code: str) -> str:
        said = self.code(name, code)
        if code in ASIDE or name in (CONSENT, REACHED, STATUS):
            return str(_("%(question)s: %(answer)s", question=name_facet(name), answer=said))
        return said


def name_facet(name: str) -> str:
    """Return what a facet is called."""
    if name == CONSENT:
        return str(_("Consent to statistics"))
    if name == REACHED:
        return str(_("Step reached"))
    if name == STATUS:
        return str(_("State of the case"))
    return Labels(language(), _ALWAYS, {}).dimension(name)


def name_question(question: Question) -> str:
    """Say what is crossed: "Contact group, by year and city"."""
    inner = [_inner(name) for name in question.facets[1:]]
    show = name_facet(question.show)
    if not inner:
        return str(_("%(show)s, by %(by)s", show=NAMES_OF_UNITS[question.unit], by=_inner(question.show)))
    if len(inner) == 1:
        return str(_("%(show)s, by %(by)s", show=show, by=inner[0]))
    return str(_("%(show)s, by %(by)s and %(panels)s", show=show, by=inner[0], panels=inner[1]))


def _inner(name: str) -> str:
    text = name_facet(name)
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def say_count(unit: Unit, count: int) -> str:
    """Write a count with its unit."""
    number = format_number(count)
    if unit is Unit.PEOPLE:
        return str(ngettext("%(number)s person", "%(number)s people", count, number=number))
    if unit is Unit.CASES:
        return str(ngettext("%(number)s case", "%(number)s cases", count, number=number))
    if unit is Unit.REFERRALS:
        return str(ngettext("%(number)s referral", "%(number)s referrals", count, number=number))
    return str(ngettext("%(number)s incident", "%(number)s incidents", count, number=number))


def say_period(question: Question) -> str:
    """Write the days from which and to which; empty without any."""
    first = write_day(question.first, "medium") if question.first else ""
    last = write_day(question.last, "medium") if question.last else ""
    if first and last:
        return str(_("%(first)s to %(last)s", first=first, last=last))
    if first or last:
        return str(_("since %(day)s", day=first) if first else _("until %(day)s", day=last))
    return ""
