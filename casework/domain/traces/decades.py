"""Ages told by their decade: “in his mid-thirties”, “la trentaine avancée”, “treintañera”.

The age bands (`domain/data/age_band.toml`) do not begin where decades do. So a decade is no coarser than a
band, and beside the band of a story it leaves five years of ten: it has to go, like an age.
"""

import re
from collections.abc import Iterator

from .kinds import AGE, LIKE_AGE, Trace
from .numerals import list_tens
from .words import any_flat, any_of, list_flat

_EN = rf"(?:{any_flat('ages', 'decades', 'en')}|[2-9]0'?s)(?!\w)"
_PARTS = any_flat("ages", "parts", "en")
_OTHER_THAN_OURS = frozenset({"quarantaine"})  # also a quarantine
_FR = any_of(list_flat("ages", "decades", "fr"))
_FR_PLAIN = any_of(set(list_flat("ages", "decades", "fr")) - _OTHER_THAN_OURS)
_SOMEBODYS = any_flat("ages", "somebodys", "fr")
_PART_FR = rf"{any_flat('ages', 'parts', 'fr')}[\s-]++(?:de\s++)?(?:{_SOMEBODYS}\s++)?"
_OF_THINGS = r"(?!\s++(?:de\b|d'(?!annees)))"
_PAST = r"(?:avancee|passee|sonnee|entamee)"
_DOZENS = any_flat("ages", "dozens", "fr")
_AGED = rf"(?:{any_flat('ages', 'people', 'fr')}|agee?s?|personnes?|quelqu'un)"
_INTO = any_flat("ages", "near", "fr")
_GOOD = r"(?:(?:jeune|petite|bonne|belle)\s++)?"
_TENS_ES = any_of([*list_tens("es"), "veinte"])
_PARTS_ES = any_flat("ages", "parts", "es")
_NEAR_ES = any_flat("ages", "near", "es")
_PATTERNS = (
    (AGE, rf"\b{any_flat('ages', 'of_a_decade')}s?\b"),
    (AGE, r"\b(?:twenty|thirty|forty|fifty|sixty|[2-9]0)[- ]?something\b"),
    (
        AGE,
        rf"\b{any_flat('ages', 'somebodys', 'en')}\s++(?:very\s++)?"
        rf"(?:{_PARTS}(?:[\s-]{{1,2}}to[\s-]{{1,2}}{_PARTS})?[\s-]{{0,2}})?{_EN}",
    ),
    (AGE, rf"(?<!\bthe )\b{_PARTS}[\s-]{{0,2}}(?:{_EN}|teens\b)"),
    (LIKE_AGE, rf"\b{_PARTS}[\s-]{{0,2}}{_EN}"),
    (AGE, rf"\b{_PART_FR}{_FR_PLAIN}\b{_OF_THINGS}"),
    (AGE, rf"\bmi[\s-]{_FR}\b"),
    (LIKE_AGE, rf"\b{_PART_FR}{_FR}\b{_OF_THINGS}"),
    (AGE, rf"\b{_INTO}\s++{_SOMEBODYS}\s++{_GOOD}{_FR}\b{_OF_THINGS}"),
    (AGE, rf"\b(?:{_SOMEBODYS}\s++)?{_GOOD}{_FR}\s++{_PAST}\b"),
    (AGE, rf"\b{_AGED}\s++d'une\s++{_DOZENS}\s++d'annees\b"),
    (LIKE_AGE, rf"(?<!plus )(?<!moins )\bd'une\s++{_DOZENS}\s++d'annees\b"),
    (AGE, rf"\b{_SOMEBODYS}\s++{_FR_PLAIN}\b{_OF_THINGS}"),
    (LIKE_AGE, rf"\b{_SOMEBODYS}\s++{_FR}\b{_OF_THINGS}"),
    (AGE, rf"\b{any_flat('ages', 'somebodys', 'es')}\s++{_TENS_ES}\b(?!\s++(?!y\b|anos\b)[a-z])"),
    (AGE, rf"\b(?:{_PARTS_ES}|{_NEAR_ES})\s++(?:los|sus)\s++{_TENS_ES}\b"),
    (
        AGE,
        rf"\b(?:de|a\s++los|{any_flat('ages', 'has', 'es')})\s++{_TENS_ES}\s++y\s++(?:tantos|pico)\s++anos\b",
    ),
    (LIKE_AGE, rf"\b{_TENS_ES}\s++y\s++(?:tant[oa]s|pico)\b"),
    (AGE, rf"\b(?:la|su)\s++{any_flat('ages', 'decades', 'es')}\b(?!\s++de\b)"),
)
_COMPILED = [(kind, re.compile(pattern)) for kind, pattern in _PATTERNS]


def find_decades(flat: str) -> Iterator[Trace]:
    """Find decades of life, and parts of them."""
    for kind, pattern in _COMPILED:
        yield from (Trace(*one.span(), kind) for one in pattern.finditer(flat))
