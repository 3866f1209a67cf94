"""Times of day in a text, in figures and in words."""

import re
from collections.abc import Iterator

from .kinds import LIKE_TIME, TIME, Trace
from .numerals import pattern_of, spell
from .words import any_flat, list_flat

_SPELT = {pattern_of(word) for hour in range(1, 25) for word in spell(hour)} | set(list_flat("times", "an"))
_HOURS = "|".join(sorted(_SPELT, key=len, reverse=True))
_HOUR = r"(?:[01]?\d|2[0-4])"
_MINUTE = r"[0-5]\d"
_PART, _FRACTION = any_flat("times", "parts"), any_flat("times", "fractions")
_ANY_HOUR = rf"(?:{_HOURS}|{_HOUR})"
_ARTICLE = r"(?:les\s++|las?\s++)?"
_A_LONG_WAY = r"(?!\s++de\s++(?:route|chez|marche|vol))"
_PATTERNS = (
    (TIME, rf"(?<![$€.,:])\b{_HOUR}:{_MINUTE}\s*+(?:[ap]\.?\s?m\b\.?|h\b)?"),
    (TIME, rf"\b{_HOUR}\.{_MINUTE}\s*+(?:[ap]\.?\s?m\b\.?|h\b)"),
    (TIME, rf"\b{_ANY_HOUR}\s*+[ap]\.?\s?m\b\.?"),
    (
        TIME,
        rf"(?<!\w)(?:a|vers|des|avant|apres|jusqu'a|at|around)\s++{_HOUR}\s?h(?:\s?{_MINUTE})?\b{_A_LONG_WAY}",
    ),
    (TIME, rf"\b{_ANY_HOUR}(?:\s++heures?|\s?h)?\s++{_PART}"),
    (TIME, rf"\b{_ANY_HOUR}\s++o'clock\b|\b(?:half|quarter)\s++(?:past|to)\s++{_ANY_HOUR}\b"),
    (TIME, rf"(?<!\w)(?:a|vers|sobre|hacia)\s++{_ARTICLE}{_ANY_HOUR}(?:\s++heures?|\s?h)?\s++{_FRACTION}\b"),
    (TIME, rf"\ba\s++las?\s++{_ANY_HOUR}\b"),
    (LIKE_TIME, rf"(?<![$€.,:])\b{_HOUR}\.{_MINUTE}\b(?![.,]?\d)"),
    (LIKE_TIME, rf"\b{_HOUR}\s?h\s?{_MINUTE}?\b"),
    (LIKE_TIME, rf"(?<!\w)(?:a|vers)\s++{_ANY_HOUR}\s++heures?\b{_A_LONG_WAY}"),
    (LIKE_TIME, rf"\b(?:sobre|hacia)\s++las?\s++{_ANY_HOUR}\b"),
)
_COMPILED = [(kind, re.compile(pattern)) for kind, pattern in _PATTERNS]
_AN_AMOUNT = re.compile(rf"\s*+(?:\$|€|%|{any_flat('times', 'amounts')})")


def find_times(flat: str) -> Iterator[Trace]:
    """Find times of day, and what may be one or how long something took."""
    for kind, pattern in _COMPILED:
        for one in pattern.finditer(flat):
            if _AN_AMOUNT.match(flat, one.end()) is None:
                yield Trace(one.start(), one.start() + len(one[0].rstrip()), kind)
