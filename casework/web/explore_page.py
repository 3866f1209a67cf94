"""What the page of the explorer shows of an answer: tables whose numbers lead on, charts, and words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import numpy as np
import numpy.typing as npt
from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from casework.reports.layout import Column, Layout, Line, Shown
from casework.reports.publication.charts.drawing import Chart, draw
from casework.reports.publication.charts.frames import NARROW, WIDE
from casework.reports.publication.charts.wording import Credit
from casework.services.exploring.asking import Answer
from casework.services.exploring.facets import FACETS, Level
from casework.services.exploring.questions import Question, Share
from casework.web.decimals import write_share
from casework.web.explore_words import ASIDE, NAMES_OF_UNITS, Words, name_facet, name_question
from casework.web.forms.explore import CELL, write_question
from casework.web.language import format_number, language

MOST_PANELS = 9
"""So many stand side by side; of more the largest, and it is said how many others there are."""

LEAST_BASE = 10
"""Of fewer no per cent is told: one more or less would change it by ten."""

DRAWN_WIDE = replace(WIDE, width=660)
"""As wide as the page has room for beside its margin and its side."""

_WIDE, _NARROW, _SMALL = replace(DRAWN_WIDE, most=760), replace(NARROW, most=1400), replace(NARROW, most=900)
_NOT_CREDITED = Credit("", 0, "")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, its per cent in words, and where its incidents are; no address where there is none."""

    count: str
    per_cent: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; `kind` is "", "aside" or "total"."""

    label: str
    kind: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its drawings; `label` and `total` are empty where there is one only."""

    label: str
    total: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    drawings: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All of it. `left_out` is how many panels there are besides."""

    heading: str
    finding: str
    corner: str
    grids: tuple[Grid, ...]
    left_out: int


def present(answer: Answer, words: Words) -> Page:
    """Describe an answer."""
    question = answer.question
    panels = list(_list_panels(answer, words))
    shown = panels[:MOST_PANELS]
    longest = _find_longest([counts for _label, _extra, counts in shown]) if question.panels else (0, 0)
    grids = [_lay_out(answer, words, label, extra, counts, longest) for label, extra, counts in shown]
    return Page(
        name_question(question),
        _find(answer, words),
        name_facet(question.show),
        tuple(grids),
        len(panels) - len(shown),
    )


def address(endpoint: str, question: Question, **more: str) -> str:
    """Return the address of a page that is about this question."""
    return f"{url_for(endpoint)}?{urlencode([*write_question(question), *more.items()])}"


def narrow(url: str, *cell: tuple[str, str]) -> str:
    """Return the address of a question's page, about these of its codes alone, by their facets."""
    return f"{url}&{urlencode([(CELL + name, code) for name, code in cell])}" if cell else url


def _list_panels(
    answer: Answer, words: Words
) -> Iterator[tuple[str, Mapping[str, str], npt.NDArray[np.int64]]]:
    """Yield of each panel its label, its code by facet, and its counts.

    Times stand in their order, all others with the largest first; doubts last.
    """
    question = answer.question
    if not question.panels:
        yield "", {}, answer.counts if question.by else answer.counts[:, np.newaxis]
        return
    codes = answer.codes[2]
    ends = answer.counts[-1, -1, :-1]
    is_time = FACETS[question.panels].level is Level.DATE
    for at in sorted(range(len(codes)), key=lambda at: (codes[at] in ASIDE, 0 if is_time else -ends[at])):
        label = words.code(question.panels, codes[at])
        yield label, {question.panels: codes[at]}, answer.counts[:, :, at]


def _find_longest(panels: Sequence[npt.NDArray[np.int64]]) -> tuple[int, int]:
    """Return the longest bar of all panels, and the longest where the sums of lines alone are drawn."""
    inner = (int(counts[:-1, :-1].max(initial=0)) for counts in panels)
    return max(inner, default=0), max((int(counts[:-1, -1].max(initial=0)) for counts in panels), default=0)


