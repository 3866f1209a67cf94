"""Officers and vehicles in a text: badges, plates, and a rank with a name."""

import re
from collections.abc import Iterator

from .kinds import OFFICER, Trace
from .words import any_of, list_flat, list_written

_NUMBERED = any_of(list_written("officers", "numbered"))
_RANKS = any_of({*list_written("officers", "ranks"), *list_flat("officers", "ranks")})
_PATTERNS = (
    rf"\b(?i:{_NUMBERED})\s*+(?:(?i:n[o°º]?\.?|number|numéro|número|#)\s*+)?(?:-|[^\W\d]){{0,40}}\d[\w-]*",
    rf"\b(?i:{_RANKS})\.?\s++[A-ZÀ-Þ][\w'’-]+",
    r"\b(?:[A-Z]{3}[ -]?\d{3,4}|[A-Z]\d{2}[ -]?[A-Z]{3}|\d{3}[ -]?[A-Z]{3})\b",
)
_COMPILED = [re.compile(pattern) for pattern in _PATTERNS]


def find_officers(text: str) -> Iterator[Trace]:
    """Find badges, plates, and ranks with a name."""
    yield from (Trace(*one.span(), OFFICER) for pattern in _COMPILED for one in pattern.finditer(text))
