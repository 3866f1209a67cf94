"""How a table of a release is laid out: scales of categories, each a set of codes of one axis, crossed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.dimensions import TOTAL
from casework.disclosure.refusals import refusal

MOST_CELLS: Final = 5_000

Axes = Mapping[str, tuple[str, ...]]
"""For each axis the finest codes that a unit could have when a release was made."""

Place = tuple[int, ...]


@dataclass(frozen=True)
class Category:
    """A line of a table: a code, a group of codes, or all of them."""

    label: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Scale:
    """The categories of an axis that a table shows; they may be nested in each other, or overlap."""

    axis: str
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class Layout:
    """A table: every combination of the categories of its scales, row by row.

    What it has no scale for is summed over all codes of the axis. `impossible` are the places of structural
    zeros: everybody knows that nobody can be there. `kept` are never hidden; a document does not tell which.
    """

    name: str
    scales: tuple[Scale, ...]
    impossible: frozenset[Place] = frozenset()
    kept: frozenset[Place] = frozenset()

    @property
    def shape(self) -> tuple[int, ...]:
        """How many categories each scale has."""
        return tuple(len(scale.categories) for scale in self.scales)

    def places(self) -> Iterator[Place]:
        """Every cell, as positions of its categories, in order."""
        return product(*(range(length) for length in self.shape))

    def labels(self, place: Place) -> tuple[tuple[str, str], ...]:
        """A cell as (axis, label of the category)."""
        return tuple(
            (scale.axis, scale.categories[at].label) for scale, at in zip(self.scales, place, strict=True)
        )

    def is_margin(self, place: Place, axes: Axes) -> tuple[bool, ...]:
        """For each scale, whether the cell sums all codes of the axis."""
        return tuple(
            len(scale.categories[at].codes) == len(axes[scale.axis])
            for scale, at in zip(self.scales, place, strict=True)
        )


def scale_of(
    axis: str, codes: Iterable[str], groups: Mapping[str, Iterable[str]] | None = None, *, total: bool = True
) -> Scale:
    """A scale of single codes, then of groups of them, then of all."""
    listed = tuple(codes)
    found = [Category(code, (code,)) for code in listed]
    found += [Category(label, tuple(inside)) for label, inside in (groups or {}).items()]
    if total:
        found.append(Category(TOTAL, listed))
    return Scale(axis, tuple(found))


def check_layouts(layouts: Iterable[Layout], axes: Axes) -> None:
    """Raises DisclosureRefused: unknown_option where one does not fit the axes, too_large, no_candidates."""
    tables = tuple(layouts)
    if not tables:
        raise refusal("no_candidates")
    names = [table.name for table in tables]
    if len(set(names)) < len(names) or not all(names) or not axes:
        raise refusal("unknown_option")
    if any(not codes or len(set(codes)) < len(codes) for codes in axes.values()):
        raise refusal("unknown_option")
    for table in tables:
        used = [scale.axis for scale in table.scales]
        if not used or len(set(used)) < len(used) or not all(map(_fits, table.scales, [axes] * len(used))):
            raise refusal("unknown_option")
        if not table.impossible | table.kept <= set(table.places()):
            raise refusal("unknown_option")
    if sum(int(np.prod(table.shape, dtype=np.float64)) for table in tables) > MOST_CELLS:
        raise refusal("too_large", most=MOST_CELLS)


def membership(scale: Scale, codes: tuple[str, ...]) -> BoolArray:
    """Shape (categories, codes): whether a code lies in a category."""
    return np.array([[code in category.codes for code in codes] for category in scale.categories], dtype=bool)


def _fits(scale: Scale, axes: Axes) -> bool:
    labels = [category.label for category in scale.categories]
    known = set(axes.get(scale.axis, ()))
    return (
        len(set(labels)) == len(labels) > 0
        and all(labels)
        and all(
            category.codes
            and len(set(category.codes)) == len(category.codes)
            and set(category.codes) <= known
            for category in scale.categories
        )
    )
