"""Arrays joined of a snapshot’s blocks; for the next one what changed takes the place of what was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from casework.analysis.crosstab.columns import Ints, offsets_of

Array = npt.NDArray[Any]
Part = Callable[[Any], Array]


@dataclass(frozen=True, slots=True, repr=False)
class Joined:
    """What `part` gives of each block, one after the other; `starts` are where each begins, and the end.

    `part` leads to no snapshot: it is kept as long as there is a next one.
    """

    part: Part
    array: Array
    starts: Ints

    @classmethod
    def of(cls, part: Part, blocks: Sequence[Any]) -> "Joined":
        """Join the parts of all blocks."""
        parts = [part(block) for block in blocks]
        return cls(part, np.concatenate(parts), offsets_of(np.array([len(one) for one in parts])))

    def follow(self, blocks: Sequence[Any], changed: Sequence[int]) -> "Joined":
        """Return it of other blocks, which are the same but for those at these places, in order."""
        pieces, sizes, at = [], np.diff(self.starts), 0
        for place in changed:
            part = self.part(blocks[place])
            pieces += [self.array[at : self.starts[place]], part]
            sizes[place], at = len(part), self.starts[place + 1]
        return Joined(self.part, np.concatenate([*pieces, self.array[at:]]), offsets_of(sizes))


def find_changed(earlier: Sequence[Any], now: Sequence[Any]) -> list[int]:
    """Return the places at which not the very same block stands."""
    return [at for at, (one, other) in enumerate(zip(earlier, now, strict=True)) if one is not other]
