"""Which form a chart takes in the room that there is: found by drawing on a canvas that nobody sees."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from casework.reports.layout import Layout
from casework.reports.publication.charts.canvas import Canvas
from casework.reports.publication.charts.columns import Plan, draw_columns, plan_columns, times_of
from casework.reports.publication.charts.figures import Figure, margin_of, read_figure
from casework.reports.publication.charts.measuring import wrap
from casework.reports.publication.charts.rows import Space, draw_matrix, draw_rows
from casework.reports.publication.charts.wording import Wording

NOTE = 0.84
"""How large the letters of notes are, beside the others."""


@dataclass(frozen=True, slots=True)
class Give:
    """How far a chart may give way: the sizes of its letters and how far its rows stand apart, best first."""

    sizes: tuple[float, ...]
    loose: tuple[float, ...]


FILLING = Give(
    (1.6, 1.45, 1.3, 1.15, 1, 0.92, 0.85, 0.78, 0.7), (2.1, 1.9, 1.7, 1.5, 1.35, 1.2, 1.1, 1, 0.9, 0.8)
)
"""For a height that has to be filled."""

KEEPING = Give((1, 0.92, 0.86), (1,))
"""For one that must not be passed."""

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


def grow(layout: Layout, space: Space, words: Wording, least: int = 0) -> Body:
    """Draw it as high as it needs; `least` is the longest bar of what shares its scale."""
    figure = replace(read_figure(layout), least=least)
    drawn = _form(figure, space, words, 0, False)
    return Body(drawn, drawn(Canvas()), tuple(_notes(figure, words)), figure)


def fit(
    layout: Layout, space: Space, room: float, words: Wording, give: Give, least: tuple[int, int] = (0, 0)
) -> Body:
    """Draw it within a height: in smaller letters where it has to be, else the sums, else the first of it.

    `least` is the longest bar of what shares its scale, and the longest where the sums are drawn.
    """
    figure = replace(read_figure(layout), least=least[0])
    whole = _fit_whole(figure, space, room, words, give)
    if whole is not None:
        return whole
    if len(figure.panels) == 1:
        return _fit_first(figure, space, room, words, give)
    margin, sums = replace(margin_of(layout), least=least[1]), words.rest("sums")
    left = room - notes_height((sums,), space)
    body = _fit_whole(margin, space, left, words, give) or _fit_first(margin, space, left, words, give)
    return replace(body, notes=(sums, *body.notes), is_margin=True)


def wrap_notes(notes: Iterable[str], space: Space) -> list[str]:
    """Part what stands below a chart into lines."""
    return wrap(" ".join(notes), space.text * NOTE, space.width)


def notes_height(notes: Iterable[str], space: Space) -> float:
    """Return how high that is, with what parts it from the chart."""
    lines = wrap_notes(notes, space)
    return (len(lines) * 1.28 * NOTE + 0.6) * space.text if lines else 0


def _fit_whole(figure: Figure, space: Space, room: float, words: Wording, give: Give) -> Body | None:
    notes = tuple(_notes(figure, words))
    left = room - notes_height(notes, space)
    for size in give.sizes:
        for loose in give.loose:
            if size > 1 and loose < _AIRY:
                break
            inside = replace(space, text=space.text * size, loose=loose)
            drawn = _form(figure, inside, words, left, give is FILLING)
            height = drawn(Canvas())
            if height <= left:
                spare = (left - height) * _ABOVE if give is FILLING else 0
                moved = _form(figure, inside.moved(y=spare), words, left, give is FILLING)
                return Body(moved, height + spare, notes, figure)
    return None


def _fit_first(figure: Figure, space: Space, room: float, words: Wording, give: Give) -> Body:
    small = replace(space, text=space.text * give.sizes[-1])
    panel = figure.panels[0]
    some, height = figure, room
    notes: tuple[str, ...] = ()
    for kept in range(len(panel.bars) - 1, 0, -1):
        some = replace(figure, panels=(replace(panel, bars=panel.bars[:kept]),))
        notes = (words.rest("more", count=len(panel.bars) - kept), *_notes(some, words))
        height = draw_rows(Canvas(), small, some, words)
        if height <= room - notes_height(notes, space):
            break
    return Body(lambda canvas: draw_rows(canvas, small, some, words), height, notes, some)


def _form(figure: Figure, space: Space, words: Wording, room: float, fills: bool) -> Draw:
    """Choose what it looks like; `room` is a height, 0 for as much as it takes."""
    single = len(figure.panels) == 1
    if figure.in_time and times_of(figure.panels[0]):
        plan = plan_columns(figure, space, words, _MOST_ACROSS)
        if plan.says_all or not single:
            return _columns(figure, space, words, plan, room, fills)
    if not single:
        for size in KEEPING.sizes:
            small = replace(space, text=space.text * size)
            if draw_matrix(Canvas(), small, figure, words) is not None:
                return _matrix(figure, small, words)
    return lambda canvas: draw_rows(canvas, space, figure, words)


def _matrix(figure: Figure, space: Space, words: Wording) -> Draw:
    return lambda canvas: draw_matrix(canvas, space, figure, words) or 0


def _columns(figure: Figure, space: Space, words: Wording, plan: Plan, room: float, fills: bool) -> Draw:
    count = len(figure.panels)
    plot = min(space.text * (15 if count == 1 else 6.5), space.width * 0.5)
    if room:
        rows = -(-count // plan.across)
        most = max((room - plan.height(count, 0)) / rows, space.text * 4)
        plot = min(most, space.width * 0.6) if fills else min(most, plot)
    return lambda canvas: draw_columns(canvas, space, figure, words, plan, plot)


def _notes(figure: Figure, words: Wording) -> Iterator[str]:
    if figure.in_time:
        yield from words.asides(figure)
    yield from words.signs(figure)
