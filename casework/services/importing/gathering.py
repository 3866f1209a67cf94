"""Rows with one number, put side by side: a copy of the list's pieces, in which no number is in two of them.

Such rows may stand far apart in the file. Of all rows only their place is kept in
memory; the rows themselves are written a few thousand at a time.
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from secrets import randbelow
from typing import Any

from casework.services.context import Context
from casework.services.importing.grouping import is_filled
from casework.services.importing.people import MOST_ROWS_TOGETHER
from casework.services.importing.sentlist import Gathered, Upload
from casework.services.importing.uploads import PIECE_ROWS, delete_pieces, read_piece, read_table, write_piece

_FROM = 2_000_000
"""Pieces from this number on are copies."""

_RANGES, _RANGE_PIECES = 5000, 200_000
"""Each copy has numbers of its own: two at once do not meet, nor does one that was cut off."""

_HELD_PIECES = 20
"""So many new pieces are in memory at once."""

_CELLS = 5
"""What a row is kept as: its number, content, occurrence, cells and names."""


def gather(
    context: Context, upload: Upload, go_on: Callable[[], bool], keep: Callable[[Gathered], bool]
) -> Gathered | None:
    """Write the rows of the chosen table in the order of their numbers, as its plan joins them.

    `keep` notes where they are, and only then those that lay there before go. None once `go_on`, which is
    asked now and then, or `keep` says no: then none of what was written is left.
    """
    assert upload.plan is not None  # noqa: S101 - who calls has looked
    heading = upload.plan.joined_by
    groups, counts = _number_rows(context, upload, upload.table.headings.index(heading))
    order = _Order(groups, counts, _place(groups, counts), _cut(counts))
    first = _FROM + _RANGE_PIECES * randbelow(_RANGES)
    gathered, is_kept = Gathered(upload.sheet, heading, first, len(order.cuts) - 1), False
    try:
        is_kept = _write(context, upload, first, order, go_on) and keep(gathered)
    finally:
        going = upload.gathered if is_kept else gathered
        if going is not None:
            delete_pieces(upload.id, range(going.first_piece, going.first_piece + going.pieces))
    return gathered if is_kept else None


@dataclass(frozen=True, slots=True)
class _Order:
    """The group of each row, how many rows each group has, the place of each row, and where pieces begin."""

    groups: "array[int]"
    counts: "array[int]"
    places: "array[int]"
    cuts: list[int]


def _write(context: Context, upload: Upload, first: int, order: _Order, go_on: Callable[[], bool]) -> bool:
    """Write the pieces from number `first` on; False once `go_on` says no, NotFound once the list is gone."""
    for start in range(0, len(order.cuts) - 1, _HELD_PIECES):
        some = order.cuts[start : start + _HELD_PIECES + 1]
        rows = _collect(context, upload, order, range(some[0], some[-1]))
        for number, (begin, end) in enumerate(pairwise(some), start=first + start):
            write_piece(context, upload.id, number, rows[begin - some[0] : end - some[0]])
        if not go_on():
            return False
    return True


def _number_rows(context: Context, upload: Upload, at: int) -> "tuple[array[int], array[int]]":
    """Number the groups in the order of the file; gives that of each row, and how many rows each has."""
    known: dict[int, int] = {}
    groups, counts = array("L"), array("L")
    for _number, _content, _again, cells, *_more in read_table(context, upload):
        # Of a row that is too wide the cell is there as well: its refusal is that of the others.
        number = cells[at] if at < len(cells) else ""
        group = known.setdefault(hash(number), len(counts)) if is_filled(number) else len(counts)
        if group == len(counts):
            counts.append(0)
        counts[group] += 1
        groups.append(group)
    return groups, counts


def _place(groups: "array[int]", counts: "array[int]") -> "array[int]":
    """Give each row its place: by group, and within it as in the file."""
    following = array("L", accumulate(counts, initial=0))
    places = array("L")
    for group in groups:
        places.append(following[group])
        following[group] += 1
    return places


def _cut(counts: "array[int]") -> list[int]:
    """Give the place that each piece begins at, and the end; what is no incident may be cut anywhere."""
    cuts, place, filled = [0], 0, 0
    for count in counts:
        step = count if count <= MOST_ROWS_TOGETHER else 1
        for _ in range(count // step):
            if filled and filled + step > PIECE_ROWS:
                cuts.append(place)
                filled = 0
            place += step
            filled += step
    return [*cuts, place] if place else cuts


def _collect(context: Context, upload: Upload, order: _Order, wanted: range) -> list[Any]:
    """Collect the rows of some places, each with how many have its number; no other piece is opened."""
    rows: list[Any] = [None] * len(wanted)
    table = upload.table
    for piece in range(table.pieces):
        begin = piece * PIECE_ROWS
        its = order.places[begin : begin + PIECE_ROWS]
        if not any(place in wanted for place in its):
            continue
        opened = read_piece(context, upload.id, table.first_piece + piece)
        for at, (place, row) in enumerate(zip(its, opened, strict=True), start=begin):
            if place in wanted:
                rows[place - wanted.start] = [*row[:_CELLS], order.counts[order.groups[at]]]
    return rows
