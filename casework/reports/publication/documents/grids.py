"""Tables as a page shows them: turned, or in pieces, where they are wider than the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casework.reports.layout import Layout, Shown

MOST_COLUMNS = 9
"""As many as a page has room for beside the names of the lines."""


@dataclass(frozen=True, slots=True)
class Head:
    """The name of a column or a line; `kind` is "", "aside" or "total"."""

    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A table, or a part of one that has all of its lines."""

    corner: str
    heads: tuple[Head, ...]
    lines: tuple[tuple[Head, tuple[Shown, ...]], ...]


def arrange(layout: Layout, outer: str, most: int = MOST_COLUMNS) -> tuple[Piece, ...]:
    """Give a table in pieces of so many columns; turned where it is then one. `outer` names its columns."""
    heads = [Head(column.label, column.kind) for column in layout.columns]
    lines = [(Head(row.label, row.kind), row.cells) for row in layout.rows]
    if len(heads) > most >= len(lines):
        turned = [(head, tuple(cells[at] for _line, cells in lines)) for at, head in enumerate(heads)]
        return (Piece(outer, tuple(head for head, _cells in lines), tuple(turned)),)
    return tuple(_part(layout.corner, heads, lines, most))


def _part(
    corner: str, heads: Sequence[Head], lines: Sequence[tuple[Head, tuple[Shown, ...]]], most: int
) -> Iterator[Piece]:
    pieces = -(-len(heads) // most)
    each = -(-len(heads) // pieces)
    for start in range(0, len(heads), each):
        cut = slice(start, start + each)
        yield Piece(corner, tuple(heads[cut]), tuple((head, cells[cut]) for head, cells in lines))
