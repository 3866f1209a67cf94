"""Several answers at once, as an axis of a release: which answers it tells apart, and what each unit carries.

Sets of answers double with each answer, so the axis has at most `MOST_TAGS` of them. Of a longer list it has
those that most units carry in the first release that asks, and `ANOTHER` for whoever has none of these. Later
releases take the same ones: an axis means the same in all of them. What the choice tells: docs/disclosure.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.ledger.layouts import Axes, Scale
from casework.disclosure.ledger.tags import MOST_TAGS, split_codes, tag_codes, tag_column, tag_scale
from casework.domain.vocabulary import ANOTHER
from casework.services.statistics.dimensions import CountedUnit, DimensionSpec, reader
from casework.services.statistics.reading import read_column


@dataclass(frozen=True, slots=True)
class TagAxis:
    """The axis of a dimension, named after it. A unit carries `tags`, or one of `exclusive` alone."""

    name: str
    tags: tuple[str, ...]
    exclusive: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All that a unit could carry."""
        return tag_codes(self.tags, self.exclusive)

    @property
    def scale(self) -> Scale:
        """With and without each, and all."""
        return tag_scale(self.name, self.tags, self.exclusive)


def read_tags(
    spec: DimensionSpec, units: Sequence[CountedUnit], earlier: Iterable[Axes]
) -> tuple[TagAxis, IntArray]:
    """Return the axis of a dimension, and of each unit the position of what it carries among its codes.

    `earlier` are the axes of all releases before, in their order. Raises DisclosureRefused:
    contradictory_codes.
    """
    listed = spec.codes
    if listed is None:
        raise KeyError(spec.name)
    members = np.asarray(read_column(units, listed.codes, reader(spec), is_multiple=True), dtype=np.bool_)
    carried = dict(zip(listed.codes, members.T, strict=True))
    tags = [code for code in listed.codes if code not in listed.exclusive]
    alone = [code for code in listed.codes if code in listed.exclusive]
    before = [axes[spec.name] for axes in earlier if spec.name in axes]
    axis = _go_on(spec.name, before[-1], tags, alone) if before else _begin(spec.name, carried, tags, alone)
    return axis, tag_column(_arrange(axis, carried, tags, len(units)), axis.tags, axis.exclusive)


def _begin(name: str, carried: dict[str, BoolArray], tags: Sequence[str], alone: Sequence[str]) -> TagAxis:
    """Choose the tags that most units carry, of equals the first of the list; they keep its order."""
    if len(tags) <= MOST_TAGS:
        return TagAxis(name, tuple(tags), tuple(alone))
    most = set(sorted(tags, key=lambda code: -int(carried[code].sum()))[:MOST_TAGS])
    return TagAxis(name, tuple(code for code in tags if code in most), (ANOTHER, *alone))


def _go_on(name: str, codes: Sequence[str], tags: Sequence[str], alone: Sequence[str]) -> TagAxis:
    """Take the tags of the earlier releases; what the list has got since is `ANOTHER`, or stands alone."""
    chosen, exclusive = split_codes(codes)
    needed = [*([ANOTHER] if set(tags) - set(chosen) else []), *alone]
    return TagAxis(name, chosen, tuple(dict.fromkeys((*exclusive, *needed))))


def _arrange(
    axis: TagAxis, carried: dict[str, BoolArray], tags: Sequence[str], count: int
) -> npt.NDArray[np.bool_]:
    """Give a column per tag of the axis, then per code that stands alone."""
    nobody = np.zeros(count, dtype=np.bool_)
    answered = np.any([carried[code] for code in tags], axis=0)
    told = np.any([carried.get(code, nobody) for code in axis.tags], axis=0)
    columns = carried | {ANOTHER: answered & ~told}
    return np.stack([columns.get(code, nobody) for code in (*axis.tags, *axis.exclusive)], axis=1)
