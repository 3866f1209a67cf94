"""Officers and vehicles in a text: badges, plates, and a rank with a name."""

import re
from collections.abc import Iterator

from .kinds import OFFICER, Trace

_PATTERNS = (
    r"\b(?i:badge|matricule|placa|plaque|plate|insigne|insignia)\s*+(?:(?i:n[o°º]?\.?|number|numéro|número|#)\s*+)?"
    r"(?:-|[^\W\d]){0,40}\d[\w-]*",
    r"\b(?i:constable|const\.|sergeant|sgt\.?|sergent|sargento|lieutenant|inspector|inspecteur|inspectrice|officer"
    r"|agente?|detective|détective)\s++[A-ZÀ-Þ][\w'’-]+",
    r"\b(?:[A-Z]{3}[ -]?\d{3,4}|[A-Z]\d{2}[ -]?[A-Z]{3}|\d{3}[ -]?[A-Z]{3})\b",
)
_COMPILED = [re.compile(pattern) for pattern in _PATTERNS]


def find_officers(text: str) -> Iterator[Trace]:
    """Find badges, plates, and ranks with a name."""
    yield from (Trace(*one.span(), OFFICER) for pattern in _COMPILED for one in pattern.finditer(text))
