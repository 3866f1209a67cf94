"""Where counting begins anew, since fewer are counted than before: a correction, an erasure, a withdrawal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Restarts:
    """`at`, of shape (releases, combinations of kinds): what nobody counted before is in the count.

    `kinds` has for each code of `codes` which kind of its axis it is of.
    """

    codes: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, IntArray]
    at: BoolArray

    @property
    def is_everywhere(self) -> bool:
        """Whether the newest release has nothing in common with any other."""
        return bool(self.at[-1].all())

    def among(self, axes: Mapping[str, Sequence[str]]) -> BoolArray:
        """The same for all combinations of some of the codes, which are of different kinds, in their order.

        Of shape (releases, combinations). The axes are the same in the same order.
        """
        chosen = [
            self.kinds[axis][[self.codes[axis].index(code) for code in listed]]
            for axis, listed in axes.items()
        ]
        shape = [int(found.max()) + 1 for found in self.kinds.values()]
        every = self.at.reshape(len(self.at), *shape)
        return np.asarray(every[np.ix_(np.arange(len(self.at)), *chosen)].reshape(len(self.at), -1))


def sum_first_counted(cover: BoolArray, release_of: IntArray, restarts: BoolArray) -> BoolArray:
    """Return which cells sum what was first counted at which release: shape (cells, releases × combinations).

    `cover` has which combinations each cell sums, `release_of` the release of each cell; what was counted
    first at one stays counted until the combination restarts.
    """
    moments = np.arange(len(restarts))[:, np.newaxis]
    blocks = []
    for number in range(len(restarts)):
        later = np.where(restarts & (moments > number), moments, len(restarts))
        until = later.min(axis=0)
        is_between = (release_of >= number)[:, np.newaxis] & (release_of[:, np.newaxis] < until)
        blocks.append(cover & is_between)
    return np.concatenate(blocks, axis=1)