def _lay_out(
    answer: Answer,
    words: Words,
    label: str,
    extra: Mapping[str, str],
    counts: npt.NDArray[np.int64],
    longest: tuple[int, int],
) -> Grid:
    question = answer.question
    layout = _chart_layout(answer, words, counts, keeps_all=bool(extra))
    frames = (("small", _SMALL),) if extra else (("wide", _WIDE), ("narrow", _NARROW))
    chart = Chart(layout, _NOT_CREDITED, language(), label or layout.caption, *longest)
    key = "".join(extra.values()) or "chart"
    drawings = tuple((name, Markup(draw(chart, frame, f"{key}-{name}"))) for name, frame in frames)  # noqa: S704
    link = _Links(question, extra)
    columns = _columns(answer, words)
    rows = []
    for at, (code, text, kind) in enumerate(_lines(answer, words)):
        cells = []
        for column, (inner, _text, _kind) in enumerate(columns):
            count = int(counts[at, column])
            share = _share(question.share, count, counts, at, column)
            cells.append(Cell(format_number(count), share, link(code, inner) if count else ""))
        rows.append(Row(text, kind, tuple(cells)))
    total = format_number(int(counts[-1, -1])) if extra else ""
    return Grid(label, total, tuple((text, kind) for _c, text, kind in columns), tuple(rows), drawings)


class _Links:
    """Leads from a cell to the incidents behind it."""

    def __init__(self, question: Question, extra: Mapping[str, str]) -> None:
        self._question = question
        self._base = narrow(address("explore.behind", replace(question, share=Share.NONE)), *extra.items())

    def __call__(self, show: str, by: str) -> str:
        """Return the address; an empty code stands for all."""
        cell = ((self._question.show, show), (self._question.by, by))
        return narrow(self._base, *((name, code) for name, code in cell if code))


def _lines(answer: Answer, words: Words) -> list[tuple[str, str, str]]:
    return _axis(answer, words, 0)


def _columns(answer: Answer, words: Words) -> list[tuple[str, str, str]]:
    if not answer.question.by:
        return [("", str(NAMES_OF_UNITS[answer.question.unit]), "total")]
    return _axis(answer, words, 1)


def _axis(answer: Answer, words: Words, at: int) -> list[tuple[str, str, str]]:
    """Return code, words and kind of each place of an axis, its margin last."""
    name = answer.question.facets[at]
    listed = [(code, words.code(name, code), "aside" if code in ASIDE else "") for code in answer.codes[at]]
    return [*listed, ("", words.total, "total")]


def _share(kind: Share, count: int, counts: npt.NDArray[np.int64], row: int, column: int) -> str:
    """Return a whole per cent; empty where none is asked for, and a dash of too few."""
    if kind is Share.NONE:
        return ""
    base = {
        Share.ROW: counts[row, -1],
        Share.COLUMN: counts[-1, column],
        Share.TOTAL: counts[-1, -1],
    }[kind]
    return "–" if base < LEAST_BASE else write_share(count, int(base))


def _chart_layout(answer: Answer, words: Words, counts: npt.NDArray[np.int64], keeps_all: bool) -> Layout:
    """Describe what is drawn: `keeps_all` lines, as drawings that are compared do, or those with a number."""
    question = answer.question
    columns = _columns(answer, words)
    lines = [
        Line(code or "total", text, kind, tuple(Shown("shown", int(one)) for one in counts[at]))
        for at, (code, text, kind) in enumerate(_lines(answer, words))
        if keeps_all or kind == "total" or counts[at].any()
    ]
    return Layout(
        caption=name_question(question),
        subtitle="",
        corner=name_facet(question.show),
        columns=tuple(Column(code or "total", text, kind) for code, text, kind in columns),
        rows=tuple(lines),
    )


def _find(answer: Answer, words: Words) -> str:
    """Say which answer comes first, where one does; of times nothing comes first."""
    question = answer.question
    margin = answer.counts.reshape(len(answer.codes[0]) + 1, -1)[:, -1]
    said = [
        (int(count), code)
        for count, code in zip(margin[:-1], answer.codes[0], strict=True)
        if code not in ASIDE and code != "none"
    ]
    said.sort(reverse=True)
    if question.show in ("year", "quarter") or len(said) < 2 or said[0][0] == said[1][0]:
        return name_question(question)
    first = words.code(question.show, said[0][1])
    numbers = {"number": format_number(said[0][0]), "total": format_number(answer.total)}
    return str(_("%(answer)s comes first: %(number)s of %(total)s", answer=first, **numbers))


def is_overlapping(answer: Answer) -> bool:
    """Tell whether the cells add up to more than all somewhere, since some units have several answers."""
    inner: Sequence[int] = answer.counts.shape
    for axis in range(answer.counts.ndim):
        parts = np.take(answer.counts, range(inner[axis] - 1), axis=axis).sum(axis=axis)
        if (parts != np.take(answer.counts, -1, axis=axis)).any():
            return True
    return False
