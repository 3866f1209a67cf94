"""Exact ages in a text: any that is told as one, and those of the case, in figures and in words."""

import re
from collections.abc import Collection, Iterator

from .decades import find_decades
from .kinds import AGE, LIKE_AGE, Trace
from .numerals import pattern_of, spell
from .words import any_flat

_GROWN = 18
_LAST_SPELT = 99
_SPELT = "|".join(
    sorted({pattern_of(word) for age in range(1, _LAST_SPELT + 1) for word in spell(age)}, key=len)[::-1]
)
_AGE = rf"(?:\d{{1,2}}|1[0-2]\d|{_SPELT})"
_ONLY = r"(?:deja\s++|seulement\s++|encore\s++|que\s++)?"
_PEOPLE = {code: any_flat("ages", "people", code) for code in ("en", "fr", "es")}
_HAS = {code: any_flat("ages", "has", code) for code in ("en", "fr", "es")}
_PATTERNS = (
    rf"\b{_AGE}[- ]{{1,2}}(?:years?|yrs?)[- ]{{1,2}}olds?\b",
    rf"\b{_AGE}[- ]year-olds?\b",
    rf"\b(?:aged|age)\s++(?:of\s++)?{_AGE}\b",
    rf"\bages?e?s?\s++(?:de\s++|d')(?:seulement\s++)?{_AGE}\s++ans\b",
    rf"(?<!\by )(?<!\by n')\b{_HAS['fr']}\s++{_ONLY}{_AGE}\s++ans\b",
    rf"\b{_PEOPLE['en']}\s++of\s++{_AGE}\b(?!\s++(?:children|kids))",
    rf"\b{_PEOPLE['fr']}\s++de\s++{_AGE}\s++ans\b",
    rf"\bsur\s++de\s++{_AGE}\s++ans\b",  # "sœur", flat
    rf"\b{_PEOPLE['es']}\s++de\s++{_AGE}\s++anos\b",
    rf"\b{_HAS['es']}\s++(?:ya\s++)?{_AGE}\s++anos\b",
    rf"\bde\s++{_AGE}\s++anos\s++de\s++edad\b",
    rf"\b{_HAS['en']}\s++(?:only\s++)?{_AGE}(?=[.,;!?\n]|\s++(?:and|then|when|now)\b|\Z)",
)
_COMPILED = [re.compile(pattern) for pattern in _PATTERNS]
_OTHER_UNIT = re.compile(rf"[\s-]*+(?:\$|€|%|{any_flat('ages', 'counted')})")
_ANOTHER_BEFORE = re.compile(rf"(?:[$€#]|\b{any_flat('ages', 'numbered')}|\d[.,])\s*\Z")
_A_WORD_AFTER = re.compile(r"\s++(?!(?:and|et|y|years?|yrs?|ans?|anos?|old)\b)[a-z]")
_LOOKED_BACK = 8


def find_ages(flat: str, ages: Collection[int]) -> Iterator[Trace]:
    """Find exact ages; the number of a grown person's age in the case however it stands there."""
    yield from (Trace(*one.span(), AGE) for pattern in _COMPILED for one in pattern.finditer(flat))
    yield from find_decades(flat)
    for age in sorted({age for age in ages if age >= _GROWN}):
        spelt = [pattern_of(word) for word in spell(age)] if age <= _LAST_SPELT else []
        for one in re.finditer(rf"(?<![\w-])(?:{'|'.join([str(age), *spelt])})(?![\w-]|[.,:]\d)", flat):
            yield Trace(*one.span(), LIKE_AGE if _counts_else(flat, one) else AGE)


def _counts_else(flat: str, found: re.Match[str]) -> bool:
    """Return whether a number may count something else: a unit is beside it, or another word follows."""
    before = flat[max(0, found.start() - _LOOKED_BACK) : found.start()]
    after = _OTHER_UNIT.match(flat, found.end()) or _A_WORD_AFTER.match(flat, found.end())
    return bool(after or _ANOTHER_BEFORE.search(before))
