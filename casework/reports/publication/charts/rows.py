"""Bars that lie, one below the other: each with its label before or above it and its number behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.reports.publication.charts.canvas import Canvas
from casework.reports.publication.charts.figures import Bar, Figure, Panel
from casework.reports.publication.charts.measuring import measure, widest, wrap
from casework.reports.publication.charts.wording import Wording

_LEADING = 1.22
_THICK = 1.5
_LEAST_HEAD = 0.78
_STUB, _HIGH = 2.6, 1.18
"""Width and height of a hidden one, in letters' heights: of every one, whatever it hides."""


@dataclass(frozen=True, slots=True)
class Space:
    """Where to draw, and how: `text` is the size of letters, `loose` how far rows stand apart, from 1."""

    x: float
    y: float
    width: float
    text: float
    loose: float = 1

    def moved(self, x: float = 0, y: float = 0, width: float | None = None) -> "Space":
        """Return a part of it."""
        return Space(self.x + x, self.y + y, self.width if width is None else width, self.text, self.loose)


@dataclass(frozen=True, slots=True)
class Scale:
    """How long a bar is for each that it counts, and how thick."""

    unit: float
    thick: float


def draw_rows(canvas: Canvas, space: Space, figure: Figure, words: Wording) -> float:
    """Draw one panel, or several below each other; returns the height."""
    y = 0.0
    for panel in figure.panels:
        if panel.label:
            y += space.text * (2.2 if y else 1.1)
            heading = wrap(panel.label, space.text * 1.05, space.width, strong=True)
            for line in heading:
                canvas.words(space.x, space.y + y, line, space.text * 1.05, strong=True)
                y += space.text * _LEADING
            y -= space.text * 0.45
        y += _draw_panel(canvas, space.moved(y=y), panel, figure, words)
    return y


def draw_matrix(canvas: Canvas, space: Space, figure: Figure, words: Wording) -> float | None:
    """Draw panels beside each other, whose rows share their labels; None where there is no room for it."""
    size = space.text
    bars = figure.panels[0].bars
    beside = _label_width(bars, size, space.width * 0.32, most_lines=3)
    gap, number = size * 1.2, _number_width(figure, words, size)
    if beside is None:
        return None
    each = (space.width - beside - size * 0.8 + gap) / len(figure.panels) - gap
    if each - number < size * 2.2 or each < size * (_STUB + 0.6):
        return None
    head_size = _head_size(figure, size, each + gap * 0.3)
    if head_size is None:
        return None
    heads = [wrap(panel.label, head_size, each + gap * 0.3, strong=True) for panel in figure.panels]
    head = max(map(len, heads)) * head_size * _LEADING + size * 0.35
    pitches = _pitches(bars, size, beside, space.loose)
    left = space.x + beside + size * 0.8
    scale = Scale((each - number) / max(figure.most, 1), _thickness(pitches, size))
    for at, (panel, lines) in enumerate(zip(figure.panels, heads, strict=True)):
        x = left + at * (each + gap)
        for line, label in enumerate(lines):
            up = (len(lines) - line - 1) * head_size * _LEADING + size * 0.75
            canvas.words(x, space.y + head - up, label, head_size, strong=True)
        y = space.y + head
        for bar, pitch in zip(panel.bars, pitches, strict=True):
            _draw_bar(
                canvas,
                Space(x, y, each, size),
                bar,
                pitch,
                scale,
                _paint(bar, panel),
                words,
            )
            y += pitch
        canvas.line(x, space.y + head, x, y, "base", size / 11)
    _draw_labels(canvas, space.moved(y=head), bars, beside, pitches)
    return head + sum(pitches)


def _head_size(figure: Figure, size: float, width: float) -> float | None:
    """Return the size of letters in which the longest word above a panel fits; None where it is too small."""
    longest = max(measure(word, size, True) for panel in figure.panels for word in panel.label.split(" "))
    smaller = min(width / longest, 1)
    return size * smaller if smaller >= _LEAST_HEAD else None


