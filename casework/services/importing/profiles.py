"""What a column holds, learned in one pass: how much, which values how often, what dates it writes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

from casework.domain.dates import VagueDate
from casework.domain.documents import Document
from casework.services.importing.vaguedates import Order, Shape, find_shape, read_serial, read_vague_date

MOST_VALUES = 300
"""A column with more different values than this is text, or numbers, and no list of answers."""

_REMEMBERED = 1 << 15
_SAMPLES = 3
_OVERRULES = 20
"""So many times more dates than those of the other order settle a column in spite of them."""
_LONGEST_SAMPLE = 60
# By chance a day has a thirtieth of all dates.
_USUAL_SHARE, _FEWEST_DAYS, _FEWEST_MONTHS = 0.2, 12, 4


@dataclass(frozen=True, slots=True, repr=False)
class Column:
    """A column, described. `values` are its different values, the most frequent first; none if too many.

    `numbers` counts whole numbers from 0 to 120, `shapes` the spellings of dates; `is_unique` is no value
    twice. `usual_day` is a day of the month with the count of its dates, where those are so many that it
    stands for days that nobody knew; else nothing.
    """

    heading: str
    filled: int
    samples: tuple[str, ...]
    values: tuple[tuple[str, int], ...]
    numbers: int
    shapes: dict[str, int]
    is_unique: bool
    usual_day: tuple[int, int] | None = None

    @property
    def dates(self) -> int:
        """How many cells read as a date."""
        unread = (Shape.UNREADABLE, Shape.SERIAL)
        return sum(count for shape, count in self.shapes.items() if shape not in unread)

    @property
    def serials(self) -> int:
        """How many cells hold a number that a spreadsheet may have counted days to."""
        return self.shapes.get(Shape.SERIAL, 0)

    @property
    def order(self) -> Order | None:
        """Which order of day and month the column itself decides on; None where it does not, or both ways."""
        day, month = self.shapes.get(Shape.DAY_FIRST, 0), self.shapes.get(Shape.MONTH_FIRST, 0)
        if max(day, month) <= min(day, month) * _OVERRULES:
            return None
        return Order.DAY_FIRST if day > month else Order.MONTH_FIRST

    @property
    def is_ambiguous(self) -> bool:
        """Whether somebody has to say which number of a date is the day."""
        return self.shapes.get(Shape.EITHER, 0) > 0 and self.order is None

    def to_document(self) -> Document:
        """Give the plain form that is sealed."""
        return {
            "heading": self.heading,
            "filled": self.filled,
            "samples": list(self.samples),
            "values": [list(pair) for pair in self.values],
            "numbers": self.numbers,
            "shapes": self.shapes,
            "is_unique": self.is_unique,
            "usual_day": list(self.usual_day) if self.usual_day else None,
        }

    @classmethod
    def from_document(cls, document: Document) -> "Column":
        """Read what `to_document` gave."""
        return cls(
            document["heading"],
            document["filled"],
            tuple(document["samples"]),
            tuple((value, count) for value, count in document["values"]),
            document["numbers"],
            document["shapes"],
            document["is_unique"],
            tuple(document["usual_day"]) if document.get("usual_day") else None,
        )


@dataclass(slots=True, repr=False)
class _Profile:
    filled: int = 0
    numbers: int = 0
    values: Counter[str] = field(default_factory=Counter)
    is_long: bool = False
    samples: list[str] = field(default_factory=list)
    shapes: Counter[str] = field(default_factory=Counter)
    seen: set[int] | None = field(default_factory=set)
    days: Counter[int] = field(default_factory=Counter)
    months: dict[int, set[tuple[int, int]]] = field(default_factory=dict)

    def add(self, value: str, shape: str, date: VagueDate | None) -> None:
        self.filled += 1
        if self.seen is not None:
            mark = hash(value)
            if mark in self.seen:
                self.seen = None
            else:
                self.seen.add(mark)
        if value.isdecimal() and len(value) <= 3 and int(value) <= 120:
            self.numbers += 1
        self.shapes[shape] += 1
        if date is not None and date.day is not None:
            self.days[date.day] += 1
            self.months.setdefault(date.day, set()).add((date.year or 0, date.month or 0))
        if not self.is_long:
            self._count(value)

    def _count(self, value: str) -> None:
        if value not in self.values and len(self.samples) < _SAMPLES:
            self.samples.append(value[:_LONGEST_SAMPLE])
        self.values[value] += 1
        if len(self.values) > MOST_VALUES:
            self.is_long = True
            self.values.clear()

    def usual_day(self) -> tuple[int, int] | None:
        """Find the day that many dates of several months share; a raid has many dates of one."""
        [(day, count)] = self.days.most_common(1) or [(0, 0)]
        is_usual = count >= max(_FEWEST_DAYS, _USUAL_SHARE * self.days.total())
        return (day, count) if is_usual and len(self.months[day]) >= _FEWEST_MONTHS else None


class Profiler:
    """Looks at every row as it goes by."""

    def __init__(self, headings: Sequence[str], this_year: int) -> None:
        self._headings = headings
        # What is remembered goes with this table.
        self._look = lru_cache(_REMEMBERED)(partial(look_at_date, this_year=this_year))
        self._profiles = [_Profile() for _ in headings]

    def add(self, cells: Iterable[str]) -> None:
        """Look at one row."""
        for profile, cell in zip(self._profiles, cells, strict=False):
            if cell:
                profile.add(cell, *self._look(cell))

    def columns(self) -> list[Column]:
        """Describe every column as it was seen."""
        return [
            Column(
                heading,
                profile.filled,
                tuple(profile.samples),
                tuple(profile.values.most_common()),
                profile.numbers,
                dict(profile.shapes),
                profile.seen is not None and profile.filled > 1,
                profile.usual_day(),
            )
            for heading, profile in zip(self._headings, self._profiles, strict=True)
        ]


def look_at_date(value: str, this_year: int) -> tuple[str, VagueDate | None]:
    """Find a date's shape, and what it is if no order has to be known; what is too long is not looked at."""
    if len(value) > 40 or not any(letter.isdigit() for letter in value):
        return Shape.UNREADABLE, None
    shape = find_shape(value, this_year)
    if shape is Shape.SERIAL:
        return shape, read_serial(value)
    is_clear = shape in (Shape.PLAIN, Shape.DAY_FIRST, Shape.MONTH_FIRST)
    return shape, read_vague_date(value, Order.DAY_FIRST, this_year) if is_clear else None
