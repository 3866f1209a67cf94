"""The engine's own model of a table of units: one column per cell and per derived set, tied by equations."""

import numpy as np

from casework.disclosure.counts import BoolArray, CountTable, IntArray, exclusive_mask
from casework.disclosure.dimensions import is_tags
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.solver import Row
from casework.disclosure.threshold import floor, floor_unshown, reach, unsafe

MARGIN_WEIGHT = 4


def link(table: CountTable, k: int) -> LinkedCells:
    """The model of a table whose grand total is safe."""
    return _link_tags(table, k) if is_tags(table.dimensions) else _link_cross(table, k)


def _link_cross(table: CountTable, k: int) -> LinkedCells:
    """Every line of the full cross: its details less its margin are zero (a network, hence integral)."""
    shape = table.cells.units.shape
    values = table.cells.units.ravel()
    column_of = np.arange(values.size).reshape(shape)
    rows = []
    for axis in range(len(shape)):
        for line in np.moveaxis(column_of, axis, -1).reshape(-1, shape[axis]):
            rows.append(Row(line.tolist(), [1] * (shape[axis] - 1) + [-1], 0, 0))
    margin = np.zeros(shape, dtype=np.bool_)
    for axis in range(len(shape)):
        np.moveaxis(margin, axis, 0)[-1] = True
    hideable = values > 0
    hideable[-1] = False
    primary = unsafe(table.cells.cases.ravel(), k)
    return LinkedCells(
        values=values,
        lower=np.minimum(values, 1),
        upper=np.full(values.size, values[-1]),
        shown=np.ones(values.size, dtype=np.bool_),
        hideable=hideable,
        weight=np.where(margin.ravel(), MARGIN_WEIGHT, 1) * values.astype(np.float64),
        primary=primary,
        needs=_needs(primary, floor(table).ravel(), reach(table.cells, table.case_sizes, k).ravel()),
        rows=tuple(rows),
        column_of=column_of,
        places=np.stack(np.unravel_index(np.arange(values.size), shape), axis=1).astype(np.int64),
    )


def _link_tags(table: CountTable, k: int) -> LinkedCells:
    """Columns: codes, their complements, answered, unanswered, gaps, surplus of tags over answers.

    Hiding a code hides its complement with it, since the total is always shown.
    """
    dimension = table.dimensions[0]
    count = len(dimension.codes)
    exclusive = exclusive_mask(dimension)
    cells, unshown = table.cells, table.unshown
    total = int(cells.units[-1, 0])
    surplus = int(cells.units[:-1, 0][~exclusive].sum() - unshown.units[0])
    values = np.concatenate([cells.units[:-1, 0], cells.units[:-1, 1], unshown.units, [surplus]])
    hideable = np.zeros(len(values), dtype=np.bool_)
    hideable[:count] = (cells.units[:-1, 0] > 0) & (cells.units[:-1, 1] > 0)
    lower = np.where(hideable, 1, 0)
    upper = np.full(len(values), total)
    upper[:count] -= 1
    upper[-1] = total * count
    parts = (cells.column(0), cells.column(1), unshown)
    bad = np.concatenate([unsafe(part.cases, k) for part in parts])
    far = np.concatenate([reach(part, table.case_sizes, k) for part in parts])
    least = np.concatenate([floor(table)[:-1, 0], floor(table)[:-1, 1], floor_unshown(table)])
    primary = np.zeros(len(values), dtype=np.bool_)
    primary[:count] = bad[:count] | bad[count : 2 * count]
    column_of = np.append(np.arange(2 * count).reshape(2, count).T, [[-1, -1]], axis=0)
    return LinkedCells(
        values=values,
        lower=lower,
        upper=upper,
        shown=np.arange(len(values)) < count,
        hideable=hideable,
        weight=np.where(hideable, values, 0).astype(np.float64),
        primary=primary,
        needs=_needs(bad, least, far),
        rows=_rows_of_tags(exclusive, total),
        column_of=column_of,
        places=np.zeros((len(values), 1), dtype=np.int64),
    )


def _rows_of_tags(exclusive: BoolArray, total: int) -> tuple[Row, ...]:
    """The equations of the columns of `_link_tags`, in that order."""
    count = len(exclusive)
    answered, unanswered, gap, surplus = 2 * count, 2 * count + 1, 2 * count + 2, 3 * count + 2
    alone, tags = np.flatnonzero(exclusive).tolist(), np.flatnonzero(~exclusive).tolist()
    rows = [Row([code, count + code], [1, 1], total, total) for code in range(count)]
    rows += [Row([code, gap + code, answered], [1, 1, -1], 0, 0) for code in tags]
    rows += [Row([gap + code], [1], 0, 0) for code in alone]
    rows.append(Row([answered, unanswered], [1, 1], total, total))
    rows.append(Row([*alone, unanswered], [1] * len(alone) + [-1], 0, 0))
    rows.append(Row([*tags, answered, surplus], [1] * len(tags) + [-1, -1], 0, 0))
    return tuple(rows)


def _needs(bad: BoolArray, least: IntArray, far: IntArray) -> tuple[tuple[int, int, int], ...]:
    return tuple((int(column), int(least[column]), int(far[column])) for column in np.flatnonzero(bad))
