"""Values of a column that differ in case, accents or blanks alone: one question, asked once."""

from collections.abc import Iterable
from dataclasses import dataclass

from casework.domain.folding import fold


@dataclass(frozen=True, slots=True, repr=False)
class Spellings:
    """A value with how many cells have it, as they are spelt: the most frequent spelling first."""

    folded: str
    count: int
    spellings: tuple[str, ...]

    @property
    def value(self) -> str:
        """The value as most cells spell it."""
        return self.spellings[0]


def join_spellings(values: Iterable[tuple[str, int]]) -> list[Spellings]:
    """Put the spellings of each value together, given with their counts, the most frequent first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for value, count in values:
        found.setdefault(fold(value), []).append((value, count))
    return [
        Spellings(folded, sum(count for _value, count in pairs), tuple(value for value, _count in pairs))
        for folded, pairs in found.items()
    ]
