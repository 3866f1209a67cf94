"""A pathway as bars below each other: how far those who began came, with what is said of each step."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.reports.publication.charts.canvas import Canvas
from casework.reports.publication.charts.measuring import measure, wrap

_LEADING = 1.3
_THICK = 1.55


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """A step: what it is called, its number in words, the part of all that reached it, and a note below."""

    label: str
    number: str
    part: float
    note: str


def draw_pathway(
    steps: Sequence[DrawnStep], width: float, text: float, key: str, title: str, described: str
) -> str:
    """Return the image; `part` is from 0 to 1, `width` and `text` are in pixels, `key` begins its ids."""
    canvas, y = Canvas(), text * 0.2
    for step in steps:
        y = _draw_step(canvas, step, width, text, y)
    return canvas.svg(width, y, key, title, described)


def _draw_step(canvas: Canvas, step: DrawnStep, width: float, text: float, y: float) -> float:
    y += text
    canvas.words(0, y, step.label, text, strong=True)
    after = measure(step.label, text, True) + text * 0.7
    if after + measure(step.number, text, False) > width:
        y += text * _LEADING
        after = 0
    canvas.words(after, y, step.number, text)
    y += text * 0.5
    canvas.rect(0, y, width, text * _THICK, "rule")
    if step.part:
        canvas.rect(0, y, max(step.part * width, 1.5), text * _THICK, "bar")
    y += text * _THICK
    small = text * 0.9
    for line in wrap(step.note, small, width) if step.note else ():
        y += small * _LEADING
        canvas.words(0, y, line, small, "soft")
    return y + text * 1.5
