"""Finding them: everybody against everybody, or one new person against the rest."""

import math
from dataclasses import dataclass

import numpy as np

from .candidates import propose_like, propose_pairs
from .people import Described, Numbers, People, with_newcomer
from .scoring import bound_pairs, weigh_pairs

# Of n people about as many pairs are one person as there are people; the other n² / 2 are not.
_SAFETY_BITS = 1.5


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two people, by their places among the people given, and the evidence that they are one, in bits.

    `surplus` is how far it lies above what a pair among so many people needs; never negative.
    """

    left: int
    right: int
    surplus: float


def needed_bits(count: int) -> float:
    """Give the bits from which a pair among `count` people is more likely one person than two."""
    return math.log2(max(count, 2)) + _SAFETY_BITS


def find_duplicates(people: People) -> list[Likeness]:
    """Give the pairs that are probably one person, the surest first."""
    needed = needed_bits(len(people))
    left, right = propose_pairs(people, lambda left, right: bound_pairs(people, left, right) >= needed)
    return _probable(people, left, right)


def find_like(people: People, newcomer: Described) -> list[Likeness]:
    """Give who among `people` the newcomer probably is, the surest first; `left` is the place of each."""
    everybody, place = with_newcomer(people, newcomer), len(people)
    others = propose_like(everybody, place)
    return _probable(everybody, others, np.full_like(others, place))


def _probable(people: People, left: Numbers, right: Numbers) -> list[Likeness]:
    surplus = weigh_pairs(people, left, right) - needed_bits(len(people))
    kept = np.flatnonzero(surplus >= 0)
    found = [Likeness(int(left[k]), int(right[k]), float(surplus[k])) for k in kept]
    return sorted(found, key=lambda likeness: (-likeness.surplus, likeness.left, likeness.right))
