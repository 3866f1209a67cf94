"""Where a table begins: which of its first rows is the heading, and how wide the table is."""

from collections.abc import Sequence

from casework.services.importing.headings import is_known_heading

LOOKED_AT_ROWS = 20
_FEWEST_KNOWN = 2

Cells = tuple[str, ...]


def find_heading(rows: Sequence[Cells]) -> int:
    """Return the index of the heading among the first rows that are not blank.

    The first row that fills half as many cells as the fullest; or a later one, where more of its cells are
    headings that lists have: then what stands above it is a title, or names groups of columns.
    """
    counts = [sum(map(bool, cells)) for cells in rows]
    best = next(index for index, count in enumerate(counts) if count * 2 >= max(counts))
    most = max(_FEWEST_KNOWN - 1, _count_known(rows[best]))
    for index in range(best + 1, len(rows)):
        if (known := _count_known(rows[index])) > most:
            best, most = index, known
    return best


def name_columns(rows: Sequence[Cells], at: int) -> Cells:
    """Return the heading at an index, its blank cells filled from the row above where that names several."""
    heading = without_tail(rows[at])
    above = rows[at - 1] if at else ()
    if sum(map(bool, above)) < _FEWEST_KNOWN:
        return heading
    width = max(len(heading), len(without_tail(above)))
    return tuple(own or upper for own, upper in zip(pad(heading, width), pad(above, width), strict=True))


def find_width(heading: Cells, rows: Sequence[Cells], may_shift: bool) -> int:
    """Return how many columns a table has that begins with these rows.

    Where cells `may_shift`, by a comma that nobody meant, half the rows have to be wider than the heading
    before the table is: else the wider row is at fault. In a workbook a cell stands where it stands.
    """
    widths = sorted((len(without_tail(cells)) for cells in rows), reverse=True) or [0]
    return max(len(heading), widths[len(widths) // 2] if may_shift else widths[0])


def is_note(cells: Cells, width: int, is_apart: bool) -> bool:
    """Return whether this is no row of the table but a line about it: "# made on…", "Source: …".

    Nothing but its first cell is filled, and it begins so or stands apart, below a blank row; a table of one
    or two columns may have such rows.
    """
    if not cells or not cells[0] or any(cells[1:]):
        return False
    return (width > 1 and cells[0].startswith("# ")) or (width > 2 and is_apart)


def without_tail(cells: Cells) -> Cells:
    """Leave out the blank cells at the end."""
    last = max((index for index, cell in enumerate(cells, start=1) if cell), default=0)
    return cells[:last]


def pad(cells: Cells, width: int) -> Cells:
    """Give as many cells as `width`, blank ones at the end."""
    return cells[:width] + ("",) * (width - len(cells))


def _count_known(cells: Cells) -> int:
    filled = [cell for cell in cells if cell]
    known = sum(map(is_known_heading, set(filled)))
    return known if known * 2 >= len(filled) else 0
