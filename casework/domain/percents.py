"""Per cents that say neither "all" where it was not all, nor "none" where it was not none."""

from decimal import Decimal
from fractions import Fraction

_ALL = 100


def nearest_whole(count: int, whole: int) -> int:
    """Return a share in whole per cent, halves up; `whole` is not 0."""
    return (200 * count + whole) // (2 * whole)


def is_edge(count: int, whole: int) -> bool:
    """Tell whether the nearest whole per cent would read as none, or as all, of what is neither."""
    return 0 < count < whole and nearest_whole(count, whole) in (0, _ALL)


def round_half_up(value: Fraction, places: int) -> Decimal:
    """Round as people do, halves away from zero."""
    scaled = abs(value) * 10**places
    nearest = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-nearest if value < 0 else nearest).scaleb(-places)
