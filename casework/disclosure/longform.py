"""Files of long form: a heading, a line for each cell, one column of counts."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from casework.errors import Invalid

SUMMED: Final = "Total"
_OWN_SUMMED: Final = "total"
_WORDS: Final = "_label"
_STATUS: Final = "status"


class Lines:
    """The lines of a file under its headings, with the number that a spreadsheet shows for each.

    Fields are divided by commas, or by semicolons or tabs where the heading has these alone (`delimiter`).
    Of a file that a release gave (`reports/publication/data_csv.py`) the words beside codes and the status of
    a cell are left out, and its `total` is `SUMMED`.
    """

    def __init__(self, text: str, count: str, instead: Sequence[str] = ()) -> None:
        """Raises Invalid: no heading, a heading twice, no such count column, a line too short or too long.

        Where a file has one of the columns `instead`, it may be without counts: all are empty then.
        """
        text = text.removeprefix("\ufeff")
        self.delimiter = _find_delimiter(text)
        reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=self.delimiter)
        try:
            table = [(reader.line_num, [field.strip() for field in line]) for line in reader if any(line)]
        except csv.Error as error:
            raise Invalid(table=f"line {reader.line_num} cannot be read: {error}") from error
        if not table:
            raise Invalid(table="the file is empty")
        heading = table[0][1]
        twice = [name for name in heading if heading.count(name) > 1]
        if twice or "" in heading:
            raise Invalid(
                table=f"two columns are called {twice[0]!r}" if twice else "a column has no heading"
            )
        self.has_counts = count in heading
        if not self.has_counts and not any(column in heading for column in instead):
            raise Invalid(count=f"there is no column {count!r}; the file has {', '.join(heading)}")
        wrong = next((number for number, line in table[1:] if len(line) != len(heading)), None)
        if wrong:
            raise Invalid(table=f"line {wrong} has not {len(heading)} fields, as the heading has")
        words = _list_words(heading)
        self.columns = tuple(name for name in heading if name != count and name not in words)
        self.rows = []
        for number, line in table[1:]:
            named = {name: field for name, field in zip(heading, line, strict=True) if name not in words}
            value = named.pop(count, "")
            if words:  # a release's own file
                named = {name: SUMMED if code == _OWN_SUMMED else code for name, code in named.items()}
            self.rows.append((number, named, value))


def _find_delimiter(text: str) -> str:
    """Spreadsheets write semicolons where the comma is the decimal sign."""
    heading = text.lstrip("\r\n").partition("\n")[0]
    return next((sign for sign in ";\t" if sign in heading and "," not in heading), ",")


def _list_words(heading: Sequence[str]) -> frozenset[str]:
    """The columns of a release's own file that are no dimension: words beside the codes, and a status."""
    words = {name for name in heading if name.endswith(_WORDS) and name.removesuffix(_WORDS) in heading}
    return frozenset(words | {_STATUS}) if words and _STATUS in heading else frozenset()


def list_coarser(column: str, nested: Sequence[tuple[str, str]]) -> list[str]:
    """The columns that group one, nearest first."""
    found: list[str] = []
    waiting = [column]
    while waiting:
        here = waiting.pop(0)
        for finer, coarser in nested:
            if finer == here and coarser not in found:
                found.append(coarser)
                waiting.append(coarser)
    return found


def read_count(value: str, number: int) -> int:
    """A whole number, possibly written with a decimal zero as spreadsheets do; raises Invalid."""
    try:
        found = float(value)
    except ValueError:
        found = -1.0
    if not 0 <= found < 2**53 or found != int(found):
        raise Invalid(table=f"line {number}: {value!r} is no count (a whole number, zero or more)")
    return int(found)
