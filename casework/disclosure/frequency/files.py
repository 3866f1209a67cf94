"""Frequency tables of anybody: read from a file of long form, protected, written again."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.frequency.crossing import Axis, Crossing, Grouping
from casework.disclosure.longform import SUMMED, Lines, list_coarser, read_count
from casework.errors import Invalid


@dataclass(frozen=True, eq=False)
class FrequencyTable:
    """Counts of every combination of codes (`details`, an axis each), and the columns of the file.

    `written` are the combinations that have a line: of the others everybody may know that nobody is there.
    Its fields are divided by `delimiter`.
    """

    crossing: Crossing
    columns: tuple[str, ...]
    count: str
    details: IntArray
    written: BoolArray
    delimiter: str = ","

    def lines(self) -> Iterator[tuple[dict[str, str], tuple[int, ...]]]:
        """Every line of the full cross: what each column says, and the place among the cells."""
        axes = self.crossing.axes
        for choices in product(*(zip(axis.choices, axis.set_of.tolist(), strict=True) for axis in axes)):
            named: dict[str, str] = {}
            for axis, (choice, _set) in zip(axes, choices, strict=True):
                named |= {name: said or SUMMED for name, said in zip(axis.columns, choice.named, strict=True)}
            yield named, tuple(at for _choice, at in choices)


def read_frequencies(text: str, count: str, nested: Sequence[tuple[str, str]]) -> FrequencyTable:
    """The table of a file with one line for each combination of the detailed codes; absent ones are zero.

    `nested` are pairs (finer column, coarser column). Raises Invalid, naming the line or the column.
    """
    lines = Lines(text, count)
    if not lines.columns:
        raise Invalid(table="there is no column beside the counts")
    for number, named, _value in lines.rows:
        empty = next((column for column, code in named.items() if code in ("", SUMMED)), None)
        if empty:
            raise Invalid(
                table=f"line {number}: {empty!r} is {named[empty] or 'empty'}; write the details alone"
            )
    axes = tuple(build_axes(lines.columns, nested, [named for _number, named, _value in lines.rows]))
    details = np.zeros([len(axis.codes) for axis in axes], dtype=np.int64)
    written = np.zeros(details.shape, dtype=np.bool_)
    positions = [{code: at for at, code in enumerate(axis.codes)} for axis in axes]
    seen: dict[tuple[int, ...], int] = {}
    for number, named, value in lines.rows:
        place = tuple(position[named[axis.column]] for position, axis in zip(positions, axes, strict=True))
        if place in seen:
            raise Invalid(table=f"lines {seen[place]} and {number} are of the same combination")
        seen[place] = number
        details[place] = read_count(value, number)
        written[place] = True
    return FrequencyTable(Crossing(axes), lines.columns, count, details, written, lines.delimiter)


def build_axes(
    columns: Sequence[str], nested: Sequence[tuple[str, str]], named: Sequence[dict[str, str]]
) -> Iterable[Axis]:
    """An axis for each column that is no grouping of another; coarser columns belong to the finest one.

    Raises Invalid for a pair that names no column, or where a code lies in two groups.
    """
    for pair in nested:
        missing = next((column for column in pair if column not in columns), None)
        if missing:
            raise Invalid(nested=f"there is no column {missing!r}")
    coarse = {coarser for _finer, coarser in nested}
    owned: set[str] = set()
    for column in columns:
        if column in coarse:
            continue
        codes = tuple(dict.fromkeys(row[column] for row in named))
        inside = list_coarser(column, nested)
        owned.update(inside)
        yield Axis(column, codes, tuple(_group(column, other, codes, named, nested) for other in inside))
    lost = sorted(coarse - owned)
    if lost:
        raise Invalid(nested=f"{lost[0]!r} is nested in itself")


def write_frequencies(table: FrequencyTable, hidden: BoolArray, values: IntArray) -> str:
    """Every cell of the full cross with all margins as CSV; a hidden one has no count.

    `hidden` and `values` have the shape of the crossing.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", delimiter=table.delimiter)
    writer.writerow([*table.columns, table.count])
    for named, place in table.lines():
        count = "" if hidden[place] else int(values[place])
        writer.writerow([*(named[column] for column in table.columns), count])
    return out.getvalue()


def _group(
    column: str,
    coarser: str,
    codes: Sequence[str],
    named: Sequence[dict[str, str]],
    nested: Sequence[tuple[str, str]],
) -> Grouping:
    groups: dict[str, str] = {}
    for row in named:
        if groups.setdefault(row[column], row[coarser]) != row[coarser]:
            raise Invalid(nested=f"{column} {row[column]!r} lies in two groups of {coarser!r}")
    inside = frozenset(list_coarser(coarser, nested))
    return Grouping(coarser, tuple(groups[code] for code in codes), inside)
