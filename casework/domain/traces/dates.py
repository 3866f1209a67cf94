"""Dates in a text, in figures and in words: whatever is finer than a season."""

import re
from collections.abc import Iterator

from .kinds import DATE, DAY, LIKE_DATE, Trace
from .numerals import pattern_of, spell_days

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre"
)
_SHORT = "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|janv|fevr?|avr|juil|ene|abr|ago|dic"
_WORDS_TOO = frozenset({"march", "may"})
"""Months that are words of their own: in small letters alone, and where a sentence begins."""
_WEEKDAYS = (
    "mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|lundis?|mardis?|mercredis?|jeudis?"
    "|vendredis?|samedis?|dimanches?|lunes|martes|miercoles|jueves|viernes|sabados?|domingos?"
)
_HOLIDAYS = (
    "christmas|easter|thanksgiving|halloween|new year's|canada day|labou?r day|valentine's|ramadan|eid|diwali"
    "|passover|hanukkah|noel|paques|action de grace|jour de l'an|fete nationale|saint-jean-baptiste"
    "|navidad|pascua|ano nuevo|semana santa|accion de gracias"
)
_DAYS = "|".join(sorted(map(pattern_of, spell_days()), key=len, reverse=True))
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|re|o|a)?|{_DAYS})"
_LINK = r"(?:of\s++|de\s++|del\s++)?"
_PATTERNS = (
    (DATE, rf"\b{_DAY}[\s-]++{_LINK}(?:{_MONTHS})\b"),
    (DATE, rf"\b\d{{1,2}}(?:st|nd|rd|th|er)?[\s-]++{_LINK}(?:{_SHORT})\b(?!['-])"),
    (DATE, rf"\b(?:{_MONTHS})[\s-]++(?:the\s++)?{_LINK}(?:\d{{1,4}}(?:st|nd|rd|th)?|{_DAYS})\b"),
    (DATE, rf"\b(?:{_SHORT})\b\.?\s++\d{{1,4}}(?:st|nd|rd|th)?\b"),
    (DATE, r"\b\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?\b|\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b"),
    (DATE, r"\bon\s++the\s++\d{1,2}(?:st|nd|rd|th)\b"),
    (LIKE_DATE, rf"\b\d{{1,2}}(?:st|nd|rd|th)\s++of\s++the\s++month\b|\b(?:{_WEEKDAYS})\s++{_DAY}\b"),
    (DAY, rf"\b(?:{_WEEKDAYS}|{_HOLIDAYS})\b"),
)
_COMPILED = [(kind, re.compile(pattern)) for kind, pattern in _PATTERNS]
_MONTH = re.compile(rf"\b(?:{_MONTHS})\b(?!(?<=may)\s++(?:i|we|you|he|she|they|it|be)\b)")
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?:;\n\"“”«»—–…])\W*\Z")
_LOOKED_BACK = 4


def find_dates(text: str, flat: str) -> Iterator[Trace]:
    """Find dates, months, days of the week and holidays."""
    yield from (Trace(*one.span(), kind) for kind, pattern in _COMPILED for one in pattern.finditer(flat))
    for month in _MONTH.finditer(flat):
        start = month.start()
        if month[0] not in _WORDS_TOO:
            yield Trace(*month.span(), DATE)
        elif text[start].isupper():
            before = text[max(0, start - _LOOKED_BACK) : start]
            is_first = start == 0 or _SENTENCE_BEGINS.search(before) is not None
            yield Trace(*month.span(), LIKE_DATE if is_first else DATE)
