"""What a table's dimensions and codes are called in one language: from the code lists, or from texts.toml."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from casework.domain.coded import FIELDS
from casework.domain.languages import LANGUAGES
from casework.domain.period import Period, read_quarter
from casework.domain.vocabulary import ANOTHER, LIST_NAMES, UNKNOWN, CodeList, code_list
from casework.reports import texts as texts_of
from casework.reports.calendar import write_month

_ON_THE_CALENDAR = ("year", "quarter")


def read_texts(language: str) -> Mapping[str, Any]:
    """Return the words that no code list has; raises KeyError for a language that is none of ours."""
    return texts_of.read_texts(__package__, language)


class Labels:
    """Names in one language. `patterns` maps a pattern's code in the table to its name."""

    def __init__(self, language: str, period: Period, patterns: Mapping[str, str]) -> None:
        self.language, self._locale = language, LANGUAGES[language].locale
        self._texts = read_texts(language)
        self._period = period
        self._patterns = patterns

    def dimension(self, name: str) -> str:
        """Return what a dimension is called: "Contact group"."""
        return label_dimension(name, self.language)

    def inner(self, name: str) -> str:
        """Return what it is called inside a sentence: "contact group", yet "CBSA action"."""
        text = self.dimension(name)
        return text if text[:2].isupper() else text[:1].lower() + text[1:]

    def code(self, dimension: str, code: str) -> str:
        """Return what an answer is called; codes of margins and complements included."""
        if code in ("total", ANOTHER):
            return str(self._texts[code])
        if dimension in _ON_THE_CALENDAR:
            return self._time(code)
        if dimension == "patterns":
            return self._patterns.get(code) or str(self._texts[code])
        listed = _find_list(dimension)
        if listed is None:
            raise KeyError(dimension)
        return listed.label(code, self.language)

    def text(self, name: str) -> str:
        """Return one of the other words: "incidents", "people"."""
        return str(self._texts[name])

    def month(self, day: date) -> str:
        """Return a month and its year: "March 2026"."""
        return write_month(day, self.language)

    def _time(self, code: str) -> str:
        if code == UNKNOWN:
            return str(self._texts["unknown_date"])
        if len(code) > len("2026"):
            year, number = read_quarter(code)
            return f"{self._months(number * 3 - 2, number * 3)} {year}"
        first, last = self._period.months_of(int(code))
        if (first, last) == (1, 12):
            return code
        return str(self._texts["year_part"]).format(year=code, months=self._months(first, last))

    def _months(self, first: int, last: int) -> str:
        names = [format_date(date(2000, month, 1), "LLL", locale=self._locale) for month in (first, last)]
        return "–".join(names)


def label_dimension(name: str, language: str) -> str:
    """Return what a dimension is called in a language; raises KeyError for one that does not exist."""
    listed = _find_list(name)
    return listed.labels[language] if listed else str(read_texts(language)[name])


def _find_list(dimension: str) -> CodeList | None:
    if dimension in FIELDS:
        return FIELDS[dimension].codes
    return code_list(dimension) if dimension in LIST_NAMES else None
