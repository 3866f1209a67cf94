"""Birth dates as people type them, read as far as they can be."""

import re
from typing import NamedTuple

from casework.domain.folding import fold

# The first letters that tell a month in English, French and Spanish.
_MONTHS = {
    "jan": 1, "ene": 1, "feb": 2, "fev": 2, "mar": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5, "mai": 5,
    "jun": 6, "juin": 6, "jul": 7, "juil": 7, "aug": 8, "aou": 8, "ago": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12, "dic": 12,
}  # fmt: skip
_PIECES = re.compile(r"\d+|[a-z]+")


class BirthDate(NamedTuple):
    """Year, and the two other numbers in the order written, month first where that is known; 0 is unknown."""

    year: int = 0
    month: int = 0
    day: int = 0


def read_birth_date(text: str) -> BirthDate:
    """Read a date however it was typed; what cannot be read is 0, and nothing is refused.

    Which of 03/07/1980 is the month nobody can tell: who compares takes both for possible.
    """
    pieces = _PIECES.findall(fold(text))
    numbers = [int(piece) for piece in pieces if piece.isdigit() and len(piece) <= 4]
    named = next((_month(piece) for piece in pieces if _month(piece)), 0)
    years = [number for number in numbers if 1850 <= number <= 2199]
    if not years:
        return BirthDate()
    rest = [number for number in numbers if number != years[0]][:2]
    if named:
        day = next((number for number in rest if 1 <= number <= 31), 0)
        return BirthDate(years[0], named, day)
    if len(rest) < 2 or not all(1 <= number <= 31 for number in rest):
        return BirthDate(years[0])
    first, second = rest
    return BirthDate(years[0], second, first) if first > 12 else BirthDate(years[0], first, second)


def _month(piece: str) -> int:
    return _MONTHS.get(piece[:4], 0) or _MONTHS.get(piece[:3], 0) if piece.isalpha() else 0
