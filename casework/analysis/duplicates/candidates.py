"""Which pairs are worth comparing: those that share a date, a number, or the sound of a name (blocking).

A pair is proposed when any of several keys is the same, so that one wrong letter or number hides nobody:
I. P. Fellegi, A. B. Sunter, "A Theory for Record Linkage", JASA 64 (1969), section 4; several passes as in
P. Christen, "Data Matching" (2012), chapter 4.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .names import MOST_PARTS
from .people import NONE, Numbers, People

Keys = NDArray[np.uint64]
Screen = Callable[[Numbers, Numbers], NDArray[np.bool_]]
"""Tells of pairs (left, right), cheaply, which can still turn out to be one person."""

MOST_OF_A_KEY = 200
"""A key that more people share than this tells nothing: "Mohamed" alone, a telephone of the collective."""

_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64
)


def propose_pairs(people: People, screen: Screen) -> tuple[Numbers, Numbers]:
    """Give the pairs (i, j), i < j, that pass the screen, each once, as two arrays of the same length."""
    n, found = len(people), [np.zeros(0, np.int64)]
    for keys, rows in _keys(people):
        pairs = _pairs_of(keys, rows, n)
        found.append(pairs[screen(pairs // n, pairs % n)])
    pairs = np.unique(np.concatenate(found))
    return pairs // n, pairs % n


def propose_like(people: People, row: int) -> Numbers:
    """Give whom person `row` has to be compared with: everybody who shares a key, in order."""
    like = np.zeros(len(people), np.bool_)
    for _number, columns, known in _single_keys(people):
        if known[row]:
            like |= np.logical_and.reduce([known, *(column == column[row] for column in columns)])
    sounds = [sound for sound in people.sounds[row].tolist() if sound != NONE]
    times = {sound: (people.sounds == sound).sum(axis=1) for sound in sounds}
    for one, other in combinations(sounds, 2):
        like |= times[one] > 1 if one == other else (times[one] > 0) & (times[other] > 0)
    like[row] = False
    return np.flatnonzero(like)


def _keys(people: People) -> Iterator[tuple[Keys, Numbers]]:
    """Give each kind of key with the rows that have it; a row may have several of one kind."""
    rows = np.arange(len(people), dtype=np.int64)
    for number, columns, known in _single_keys(people):
        yield _mix(number, *columns)[known], rows[known]
    first, second = zip(*combinations(range(MOST_PARTS), 2), strict=True)
    one, other = people.sounds[:, first], people.sounds[:, second]
    both = (one != NONE) & (other != NONE)
    repeated = np.broadcast_to(rows[:, None], one.shape)
    yield _mix(6, np.minimum(one, other)[both], np.maximum(one, other)[both]), repeated[both]


def _single_keys(people: People) -> Iterator[tuple[int, tuple[Numbers, ...], NDArray[np.bool_]]]:
    """Give the kinds of which everybody has one key or none: a number for it, its columns, who has it."""
    year, month, day = people.dates.T
    whole, some = (month > 0) & (day > 0), year > 0
    low, high = np.minimum(month, day), np.maximum(month, day)
    yield 1, (year, low, high), whole
    for number, column in ((2, people.phones), (3, people.ucis)):
        yield number, (column,), column != NONE
    for part in range(MOST_PARTS):
        sound = people.sounds[:, part]
        known = sound != NONE
        yield 4, (sound, year), known & some
        yield 5, (sound, low, high), known & whole


def _mix(kind: int, *columns: Numbers) -> Keys:
    """Make one number of several columns; two different ones that meet cost a comparison, no more."""
    mixed = np.full(columns[0].shape, kind, np.uint64)
    for column, factor in zip(columns, _FACTORS, strict=False):
        mixed = (mixed ^ column.astype(np.uint64)) * factor
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _pairs_of(keys: Keys, rows: Numbers, n: int) -> Numbers:
    """Give i * n + j for each pair of rows that share a key."""
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if keys.size else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[starts, keys.size])
    found = [np.zeros(0, np.int64)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= MOST_OF_A_KEY)]):
        blocks = rows[starts[sizes == size][:, None] + np.arange(size)]
        i, j = np.triu_indices(size, 1)
        found.append((blocks[:, i] * n + blocks[:, j]).ravel())
    pairs = np.concatenate(found)
    proposed: Numbers = pairs[pairs // n != pairs % n]
    return proposed
