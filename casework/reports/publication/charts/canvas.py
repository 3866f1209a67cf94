"""A few shapes and words as SVG. Colours are attributes that a page's style sheet may overrule by class."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from casework.reports.publication.charts.measuring import measure, split

FONT: Final = (
    "'Atkinson Hyperlegible Next', 'Atkinson Hyperlegible', "
    "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
)

OTHERS: Final = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', 'DejaVu Sans Mono', sans-serif"

PAINT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ink": "#251A27",
        "soft": "#5C5260",
        "bar": "#5E2150",
        "rest": "#868588",
        "base": "#251A27",
        "rule": "#CFD1C5",
        "hatch": "#7C7480",
        "paper": "#FFFFFF",
        "lichen": "#F3F4EE",
        "poster": "#4B1840",
        "on-poster": "#FFFFFF",
        "marigold": "#F2B233",
        "thread": "#B67A06",
        "late": "#A62A17",
    }
)
"""Each class and its colour on white: words at least 7.4 : 1, marks 3.5 : 1."""

_BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}


class Canvas:
    """Shapes in the order of their drawing; later ones cover earlier ones."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, paint: str) -> None:
        """Fill a rectangle."""
        place = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        self._parts.append(f'<rect class="{paint}" {place} fill="{PAINT[paint]}"/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, paint: str, thick: float = 1) -> None:
        """Draw a straight line."""
        self._path(f"M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}", paint, thick)

    def dot(self, x: float, y: float, radius: float, paint: str) -> None:
        """Fill a circle."""
        place = f'cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"'
        self._parts.append(f'<circle class="{paint}" {place} fill="{PAINT[paint]}"/>')

    def words(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        paint: str = "ink",
        *,
        strong: bool = False,
        anchor: str = "start",
    ) -> None:
        """Set one line; `y` is where letters stand, `anchor` start, middle or end."""
        runs = split(words)
        if len(runs) == 1:
            self._text(x, y, words, runs[0][1], size, paint, strong, anchor)
            return
        # Each run is a text of its own: some programs set a whole one in the font of its strangest letter.
        at = x - measure(words, size, strong) * _BEFORE[anchor]
        for run, is_drawn in runs:
            kept = run.strip()
            before = measure(run[: len(run) - len(run.lstrip())], size, strong)
            if kept:
                self._text(at + before, y, kept, is_drawn, size, paint, strong, "start")
            at += measure(run, size, strong)

    def _text(
        self,
        x: float,
        y: float,
        words: str,
        is_drawn: bool,
        size: float,
        paint: str,
        strong: bool,
        anchor: str,
    ) -> None:
        marks = f' font-weight="{600 if strong else 400}"'
        marks += f' text-anchor="{anchor}"' if anchor != "start" else ""
        marks += "" if is_drawn else f" font-family={quoteattr(OTHERS)}"
        place = f'x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{marks}'
        self._parts.append(f'<text class="{paint}" {place} fill="{PAINT[paint]}">{escape(words)}</text>')

    def hidden(self, x: float, y: float, width: float, height: float, size: float) -> None:
        """Draw what is hidden: a hatched field with its sign. Whoever calls gives each the same size."""
        lines = "".join(_hatch(x, y, width, height, step=max(size * 0.42, 4)))
        self._path(lines, "hatch", size / 11)
        self._path(f"M{_n(x)} {_n(y)}h{_n(width)}v{_n(height)}h{_n(-width)}z", "hatch", size / 14)
        self.rect(x + width / 2 - size * 0.4, y + height / 2 - size * 0.5, size * 0.8, size, "paper")
        self.words(x + width / 2, y + height / 2 + size * 0.27, "x", size, "ink", anchor="middle")

    def svg(self, width: float, height: float, key: str, title: str, described: str, style: str = "") -> str:
        """Give the image. `key` begins its ids, which have to be its own in a page that shows several."""
        box = f'viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}"'
        named = f'role="img" aria-labelledby="{key}-title {key}-words"'
        # Figures as they were measured, also in a page that sets all of its figures equally wide.
        font = f'font-family={quoteattr(FONT)} font-variant="normal"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {box} {named} {font}>'
            f'<title id="{key}-title">{escape(title)}</title>'
            f'<desc id="{key}-words">{escape(described)}</desc>'
            f"{style}{''.join(self._parts)}</svg>"
        )

    def _path(self, d: str, paint: str, thick: float) -> None:
        stroke = f'fill="none" stroke="{PAINT[paint]}" stroke-width="{_n(thick)}"'
        self._parts.append(f'<path class="{paint}-line" d="{d}" {stroke}/>')


def _hatch(x: float, y: float, width: float, height: float, step: float) -> list[str]:
    """Give strokes at 45°, cut at the edges: they need no pattern, whose id a page might have twice."""
    strokes, start = [], step / 2
    while start < width + height:
        x1, y1 = (x + start, y) if start < width else (x + width, y + start - width)
        x2, y2 = (x, y + start) if start < height else (x + start - height, y + height)
        strokes.append(f"M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}")
        start += step
    return strokes


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
