"""What is known of how counts changed between releases: where none did, and where counting begins anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Changes:
    """At which releases combinations of kinds restart, or are still: both of shape (releases, combinations).

    Where one `restarts` nobody whom an earlier release counted is in the count: fewer are counted than
    before. One that is `still` has as many as the last release that counted it, or is not counted: nobody was
    first counted there. `lost` is how many fewer there are, where it is so few that one case may know of it.
    `kinds` has for each code of `codes` which kind of its axis it is of.
    """

    codes: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, IntArray]
    restarts: BoolArray
    still: BoolArray
    lost: IntArray

    @property
    def is_apart(self) -> bool:
        """Whether the newest release has nothing in common with any other."""
        return bool(self.restarts[-1].all())

    @property
    def told_apart(self) -> IntArray:
        """The combinations of which few were lost: they tell them from others, though no cell does."""
        return np.flatnonzero(self.lost.any(axis=0)).astype(np.int64)

    def among(self, axes: Mapping[str, Sequence[str]]) -> tuple[BoolArray, BoolArray, BoolArray]:
        """Restarts and still ones of some of the codes, which are of different kinds, in their order.

        Both of shape (releases, combinations); then which of them are told apart, each by itself, of shape
        (these, combinations). The axes are the same in the same order.
        """
        chosen = [
            self.kinds[axis][[self.codes[axis].index(code) for code in listed]]
            for axis, listed in axes.items()
        ]
        shape = [int(found.max()) + 1 for found in self.kinds.values()]
        count = len(self.restarts)
        at = np.ix_(np.arange(count), *chosen)
        number = np.arange(self.restarts.shape[1]).reshape(shape)[np.ix_(*chosen)].ravel()
        return (
            self.restarts.reshape(count, *shape)[at].reshape(count, -1),
            self.still.reshape(count, *shape)[at].reshape(count, -1),
            self.told_apart[:, np.newaxis] == number,
        )


def sum_first_counted(cover: BoolArray, release_of: IntArray, changes: Changes) -> BoolArray:
    """Return which cells sum what was first counted at which release: shape (cells, releases × combinations).

    `cover` has which combinations each cell sums, `release_of` the release of each cell; what was counted
    first at one stays counted until the combination restarts.
    """
    restarts = changes.restarts
    moments = np.arange(len(restarts))[:, np.newaxis]
    blocks = []
    for number in range(len(restarts)):
        later = np.where(restarts & (moments > number), moments, len(restarts))
        until = later.min(axis=0)
        is_between = (release_of >= number)[:, np.newaxis] & (release_of[:, np.newaxis] < until)
        blocks.append(cover & is_between & ~changes.still[number])
    return np.concatenate(blocks, axis=1)
