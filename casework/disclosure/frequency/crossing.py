"""The full cross of single-valued axes with groupings: cells, margins, and what adds up to what."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from casework.disclosure.counts import IntArray
from casework.disclosure.solver import Row


@dataclass(frozen=True)
class Grouping:
    """A coarser column: the group of each code of the axis, in the order of its codes.

    `inside` are the columns that it is itself said to be nested in.
    """

    column: str
    groups: tuple[str, ...]
    inside: frozenset[str] = frozenset()

    def members(self, group: str) -> frozenset[int]:
        """The positions of the codes in a group."""
        return frozenset(at for at, name in enumerate(self.groups) if name == group)


@dataclass(frozen=True)
class Choice:
    """A code, a group or all of an axis: what each of its columns says (None where summed), and the codes."""

    named: tuple[str | None, ...]
    codes: frozenset[int]


@dataclass(frozen=True)
class Axis:
    """A column of codes with any number of groupings of them, nested in each other or not."""

    column: str
    codes: tuple[str, ...]
    groupings: tuple[Grouping, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a file that belong to it."""
        return (self.column, *(grouping.column for grouping in self.groupings))

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """Every code, then every group, then all; a group's row names the groups that it lies in."""
        everywhere = frozenset(self.columns)
        codes = [self._choice(code, frozenset([at]), everywhere) for at, code in enumerate(self.codes)]
        groups = [
            self._choice(None, grouping.members(group), grouping.inside | {grouping.column})
            for grouping in self.groupings
            for group in dict.fromkeys(grouping.groups)
        ]
        everything = Choice((None,) * len(self.columns), frozenset(range(len(self.codes))))
        return (*codes, *groups, everything)

    @cached_property
    def sets(self) -> tuple[frozenset[int], ...]:
        """The different sets of codes among the choices: a group of one code is that code."""
        return tuple(dict.fromkeys(choice.codes for choice in self.choices))

    @cached_property
    def set_of(self) -> IntArray:
        """For each choice, which of the sets it is."""
        return np.array([self.sets.index(choice.codes) for choice in self.choices], dtype=np.int64)

    @cached_property
    def members(self) -> IntArray:
        """Shape (sets, codes): 1 where a code lies in a set."""
        return np.array(
            [[at in chosen for at in range(len(self.codes))] for chosen in self.sets], dtype=np.int64
        )

    def sums(self) -> Iterator[tuple[int, list[int]]]:
        """Which set is the sum of which: of the groups of every grouping that fit, else of its codes."""
        levels = [{self.sets.index(g.members(group)) for group in g.groups} for g in self.groupings]
        codes = set(range(len(self.codes)))
        for at, chosen in enumerate(self.sets):
            if len(chosen) == 1:
                continue
            parts = [self._parts(chosen, level) for level in levels]
            coarse = [found for found in parts if len(found) > 1 and found != [at]]
            for found in coarse or [self._parts(chosen, codes)]:
                yield at, found

    def _parts(self, chosen: frozenset[int], level: set[int]) -> list[int]:
        """Those sets of a level that together are the chosen one, or none."""
        inside = sorted(at for at in level if self.sets[at] <= chosen)
        return inside if sum(len(self.sets[at]) for at in inside) == len(chosen) else []

    def _choice(self, code: str | None, members: frozenset[int], named: frozenset[str]) -> Choice:
        first = min(members)
        groups = [g.groups[first] if g.column in named else None for g in self.groupings]
        return Choice((code, *groups), members)


@dataclass(frozen=True)
class Crossing:
    """Axes crossed with each other; never two groupings of the same axis."""

    axes: tuple[Axis, ...]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """How many different sets each axis has: the shape of the cells."""
        return tuple(len(axis.sets) for axis in self.axes)

    def sum_up(self, details: npt.NDArray[np.int64]) -> IntArray:
        """The count of every cell from those of the details, one entry per combination of codes."""
        cells = details
        for at, axis in enumerate(self.axes):
            cells = np.moveaxis(np.tensordot(axis.members, cells, axes=(1, at)), 0, at)
        return np.asarray(cells, dtype=np.int64)

    def rows(self) -> tuple[Row, ...]:
        """The parts less their sum are zero, along every axis."""
        places = np.arange(np.prod(self.shape)).reshape(self.shape)
        rows = []
        for at, axis in enumerate(self.axes):
            sums = list(axis.sums())
            for line in np.moveaxis(places, at, -1).reshape(-1, self.shape[at]):
                for whole, parts in sums:
                    rows.append(Row([*line[parts].tolist(), int(line[whole])], [1] * len(parts) + [-1], 0, 0))
        return tuple(rows)
