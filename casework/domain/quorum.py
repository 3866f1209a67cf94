"""How many recovery shares there are, and how many of them open."""

from dataclasses import dataclass

from casework.errors import Invalid

from .messages import N_

FEWEST, MOST = 2, 16


@dataclass(frozen=True, slots=True)
class Quorum:
    """Any `threshold` of `shares` sheets open everything; `Invalid` names what cannot be."""

    threshold: int
    shares: int

    def __post_init__(self) -> None:
        """Refuse a single sheet that opens, and more to be brought together than there are."""
        if not FEWEST <= self.shares <= MOST:
            raise Invalid(shares=N_("Choose a number from 2 to 16."))
        if not FEWEST <= self.threshold <= self.shares:
            raise Invalid(threshold=N_("At least two have to come together, and no more than there are."))

    @property
    def spare(self) -> int:
        """How many sheets can be lost before nothing opens any more."""
        return self.shares - self.threshold


USUAL = Quorum(2, 3)
PROPOSED = (USUAL, Quorum(3, 5), Quorum(4, 7))
"""What the screens propose: two of three for a small collective, more for one that is spread out."""
