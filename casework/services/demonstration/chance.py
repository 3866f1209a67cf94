"""Chance with a seed: the demonstration of one day is the same wherever it is made."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """Draws for the demonstration. It guards nothing: keys, ids and references never come from here."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 (invents a demonstration)

    def pick(self, weights: Mapping[str, float]) -> str:
        """Draw a key by its weight; weights need not add up to anything."""
        return self._random.choices(list(weights), weights=list(weights.values()))[0]

    def choose(self, items: Sequence[Item]) -> Item:
        """Draw one of these, each as likely as the others."""
        return self._random.choice(items)

    def happens(self, share: float) -> bool:
        """Draw whether something with this share, from 0 to 1, happens."""
        return self._random.random() < share

    def share(self) -> float:
        """Draw a number from 0 to 1."""
        return self._random.random()

    def between(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return self._random.randint(low, high)

    def days(self, mean: float) -> int:
        """Draw how many days something takes: mostly few, sometimes many."""
        return int(self._random.expovariate(1 / mean))

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """Return these in another order."""
        return self._random.sample(items, len(items))
