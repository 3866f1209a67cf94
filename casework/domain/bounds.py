"""Values as a source puts them, and what may be computed of values that are bounds.

A bound says where the true value lies: at the value (exact), near it (about, almost), there or above
(at least, more than), there or below (at most). What is computed of several says as much as they allow.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from casework.errors import Invalid

from .messages import N_
from .percents import round_half_up


class Bound(StrEnum):
    """How a source puts a value; the codes of the list `official_bound`."""

    EXACT = "exact"
    ABOUT = "about"
    ALMOST = "almost"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"


_NEAR = frozenset({Bound.ABOUT, Bound.ALMOST})
_SIDES = {Bound.AT_LEAST: 1, Bound.MORE_THAN: 1, Bound.AT_MOST: -1}
_ENDS = (0, 100, -100)
"""Of per cents: none, all, and all of it gone."""

_LARGEST = 10**12
_PLACES = 4


@dataclass(frozen=True, slots=True)
class Amount:
    """A value and its bound; `value` is not negative and has at most four decimals.

    Raises `Invalid(value=…)` for any other.
    """

    value: Decimal
    bound: Bound = Bound.EXACT

    def __post_init__(self) -> None:
        """Write one value in one way, whatever zeros it was given with."""
        value = self.value
        if not value.is_finite() or value.is_signed() or value > _LARGEST:
            raise Invalid(value=N_("Write a number that is not below 0."))
        if value != round(value, _PLACES):
            raise Invalid(value=N_("Write the number with four decimals at most."))
        whole = value == value.to_integral_value()
        object.__setattr__(self, "value", Decimal(int(value)) if whole else value.normalize())

    @property
    def places(self) -> int:
        """Tell with how many decimals it is written."""
        return max(0, -int(self.value.as_tuple().exponent))


@dataclass(frozen=True, slots=True)
class Computed:
    """A number that follows from a source's own counts, and how it is to be read."""

    value: Fraction
    bound: Bound = Bound.EXACT

    def rounded(self, places: int = 1) -> Decimal:
        """Give it with so many decimals, halves away from zero as people round.

        A bound is rounded to its own side: of at least 13.87 at least 13.8 is true, 13.9 may not be.
        """
        scaled = self.value * 10**places
        if self.bound in _SIDES:
            nearest = floor(scaled) if _SIDES[self.bound] > 0 else ceil(scaled)
            return Decimal(nearest).scaleb(-places)
        return round_half_up(self.value, places)

    def as_per_cent(self) -> Decimal:
        """Give it with one decimal; with more where that would read as none or as all, and it is neither."""
        places = 1
        while self.value not in _ENDS and self.rounded(places) in _ENDS:
            places += 1
        return self.rounded(places)


def combine(bounds: Iterable[tuple[Bound, int]]) -> Bound | None:
    """Give the bound of what is computed of values: with 1 for those it grows with, -1 for the others.

    None where nothing can be said: "at least" divided by "at least" may be anything.
    """
    sides, near = set(), False
    for bound, direction in bounds:
        near = near or bound in _NEAR
        if bound in _SIDES:
            sides.add(_SIDES[bound] * direction)
    if not sides:
        return Bound.ABOUT if near else Bound.EXACT
    if near or len(sides) > 1:
        return None
    return Bound.AT_LEAST if sides == {1} else Bound.AT_MOST


def add(amounts: Iterable[Amount]) -> Computed | None:
    """Add; None where what is added says nothing together."""
    parts = list(amounts)
    bound = combine((part.bound, 1) for part in parts)
    return (
        None if bound is None else Computed(sum((Fraction(part.value) for part in parts), Fraction()), bound)
    )
