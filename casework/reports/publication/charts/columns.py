"""Bars that stand, for times: one chart, or a small one for each panel, all on one scale."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from casework.reports.publication.charts.canvas import Canvas
from casework.reports.publication.charts.figures import Bar, Figure, Panel
from casework.reports.publication.charts.measuring import measure, widest, wrap
from casework.reports.publication.charts.rows import Space
from casework.reports.publication.charts.wording import Wording

_LEADING = 1.22
_FILLED = 0.74
_SMALL = 0.88
_APART = 0.25
"""What is empty between the numbers of neighbours, in letters' heights."""

_BETWEEN = 2.2
"""What is empty between panels, in letters' heights."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How panels are laid out: how many stand side by side, how wide each and each of its slots is.

    `band` is the height of what hidden numbers get below the line, 0 where none is hidden; `says_all` is
    whether each column has its number, or only the highest, the first and the last.
    """

    across: int
    each: float
    slot: float
    band: float
    head: float
    foot: float
    says_all: bool

    def height(self, panels: int, plot: float) -> float:
        """Return how high all are, with a plot of this height in each."""
        rows = -(-panels // self.across)
        return rows * (self.head + plot + self.band + self.foot)


def times_of(panel: Panel) -> list[Bar]:
    """Leave out what has no place in time: it is said in words."""
    return [bar for bar in panel.bars if bar.kind != "aside"]


def plan_columns(figure: Figure, space: Space, words: Wording, most_across: int) -> Plan:
    """Put as many panels side by side as leave room for every number; where none does, one."""
    size = space.text
    count = max(len(times_of(panel)) for panel in figure.panels)
    number = _widest_number(figure, words, size)
    plan = None
    for most in range(min(most_across, len(figure.panels)), 0, -1):
        rows = -(-len(figure.panels) // most)
        across = -(-len(figure.panels) // rows)  # six stand as three and three, not as four and two
        each = (space.width - (across - 1) * size * _BETWEEN) / across
        plan = _plan(figure, space, words, across, each, each / count >= number)
        if plan.says_all and _heads_fit(figure, size, each) and each >= size * 9:
            return plan
    assert plan is not None  # noqa: S101 - there is at least one panel
    return plan


def draw_columns(
    canvas: Canvas, space: Space, figure: Figure, words: Wording, plan: Plan, plot: float
) -> float:
    """Draw all panels with plots of this height; returns the height of all."""
    high, most = plan.height(1, plot), _highest(figure)
    for at, panel in enumerate(figure.panels):
        row, column = divmod(at, plan.across)
        x = column * (plan.each + space.text * _BETWEEN)
        _draw_panel(canvas, space.moved(x, row * high, plan.each), panel, most, words, plan, plot)
    return plan.height(len(figure.panels), plot)


def _plan(figure: Figure, space: Space, words: Wording, across: int, each: float, says_all: bool) -> Plan:
    size = space.text
    count = max(len(times_of(panel)) for panel in figure.panels)
    slot = each / count
    heads = [len(wrap(panel.label, size, each, strong=True)) for panel in figure.panels if panel.label]
    head = max(heads) * size * _LEADING + size * 0.6 if heads else 0
    hidden = any(bar.shown.state == "hidden" for panel in figure.panels for bar in times_of(panel))
    ticks = max(
        len(tick) for panel in figure.panels for _at, tick in _ticks(times_of(panel), slot, size, words)
    )
    foot = size * (ticks * 1.15 * _SMALL + 0.6) + (size * 1.2 if figure.panels[0].label else 0)
    return Plan(across, each, slot, size * 1.5 if hidden else 0, head + size * 1.3, foot, says_all)


def _draw_panel(
    canvas: Canvas, space: Space, panel: Panel, most: int, words: Wording, plan: Plan, plot: float
) -> None:
    size, bars = space.text, times_of(panel)
    if panel.label:
        for at, line in enumerate(wrap(panel.label, size, plan.each, strong=True)):
            paint = "soft" if panel.kind else "ink"
            canvas.words(space.x, space.y + size * (0.8 + at * _LEADING), line, size, paint, strong=True)
    base = space.y + plan.head + plot
    said = _said(bars, words, size, plan)
    for at, bar in enumerate(bars):
        _draw_column(canvas, space.x + at * plan.slot, base, bar, plot / max(most, 1), plan, size)
        if at in said:
            middle, up = space.x + (at + 0.5) * plan.slot, bar.value * plot / max(most, 1)
            canvas.words(
                middle,
                base - up - size * 0.35,
                words.count(bar.shown),
                size * _SMALL,
                strong=True,
                anchor="middle",
            )
    canvas.line(space.x, base, space.x + plan.slot * len(bars), base, "base", size / 11)
    foot = base + plan.band + size * 1.1
    _draw_ticks(canvas, space.x, foot, bars, plan, size, words)


def _draw_column(
    canvas: Canvas, x: float, base: float, bar: Bar, scale: float, plan: Plan, size: float
) -> None:
    wide = min(plan.slot * _FILLED, size * 5)
    left = x + (plan.slot - wide) / 2
    if bar.shown.state == "hidden":
        narrow = min(wide, size * 2.6)
        canvas.hidden(x + (plan.slot - narrow) / 2, base + size * 0.25, narrow, size * 1.25, size * _SMALL)
    elif bar.value:
        canvas.rect(left, base - max(bar.value * scale, 1), wide, max(bar.value * scale, 1), "bar")


def _draw_ticks(
    canvas: Canvas, x: float, y: float, bars: Sequence[Bar], plan: Plan, size: float, words: Wording
) -> None:
    last = 0  # line of words: the rules between years end beside it
    for middle, lines in _ticks(bars, plan.slot, size, words):
        last = max(last, len(lines) - 1)
        for at, line in enumerate(lines):
            down = at * size * 1.15 * _SMALL
            canvas.words(x + middle, y + down, line, size * _SMALL, "soft", anchor="middle")
    if bars and "-Q" in bars[0].code:
        for at in range(1, len(bars)):
            if bars[at].code[:4] != bars[at - 1].code[:4]:
                edge = x + at * plan.slot
                canvas.line(
                    edge, y - size * 0.75, edge, y + size * (1.15 * _SMALL * last + 0.1), "rule", size / 14
                )


def _ticks(
    bars: Sequence[Bar], slot: float, size: float, words: Wording
) -> Iterator[tuple[float, list[str]]]:
    """Give the words below columns, each with its middle: quarters within their year, or years."""
    if not bars or "-Q" not in bars[0].code:
        for at, bar in enumerate(bars):
            parts = re.split(r"\s*:\s*", bar.label, maxsplit=1)
            yield (at + 0.5) * slot, [line for part in parts for line in wrap(part, size * _SMALL, slot)]
        return
    named = [words.text("quarter", quarter=bar.code[-1]) for bar in bars]
    has_quarters = slot >= widest(named, size * _SMALL) + size * 0.25
    if has_quarters:
        for at, name in enumerate(named):
            yield (at + 0.5) * slot, [name]
    for year, inside in groupby(range(len(bars)), key=lambda at: bars[at].code[:4]):
        within = list(inside)
        shown = year if slot * len(within) >= measure(year, size * _SMALL) else f"’{year[2:]}"
        yield (within[0] + within[-1] + 1) / 2 * slot, ["", shown] if has_quarters else [shown]


def _said(bars: Sequence[Bar], words: Wording, size: float, plan: Plan) -> set[int]:
    """Choose the columns that have their number: all, or the highest, the last and the first that fit."""
    shown = [at for at, bar in enumerate(bars) if bar.shown.state != "hidden"]
    if plan.says_all or not shown:
        return set(shown)
    room = max(measure(words.count(bars[at].shown), size * _SMALL, True) for at in shown) + size * _APART
    said: list[int] = []
    for at in (max(shown, key=lambda one: bars[one].value), shown[-1], shown[0]):
        if all(abs(at - other) * plan.slot >= room for other in said):
            said.append(at)
    return set(said)


def _highest(figure: Figure) -> int:
    """Return the highest column: what has no place in time is not drawn, however much it is."""
    drawn = (bar.value for panel in figure.panels for bar in times_of(panel))
    return max(figure.least, max(drawn, default=0))


def _widest_number(figure: Figure, words: Wording, size: float) -> float:
    shown = [bar.shown for panel in figure.panels for bar in times_of(panel)]
    counts = words.count_all(shown, figure.least)
    return max(measure(count, size * _SMALL, True) for count in counts) + size * _APART


def _heads_fit(figure: Figure, size: float, each: float) -> bool:
    return all(len(wrap(panel.label, size, each, strong=True)) <= 2 for panel in figure.panels)
