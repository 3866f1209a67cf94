"""Exact ages in a text: any that is told as one, and those of the case, in figures and in words."""

import re
from collections.abc import Collection, Iterator

from .kinds import AGE, LIKE_AGE, Trace
from .numerals import pattern_of, spell

_GROWN = 18
_LAST_SPELT = 99
_SPELT = "|".join(
    sorted({pattern_of(word) for age in range(1, _LAST_SPELT + 1) for word in spell(age)}, key=len)[::-1]
)
_AGE = rf"(?:\d{{1,2}}|1[0-2]\d|{_SPELT})"
_ONLY = r"(?:deja\s++|seulement\s++|encore\s++|que\s++)?"
_IS = r"i\s++am|i'm|i\s++was|he\s++is|she\s++is|he's|she's|he\s++was|she\s++was"
_PATTERNS = (
    rf"\b{_AGE}[- ]{{1,2}}(?:years?|yrs?)[- ]{{1,2}}olds?\b",
    rf"\b{_AGE}[- ]year-olds?\b",
    rf"\b(?:aged|age)\s++(?:of\s++)?{_AGE}\b",
    rf"\bages?e?s?\s++(?:de\s++|d')(?:seulement\s++)?{_AGE}\s++ans\b",
    rf"(?<!\by )(?<!\by n')\b(?:ai|as|a|avait|avais|avaient|aura|ont|eu|ayant)\s++{_ONLY}{_AGE}\s++ans\b",
    rf"\b(?:man|woman|boy|girl|child|mother|father|son|daughter)\s++of\s++{_AGE}\b(?!\s++(?:children|kids))",
    rf"\b(?:homme|femme|fille|fils|garcon|enfant|bebe|pere|mere|frere|soeur|sur|ado)\s++de\s++{_AGE}\s++ans\b",
    rf"\b(?:hombre|mujer|hija|hijo|nina|nino|bebe|padre|madre|hermano|hermana|joven)\s++de\s++{_AGE}\s++anos\b",
    rf"\b(?:tengo|tiene|tenia|tienen|tenian|cumplio|cumpli|cumple|cumplir)\s++(?:ya\s++)?{_AGE}\s++anos\b",
    rf"\bde\s++{_AGE}\s++anos\s++de\s++edad\b",
    rf"\b(?:{_IS}|turned)\s++(?:only\s++)?{_AGE}(?=[.,;!?\n]|\s++(?:and|then|when|now)\b|\Z)",
)
_COMPILED = [re.compile(pattern) for pattern in _PATTERNS]
_OTHER_UNIT = re.compile(
    r"[\s-]*+(?:\$|€|%|min|minut|hour|heure|hora|second|segund|day|jour|dia|week|semaine|semana|month|mois|mes"
    r"|dollar|dolar|euro|peso|km|kilom|meter|metre|metro|miles?\b|percent|pour cent|por ciento|cents?\b"
    r"|people|personnes|personas"
    r"|pages?|paginas|times|fois|veces)"
)
_ANOTHER_BEFORE = re.compile(r"(?:[$€#]|\bbus|\bline|\blinea?|\bligne|\broom|\bpage|\d[.,])\s*\Z")
_LOOKED_BACK = 8


def find_ages(flat: str, ages: Collection[int]) -> Iterator[Trace]:
    """Find exact ages; the number of a grown person's age in the case however it stands there."""
    yield from (Trace(*one.span(), AGE) for pattern in _COMPILED for one in pattern.finditer(flat))
    for age in sorted({age for age in ages if age >= _GROWN}):
        spelt = [pattern_of(word) for word in spell(age)] if age <= _LAST_SPELT else []
        for one in re.finditer(rf"(?<![\w-])(?:{'|'.join([str(age), *spelt])})(?![\w-]|[.,:]\d)", flat):
            yield Trace(*one.span(), LIKE_AGE if _counts_else(flat, one) else AGE)


def _counts_else(flat: str, found: re.Match[str]) -> bool:
    """Return whether a unit beside a number says that it counts something else."""
    before = flat[max(0, found.start() - _LOOKED_BACK) : found.start()]
    return bool(_OTHER_UNIT.match(flat, found.end()) or _ANOTHER_BEFORE.search(before))
