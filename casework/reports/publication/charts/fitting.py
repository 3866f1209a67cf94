"""Which form a chart takes in the room that there is: found by drawing on a canvas that nobody sees."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from casework.reports.layout import Layout
from casework.reports.publication.charts.canvas import Canvas
from casework.reports.publication.charts.columns import Plan, draw_columns, plan_columns, times_of
from casework.reports.publication.charts.figures import Figure, margin_of
from casework.reports.publication.charts.measuring import wrap
from casework.reports.publication.charts.rows import Space, draw_matrix, draw_rows
from casework.reports.publication.charts.wording import Wording

NOTE = 0.84
"""How large the letters of notes are, beside the others."""

_SIZES = (1.6, 1.45, 1.3, 1.15, 1, 0.92, 0.85, 0.78, 0.7)
_LOOSE = (2.1, 1.9, 1.7, 1.5, 1.35, 1.2, 1.1, 1)
_ABOVE = 0.3
"""How much of the room that is left goes above a chart."""

_AIRY = 1.5
"""How far apart rows stand at least before letters grow larger."""

_MOST_ACROSS = 4

Draw = Callable[[Canvas], float]


@dataclass(frozen=True, slots=True)
class Body:
    """The middle of a chart: `draw` does it, `notes` say what of it has no place in the drawing.

    `figure` is what is drawn; `is_margin` says that these are a table's sums alone.
    """

    draw: Draw
    height: float
    notes: tuple[str, ...]
    figure: Figure
    is_margin: bool = False


def grow(figure: Figure, space: Space, words: Wording) -> Body:
    """Draw it as high as it needs."""
    drawn = _form(figure, space, words, 0)
    return Body(drawn, drawn(Canvas()), tuple(_notes(figure, words)), figure)


def fit(layout: Layout, figure: Figure, space: Space, room: float, words: Wording) -> Body:
    """Draw it within a height: in smaller letters where it has to be, else the sums, else the first of it."""
    whole = _fit_whole(figure, space, room, words)
    if whole is not None:
        return whole
    margin = margin_of(layout)
    body = _fit_whole(margin, space, room, words) or _fit_first(margin, space, room, words)
    return replace(body, is_margin=len(figure.panels) > 1)


def wrap_notes(notes: Iterable[str], space: Space) -> list[str]:
    """Part what stands below a chart into lines."""
    return wrap(" ".join(notes), space.text * NOTE, space.width)


def notes_height(notes: Iterable[str], space: Space) -> float:
    """Return how high that is, with what parts it from the chart."""
    lines = wrap_notes(notes, space)
    return (len(lines) * 1.28 * NOTE + 0.6) * space.text if lines else 0


def _fit_whole(figure: Figure, space: Space, room: float, words: Wording) -> Body | None:
    notes = tuple(_notes(figure, words))
    left = room - notes_height(notes, space)
    for size in _SIZES:
        for loose in _LOOSE:
            if size > 1 and loose < _AIRY:
                break
            inside = replace(space, text=space.text * size, loose=loose)
            drawn = _form(figure, inside, words, left)
            height = drawn(Canvas())
            if height <= left:
                spare = (left - height) * _ABOVE
                moved = _form(figure, inside.moved(y=spare), words, left)
                return Body(moved, height + spare, notes, figure)
    return None


def _fit_first(figure: Figure, space: Space, room: float, words: Wording) -> Body:
    small = replace(space, text=space.text * _SIZES[-1])
    panel = figure.panels[0]
    some, height = figure, room
    notes: tuple[str, ...] = ()
    for kept in range(len(panel.bars) - 1, 0, -1):
        some = replace(figure, panels=(replace(panel, bars=panel.bars[:kept]),))
        notes = (words.text("more", count=len(panel.bars) - kept), *_notes(some, words))
        height = draw_rows(Canvas(), small, some, words)
        if height <= room - notes_height(notes, space):
            break
    return Body(lambda canvas: draw_rows(canvas, small, some, words), height, notes, some)


def _form(figure: Figure, space: Space, words: Wording, room: float) -> Draw:
    """Choose what it looks like; `room` is a height, 0 for as much as it takes."""
    single = len(figure.panels) == 1
    if figure.in_time and times_of(figure.panels[0]):
        plan = plan_columns(figure, space, words, _MOST_ACROSS)
        if plan.says_all or not single:
            return _columns(figure, space, words, plan, room)
    if not single:
        drawn = draw_matrix(Canvas(), space, figure, words)
        if drawn is not None:
            return lambda canvas: draw_matrix(canvas, space, figure, words) or 0
    return lambda canvas: draw_rows(canvas, space, figure, words)


def _columns(figure: Figure, space: Space, words: Wording, plan: Plan, room: float) -> Draw:
    count = len(figure.panels)
    plot = min(space.text * (15 if count == 1 else 6.5), space.width * 0.5)
    if room:
        rows = -(-count // plan.across)
        plot = max((room - plan.height(count, 0)) / rows, space.text * 4)
        plot = min(plot, space.width * 0.6)
    return lambda canvas: draw_columns(canvas, space, figure, words, plan, plot)


def _notes(figure: Figure, words: Wording) -> Iterator[str]:
    if figure.in_time:
        yield from words.asides(figure)
    yield from words.signs(figure)
