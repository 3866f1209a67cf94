"""The same columns off the coded index: only of the incidents that are shown are records opened."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import numpy as np

from casework.analysis.columns import Answer
from casework.analysis.columns.block import Mask
from casework.analysis.signals.counting import Dated, Integers
from casework.errors import IndexUnusable
from casework.services.books import OpenedIncident
from casework.services.context import Context
from casework.services.factreading import read_cases
from casework.services.index.counted import span_of
from casework.services.index.facts import Blocks
from casework.services.signals.columns import (
    DIMENSIONS,
    FIELDS,
    MOST_SHOWN,
    Behind,
    Columns,
    lay_out,
    name_cases,
    number_answers,
)


def lay_out_indexed(
    context: Context, blocks: Blocks, is_open: Mask, fresh: Sequence[OpenedIncident]
) -> Columns:
    """Lay out the open incidents of the blocks, and these fresh ones; raises IndexUnusable."""
    dates = blocks.column("incidents", "date")
    spans = np.array([span_of(value) for value in dates.values], dtype=np.int64).reshape(-1, 2)
    first = spans[dates.codes, 0]
    held = np.flatnonzero(is_open & (first > 0))
    logged = blocks.column("incidents", "logged_on")
    days = np.array([date.fromisoformat(str(value)).toordinal() for value in logged.values], dtype=np.int64)
    own = lay_out(fresh, blocks.fresh.cases)
    dated = Dated(
        np.concatenate([first[held], own.dated.first]),
        np.concatenate([spans[dates.codes[held], 1], own.dated.last]),
        np.concatenate([days[logged.codes[held]], own.dated.logged]),
    )
    told = [
        np.concatenate([_answer(blocks, name, held), mine])
        for name, mine in zip(DIMENSIONS, own.answers, strict=True)
    ]
    undated = int(is_open.sum()) - len(held) + own.undated
    shown = [one for one in fresh if one.facts.date.span()]

    def look_up(behind: Sequence[Integers]) -> Behind:
        return _look_up(context, blocks, held, shown, dated, behind)

    return Columns(dated, tuple(told), undated, look_up)


def _answer(blocks: Blocks, name: str, rows: Integers) -> Integers:
    column, numbers = blocks.column("incidents", FIELDS[DIMENSIONS.index(name)]), number_answers(name)
    known = np.array([numbers[_one(value)] for value in column.values], dtype=np.int64)
    found: Integers = known[column.codes[rows]]
    return found


def _one(value: Answer) -> str:
    assert isinstance(value, str)  # noqa: S101 - no dimension has several answers
    return value


def _look_up(
    context: Context,
    blocks: Blocks,
    held: Integers,
    fresh: Sequence[OpenedIncident],
    dated: Dated,
    behind: Sequence[Integers],
) -> Behind:
    ids = np.concatenate(
        [blocks.ids("incidents")[held], *(np.frombuffer(one.id.bytes, np.uint8)[None] for one in fresh)]
    )
    newest = [_newest(dated, ids, rows) for rows in behind]
    rows = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *newest]))
    cases = blocks.numbers("incidents", "case")[held[rows[rows < len(held)]]]
    case_ids = {UUID(bytes=one.tobytes()) for one in blocks.ids("cases")[np.unique(cases)]}
    book = read_cases(context.keyring, case_ids, are_alone=True)
    if book.damaged:
        raise IndexUnusable("damaged")
    known = {**book.incidents, **{one.id: one for one in fresh}}
    found = tuple(tuple(known[UUID(bytes=ids[row].tobytes())] for row in some) for some in newest)
    return Behind(found, name_cases(found, {**blocks.fresh.cases, **book.cases}))


def _newest(dated: Dated, ids: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], rows: Integers) -> Integers:
    """Return the newest of these rows as the records are in order: by date, logging, and id."""
    halves = np.ascontiguousarray(ids[rows]).view(">u8")
    order = np.lexsort((halves[:, 1], halves[:, 0], dated.logged[rows], dated.last[rows], dated.first[rows]))
    found: Integers = rows[order[::-1]][:MOST_SHOWN]
    return found
