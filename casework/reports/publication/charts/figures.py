"""What of a table a chart shows: its bars, in the order in which they are read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casework.domain.vocabulary import ANOTHER, OTHER, code_list
from casework.reports.layout import Column, Layout, Line, Shown

_TIME = re.compile(r"[0-9]{4}(-Q[1-4])?")
_IN_ORDER = ("age_band",)
"""Lists whose terms have an order that everybody knows; all others are shown by size."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One number, or none. `kind` is "" or "aside", for answers that are none."""

    code: str
    label: str
    kind: str
    shown: Shown

    @property
    def value(self) -> int:
        """How long it is; 0 of what is not shown."""
        return self.shown.value or 0


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars that stand together; `label` is empty where there is one panel only."""

    label: str
    kind: str
    bars: tuple[Bar, ...]

    @property
    def most(self) -> int:
        """The longest."""
        return max((bar.value for bar in self.bars), default=0)


@dataclass(frozen=True, slots=True)
class Figure:
    """All panels, on one scale. `in_time` says that bars are times, `inner` what a lone panel is of.

    `whole` is the grand total, which is no bar. `least` is the longest bar of charts that share its scale.
    """

    panels: tuple[Panel, ...]
    in_time: bool
    inner: str
    whole: Shown
    least: int = 0

    @property
    def most(self) -> int:
        """The longest of all bars."""
        return max(self.least, *(panel.most for panel in self.panels))

    @property
    def hides(self) -> bool:
        """Whether anything is hidden."""
        return any(bar.shown.state == "hidden" for panel in self.panels for bar in panel.bars)

    @property
    def lacks(self) -> bool:
        """Whether anything cannot occur."""
        return any(bar.shown.state == "structural" for panel in self.panels for bar in panel.bars)


def read_figure(layout: Layout) -> Figure:
    """Read what a table shows: one panel, or one for each line of its second dimension."""
    columns = [at for at, column in enumerate(layout.columns) if column.kind != "total"]
    whole = layout.rows[-1].cells[-1]
    if not columns:
        panel = Panel("", "", _order(_down(layout.rows, 0)))
        return Figure((panel,), _is_time(panel.bars), layout.corner, whole)
    across = [layout.columns[at] for at in columns]
    if _is_time(across) and not _is_time(_lines(layout.rows)):
        by_line = [Panel(row.label, row.kind, _across(row, columns, across)) for row in _lines(layout.rows)]
        return Figure(tuple(by_line), True, layout.corner, whole)
    order = _order(_down(layout.rows, -1))
    by_column = [
        Panel(layout.columns[at].label, layout.columns[at].kind, _like(order, _down(layout.rows, at)))
        for at in columns
    ]
    return Figure(tuple(by_column), _is_time(order), layout.corner, whole)


def margin_of(layout: Layout) -> Figure:
    """Read the sums of the lines alone, of a table that has too much for one chart."""
    panel = Panel("", "", _order(_down(layout.rows, -1)))
    return Figure((panel,), _is_time(panel.bars), layout.corner, layout.rows[-1].cells[-1])


def _lines(rows: Sequence[Line]) -> list[Line]:
    """Leave the sum out, unless it is all there is: a period of one year has no line but that."""
    return [row for row in rows if row.kind != "total"] or list(rows)


def _down(rows: Sequence[Line], at: int) -> tuple[Bar, ...]:
    return tuple(Bar(row.code, row.label, row.kind, row.cells[at]) for row in _lines(rows))


def _across(row: Line, columns: Sequence[int], across: Sequence[Column]) -> tuple[Bar, ...]:
    return tuple(
        Bar(column.code, column.label, column.kind, row.cells[at])
        for at, column in zip(columns, across, strict=True)
    )


def _order(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Put the largest first, unless their list has its order; what is hidden has a place of its own.

    So where something hidden stands says nothing of how much it is.
    """
    if _is_time(bars) or any(
        {bar.code for bar in bars if not bar.kind} <= _codes(name) for name in _IN_ORDER
    ):
        return tuple(bars)
    return tuple(
        sorted(
            bars,
            key=lambda bar: (1, 0, 0) if bar.kind else (0, bar.code in (OTHER, ANOTHER), _rank(bar.shown)),
        )
    )


def _rank(shown: Shown) -> float:
    return -shown.value if shown.state == "shown" and shown.value is not None else 1


def _like(order: Sequence[Bar], bars: Sequence[Bar]) -> tuple[Bar, ...]:
    found = {bar.code: bar for bar in bars}
    return tuple(found[bar.code] for bar in order)


def _is_time(named: Iterable[Bar | Line | Column]) -> bool:
    codes = [one.code for one in named if one.kind == ""]
    return bool(codes) and all(_TIME.fullmatch(code) for code in codes)


def _codes(name: str) -> frozenset[str]:
    return frozenset(code_list(name).codes)
