"""A chart of a table, in a size: its head, what it shows, what its signs mean and whose numbers these are."""

import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casework.reports.layout import Layout
from casework.reports.publication.charts.canvas import Canvas
from casework.reports.publication.charts.figures import read_figure
from casework.reports.publication.charts.fitting import (
    FILLING,
    KEEPING,
    NOTE,
    Body,
    fit,
    grow,
    notes_height,
    wrap_notes,
)
from casework.reports.publication.charts.frames import Frame
from casework.reports.publication.charts.measuring import balance, wrap
from casework.reports.publication.charts.rows import Space
from casework.reports.publication.charts.wording import Credit, Wording

_FONT = Path(__file__).parents[3] / "static/vendor/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
_PICTURES = re.compile("[\U0001f000-\U0001fbff\u2600-\u27bf\ufe0f\u200d]+")
"""Emoji, of which no font of ours has any: a title says as much without."""

_LEADING = 1.2
_NOTE_LEADING = 1.28


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: a table in a language, and what is said of it. `title` may be a finding.

    `least` is the longest bar of other charts that have the same scale, `least_sum` where these draw sums.
    """

    layout: Layout
    credit: Credit
    language: str
    title: str = ""
    least: int = 0
    least_sum: int = 0


def draw(chart: Chart, frame: Frame, key: str = "chart", *, with_font: bool = False) -> str:
    """Return it as SVG. `key` begins its ids: its own, in a page that shows several."""
    in_release = bool(chart.credit.number)
    words = Wording(chart.language, in_release=in_release, is_explained=frame.is_explained)
    space = Space(frame.inset, frame.inset, frame.width - 2 * frame.inset, frame.text)
    head = _draw_head(Canvas(), chart, frame, words, _heading(chart, is_margin=False))
    inside = Space(space.x, head, space.width, space.text)
    source = [] if frame.is_bare else wrap(words.source(chart.credit), frame.text * NOTE, space.width)
    if source and chart.credit.is_withdrawn:
        source.insert(0, words.text("withdrawn"))
    below = _height_of(source, frame) + frame.inset
    body = _body(chart, frame, inside, head + below, words)
    notes_at = head + body.height
    height = frame.height or notes_at + notes_height(body.notes, space) + below
    heading, canvas = _heading(chart, body.is_margin), Canvas()
    _draw_ground(canvas, frame, height, head)
    _draw_head(canvas, chart, frame, words, heading)
    body.draw(canvas)
    _draw_notes(canvas, space, notes_at + frame.text * 1.4, wrap_notes(body.notes, space))
    _draw_notes(canvas, space, height - below + frame.text * 1.3, source, chart.credit.is_withdrawn)
    style = f"<style>{font_face()}</style>" if with_font else ""
    described = f"{words.describe(body.figure)} {chart.credit.notice}".strip()
    return canvas.svg(frame.width, height, key, heading, described, style)


def _body(chart: Chart, frame: Frame, space: Space, taken: float, words: Wording) -> Body:
    layout, least = chart.layout, (chart.least, chart.least_sum)
    if frame.height:
        return fit(layout, space, frame.height - taken, words, FILLING, least)
    if frame.most:
        return fit(layout, space, frame.most - taken, words, KEEPING, least)
    return grow(layout, space, words, chart.least)


def _heading(chart: Chart, is_margin: bool) -> str:
    """Give the finding, else what is counted: of a table's sums alone, only what they are of."""
    title = _PICTURES.sub("", chart.title).strip()
    return title or (chart.layout.corner if is_margin else chart.layout.caption)


def _draw_ground(canvas: Canvas, frame: Frame, height: float, head: float) -> None:
    if frame.is_bare:
        return
    if not frame.is_card:
        canvas.rect(0, 0, frame.width, height, "paper")
        return
    band = head - frame.text * 1.2
    canvas.rect(0, 0, frame.width, height, "lichen")
    canvas.rect(0, 0, frame.width, band, "poster")
    # The thread, which everything of ours has at its margin, and its knot.
    thread, end = frame.inset * 0.5, height - frame.inset - frame.text * 0.3
    canvas.line(thread, 0, thread, band, "marigold", 4)
    canvas.line(thread, band, thread, end, "thread", 4)
    canvas.dot(thread, end, 8, "thread")


def _draw_head(canvas: Canvas, chart: Chart, frame: Frame, words: Wording, heading: str) -> float:
    """Draw title and subtitle; returns where the chart begins."""
    if frame.is_bare:
        return 0
    ink, meta = ("on-poster", "on-poster") if frame.is_card else ("ink", "soft")
    y, title, width = frame.inset, frame.title, frame.width - 2 * frame.inset
    if frame.is_card:
        y -= frame.inset * 0.2
        for line in wrap(chart.credit.organization, frame.text, width, strong=True):
            y += frame.text * (1 if y < frame.inset else 1.25)
            canvas.words(frame.inset, y, line, frame.text, "marigold", strong=True)
        y += frame.text * 0.5
        title = _size_of(heading, frame.title, width)
    for line in wrap(heading, title, balance(heading, title, width, strong=True), strong=True):
        y += title * _LEADING
        canvas.words(frame.inset, y - title * 0.2, line, title, ink, strong=True)
    for line in wrap(_subtitle(chart, words), frame.text, width):
        y += frame.text * 1.35
        canvas.words(frame.inset, y, line, frame.text, meta)
    return y + frame.text * (2.2 if frame.is_card else 1.1)


def _size_of(title: str, size: float, width: float) -> float:
    """Set a long title smaller: at most three lines."""
    sizes = (size * smaller for smaller in (1, 0.88, 0.76, 0.66, 0.58))
    return next((one for one in sizes if len(wrap(title, one, width, strong=True)) <= 3), size * 0.5)


def _subtitle(chart: Chart, words: Wording) -> str:
    layout = chart.layout
    parts = [layout.caption] if chart.title and chart.title != layout.caption else []
    parts += [layout.subtitle] if layout.subtitle else []
    whole = read_figure(layout).whole
    if whole.state == "shown":
        parts.append(words.text("whole", label=layout.rows[-1].label, count=words.count(whole)))
    return " · ".join(parts)


def _draw_notes(canvas: Canvas, space: Space, y: float, lines: list[str], is_withdrawn: bool = False) -> None:
    size = space.text * NOTE
    for at, line in enumerate(lines):
        warns = is_withdrawn and at == 0
        paint = "late" if warns else "soft"
        canvas.words(space.x, y + at * size * _NOTE_LEADING, line, size, paint, strong=warns)


def _height_of(source: list[str], frame: Frame) -> float:
    return (len(source) * NOTE * _NOTE_LEADING + 0.7) * frame.text if source else frame.text * 0.2


@cache
def font_face() -> str:
    """Return the rule that brings the font along: so a file looks the same wherever it is opened."""
    font = b64encode(_FONT.read_bytes()).decode("ascii")
    source = f"url(data:font/woff2;base64,{font}) format('woff2')"
    return f"@font-face{{font-family:'Atkinson Hyperlegible Next';font-weight:200 800;src:{source}}}"
