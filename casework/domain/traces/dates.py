"""Dates in a text, in figures and in words: whatever is finer than a season."""

import re
from collections.abc import Iterator

from .kinds import DATE, DAY, LIKE_DATE, Trace
from .numerals import pattern_of, spell_days
from .words import any_flat, any_of, list_flat, read_words

_MONTHS = any_flat("dates", "months")
_SHORT = any_flat("dates", "short")
_WEEKDAYS = any_flat("dates", "weekdays")
_NAMES_TOO = frozenset(list_flat("dates", "names_too"))
_WORDS_TOO = frozenset(list_flat("dates", "words_too"))
_OF_ENGLISH = frozenset(month.lower() for month in read_words("dates")["en"]["names_too"])
_DAYS = "|".join(sorted(map(pattern_of, spell_days()), key=len, reverse=True))
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|re|o|a)?|{_DAYS})"
_LINK = rf"(?:{any_flat('dates', 'particles')}\s++)?"
_PATTERNS = (
    (DATE, rf"\b{_DAY}[\s-]++{_LINK}{_MONTHS}\b"),
    (DATE, rf"\b\d{{1,2}}(?:st|nd|rd|th|er)?[\s-]++{_LINK}{_SHORT}\b(?!['-])"),
    (DATE, rf"\b{_MONTHS}[\s-]++(?:the\s++)?{_LINK}(?:\d{{1,4}}(?:st|nd|rd|th)?|{_DAYS})\b"),
    (DATE, rf"\b{_SHORT}\b\.?\s++\d{{1,4}}(?:st|nd|rd|th)?\b"),
    (DATE, r"\b\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?\b|\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b"),
    (DATE, r"\bon\s++the\s++\d{1,2}(?:st|nd|rd|th)\b"),
    (LIKE_DATE, rf"\b\d{{1,2}}(?:st|nd|rd|th)\s++of\s++the\s++month\b|\b{_WEEKDAYS}\s++{_DAY}\b"),
    (LIKE_DATE, rf"\b(?:le|du|au|el|del|al)\s++{_DAY}\s++(?:du|de\s++ce|del|de\s++este)\s++(?:mois|mes)\b"),
    # Single digits are more often a share: two thirds.
    (LIKE_DATE, r"(?<![\d/.,-])(?!24/7\b|\d/\d\b)(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d/])"),
    (DAY, rf"\b(?:{_WEEKDAYS}s?|{any_flat('dates', 'holidays')})\b"),
)
_COMPILED = [(kind, re.compile(pattern)) for kind, pattern in _PATTERNS]
_MONTH = re.compile(rf"\b{_MONTHS}\b(?!(?<=may)\s++(?:i|we|you|he|she|they|it|be)\b)")
_BEFORE = re.compile(rf"\b{any_of(list_flat('dates', 'before'))}[\s-]{{0,2}}\Z")
_AFTER = re.compile(rf",?\s++{any_of(list_flat('dates', 'after'))}\b")
_SOMEBODYS = re.compile(r"'s\b")
_LOOKED_BACK = 20


def find_dates(text: str, flat: str) -> Iterator[Trace]:
    """Find dates, months, days of the week and holidays."""
    yield from (Trace(*one.span(), kind) for kind, pattern in _COMPILED for one in pattern.finditer(flat))
    for month in _MONTH.finditer(flat):
        if kind := _kind_of(text, flat, month):
            yield Trace(*month.span(), kind)


def _kind_of(text: str, flat: str, month: re.Match[str]) -> str:
    """Tell a month from a word or first name that is written like one; "" for a plain word.

    “En mars” is a date, “Mars est une planète” may be one, and so is “April was with me”. What stands beside
    a month decides; a capital speaks for it in English alone.
    """
    name, start, end = month[0], *month.span()
    if name not in _NAMES_TOO:
        return DATE
    told_beside = _BEFORE.search(flat, max(0, start - _LOOKED_BACK), start) or _AFTER.match(flat, end)
    has_capital = text[start].isupper()
    if name in _WORDS_TOO and not has_capital:
        return LIKE_DATE if told_beside else ""
    spelt_as_month = has_capital == (name in _OF_ENGLISH) or not has_capital
    return DATE if told_beside and spelt_as_month and not _SOMEBODYS.match(flat, end) else LIKE_DATE