def _draw_panel(canvas: Canvas, space: Space, panel: Panel, figure: Figure, words: Wording) -> float:
    size, most = space.text, figure.most
    number = _number_width(figure, words, size)  # of all panels: they have one scale
    beside = _label_width(panel.bars, size, space.width * 0.4, most_lines=2)
    if beside is None and space.width > size * 34:
        beside = _label_width(panel.bars, size, space.width * 0.46, most_lines=4)
    if beside is None:
        return _draw_stacked(canvas, space, panel, most, number, words)
    left = beside + size * 0.8
    pitches = _pitches(panel.bars, size, beside, space.loose)
    y = 0.0
    scale = Scale((space.width - left - number) / max(most, 1), _thickness(pitches, size))
    for bar, pitch in zip(panel.bars, pitches, strict=True):
        _draw_bar(canvas, space.moved(x=left, y=y), bar, pitch, scale, _paint(bar, panel), words)
        y += pitch
    canvas.line(space.x + left, space.y, space.x + left, space.y + y, "base", size / 11)
    _draw_labels(canvas, space, panel.bars, beside, pitches)
    return y


def _draw_stacked(
    canvas: Canvas, space: Space, panel: Panel, most: int, number: float, words: Wording
) -> float:
    """Draw each label above its bar, where there is no room beside it."""
    size, y = space.text, 0.0
    pitch = size * (_THICK + 0.5)
    scale = Scale((space.width - number) / max(most, 1), _thickness([pitch], size))
    for bar in panel.bars:
        y += size * (0.95 + 0.35 * (space.loose - 1))
        for line in wrap(bar.label, size, space.width):
            canvas.words(space.x, space.y + y, line, size, _ink(bar))
            y += size * _LEADING
        y -= size * 0.8
        canvas.line(space.x, space.y + y, space.x, space.y + y + pitch, "base", size / 11)
        _draw_bar(canvas, space.moved(y=y), bar, pitch, scale, _paint(bar, panel), words)
        y += pitch + size * 0.25 * space.loose
    return y


def _draw_bar(
    canvas: Canvas, space: Space, bar: Bar, pitch: float, scale: Scale, paint: str, words: Wording
) -> None:
    size, middle = space.text, space.y + pitch / 2
    if bar.shown.state == "hidden":
        wide, high = size * _STUB, size * _HIGH
        canvas.hidden(space.x + size * 0.45, middle - high / 2, wide, high, size * 0.92)
        return
    length = bar.value * scale.unit
    if bar.value:
        canvas.rect(space.x, middle - scale.thick / 2, max(length, 1), scale.thick, paint)
    after = space.x + length + size * 0.45
    canvas.words(after, middle + size * 0.34, words.count(bar.shown), size, strong=True)


def _draw_labels(
    canvas: Canvas, space: Space, bars: Sequence[Bar], width: float, pitches: Sequence[float]
) -> None:
    size, y = space.text, space.y
    for bar, pitch in zip(bars, pitches, strict=True):
        lines = wrap(bar.label, size, width)
        first = y + pitch / 2 + size * 0.34 - (len(lines) - 1) * size * _LEADING / 2
        for at, line in enumerate(lines):
            canvas.words(space.x + width, first + at * size * _LEADING, line, size, _ink(bar), anchor="end")
        y += pitch


def _label_width(bars: Sequence[Bar], size: float, most: float, most_lines: int) -> float | None:
    """Return how wide labels are beside their bars; None where one would not fit."""
    wrapped = [wrap(bar.label, size, most) for bar in bars]
    wide = max((widest(lines, size) for lines in wrapped), default=0)
    return None if wide > most or max(map(len, wrapped), default=0) > most_lines else wide


def _pitches(bars: Sequence[Bar], size: float, beside: float, loose: float) -> list[float]:
    # A hair more than was measured: a line that just fits must not be parted a second time.
    lines = [len(wrap(bar.label, size, beside + 0.01)) for bar in bars]
    return [max(size * 2.05 * loose, count * size * _LEADING + size * 0.4) for count in lines]


def _thickness(pitches: Sequence[float], size: float) -> float:
    """Return how thick all bars of a chart are: names of several lines make none thicker than the others."""
    return min(min(pitches, default=0) * 0.72, size * _THICK * 1.5)


def _paint(bar: Bar, panel: Panel) -> str:
    return "rest" if "aside" in (bar.kind, panel.kind) else "bar"


def _number_width(figure: Figure, words: Wording, size: float) -> float:
    shown = [bar.shown for panel in figure.panels for bar in panel.bars]
    return max(measure(count, size, True) for count in words.count_all(shown, figure.least)) + size * 0.7


def _ink(bar: Bar) -> str:
    return "soft" if bar.kind else "ink"
