"""What the PDF and the web page say: a tree of words in one language, nothing left to decide."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casework.reports import texts as texts_of
from casework.reports.calendar import write_day, write_number
from casework.reports.labels import label_dimension
from casework.reports.layout import Layout
from casework.reports.publication.charts.drawing import draw
from casework.reports.publication.charts.figures import read_figure
from casework.reports.publication.charts.files import chart_of
from casework.reports.publication.charts.frames import Frame
from casework.reports.publication.charts.measuring import balance, measure, widest, wrap
from casework.reports.publication.charts.wording import HIDDEN, LACKING, Wording
from casework.reports.publication.documents.grids import Piece, arrange
from casework.reports.publication.edition import Edition, OfficialCount

Tree = dict[str, Any]

_LEADS = 2
_PRINTED = 9.5
_PAGE = 468
_NAMES = 110
_FEW, _SOME = 82, 48
"""Points: letters in a printed table; how wide the page is, and at least the names of lines and a column."""

_TITLES, _LEAST = (32, 27, 23, 20), 17
_TITLE_LINES = 3
_MANY = 4


def lay_out(edition: Edition, frames: Mapping[str, Frame]) -> Tree:
    """Return the document, with each chart as SVG in each of `frames`, under their names."""
    return _Contents(edition, frames).document()


class _Contents:
    def __init__(self, edition: Edition, frames: Mapping[str, Frame]) -> None:
        self.edition, self.frames = edition, frames
        self.texts = texts_of.read_texts(__package__, edition.language)
        self.wording = Wording(edition.language)

    def document(self) -> Tree:
        edition, texts = self.edition, self.texts
        size = _size_of(edition.title)
        made_on = write_day(edition.made_on, edition.language)
        return {
            "language": edition.language,
            "day": [edition.made_on.year, edition.made_on.month, edition.made_on.day],
            "title": edition.title,
            "title_size": size,
            "title_breaks": _break_at(edition.title, size),
            "title_width": round(balance(edition.title, size, _PAGE, strong=True) + 1, 1),
            "organization": edition.organization,
            "checksum": edition.checksum,
            "release": texts["release"].format(number=self._number(edition.number)),
            "made_on": made_on,
            "question": edition.question,
            "notice": _paragraphs(edition.standing.notice),
            "is_withdrawn": edition.standing.is_withdrawn,
            "leads": [self._mark(sentence) for sentence in edition.sentences[:_LEADS]],
            "summary": _paragraphs(edition.summary),
            "tables": [self._table(at, layout) for at, layout in enumerate(edition.tables)],
            "signs": list(self._signs()),
            "official": self._official(),
            "quotes": list(edition.sentences),
            "demands": _paragraphs(edition.demands),
            "link": edition.link if edition.link.startswith(("https://", "http://")) else "",
            "notes": [{"heading": head, "text": _paragraphs(text)} for head, text in edition.notes],
            "words": {key: text for key, text in texts.items() if key != "release"},
        }

    def _table(self, at: int, layout: Layout) -> Tree:
        chart = chart_of(self.edition, at)
        figure = read_figure(layout)
        return {
            "caption": layout.caption,
            "subtitle": layout.subtitle,
            "alt": f"{layout.caption}. {self.wording.describe(figure)}",
            "charts": {name: draw(chart, frame, f"{name}-{at}") for name, frame in self.frames.items()},
            "has_signs": any(cell.state != "shown" for row in layout.rows for cell in row.cells),
            "pieces": [self._piece(piece) for piece in arrange(layout, _outer(self.edition, at))],
        }

    def _piece(self, piece: Piece) -> Tree:
        return {
            "corner": piece.corner,
            "widths": self._widths(piece),
            "heads": [{"label": head.label, "kind": head.kind} for head in piece.heads],
            "lines": [
                {
                    "label": head.label,
                    "kind": head.kind,
                    "cells": [{"state": cell.state, "text": self.wording.count(cell)} for cell in cells],
                }
                for head, cells in piece.lines
            ],
        }

    def _widths(self, piece: Piece) -> list[float]:
        """Return how wide the columns of a printed table are: few numbers stand near the names of lines."""
        names = [piece.corner, *(head.label for head, _cells in piece.lines)]
        natural = max(measure(name, _PRINTED, strong=True) for name in names) + _PRINTED
        least = [self._least(piece, at) for at in range(len(piece.heads))]
        if len(least) < _MANY:
            return [min(natural, _PAGE / 2), *(max(one, _FEW) for one in least)]
        first = min(natural, max(_PAGE - sum(max(one, _SOME) for one in least), _NAMES))
        share = (_PAGE - first - sum(least)) / len(least)
        return [round(one, 1) for one in (first, *(each + max(share, 0) for each in least))]

    def _least(self, piece: Piece, at: int) -> float:
        words = piece.heads[at].label.split(" ")
        words += [self.wording.count(cells[at]) for _head, cells in piece.lines]
        return max(measure(word, _PRINTED, strong=True) for word in words) + _PRINTED

    def _signs(self) -> Iterator[Sequence[str]]:
        """Explain the signs that some table has."""
        cells = [cell for table in self.edition.tables for row in table.rows for cell in row.cells]
        if any(cell.state == "hidden" for cell in cells):
            yield HIDDEN, self.texts["hidden"]
        if any(cell.value == 0 for cell in cells):
            yield "0", self.texts["none"]
        if any(cell.state == "structural" for cell in cells):
            yield LACKING, self.texts["impossible"]

    def _official(self) -> list[Tree]:
        """Set theirs, one below the other, and ours after them."""
        edition = self.edition
        rows = [_tell(count) for count in edition.official]
        whole = read_figure(edition.tables[0]).whole if edition.tables else None
        if rows and whole is not None and whole.state == "shown":
            ours = {"who": edition.organization, "what": edition.question, "count": self.wording.count(whole)}
            rows.append({**ours, "source": self.texts["ours"], "url": "", "note": "", "is_ours": True})
        return rows

    def _mark(self, sentence: str) -> list[Tree]:
        """Part a sentence into its numbers that the headline table has, which are marked, and the rest."""
        table = self.edition.tables[0] if self.edition.tables else None
        cells = [cell for row in table.rows for cell in row.cells] if table else []
        numbers = {self.wording.count(cell) for cell in cells if cell.value}
        parts = re.split(r"((?<![\w,.\u00a0])\d[\d,.\u00a0]*(?<=\d)(?!\u00a0?%|\w))", sentence)
        return [{"text": part, "marked": part in numbers} for part in parts if part]

    def _number(self, number: int) -> str:
        return write_number(number, self.edition.language)


def _tell(count: OfficialCount) -> Tree:
    source = ", ".join(part for part in (count.publisher, count.title, count.published) if part)
    return {
        "who": count.service,
        "what": f"{count.what}, {count.period}",
        "count": count.count,
        "source": source,
        "url": count.url,
        "note": count.note,
        "is_ours": False,
    }


def _outer(edition: Edition, at: int) -> str:
    names = edition.data[at].dimensions if at < len(edition.data) else ()
    return label_dimension(names[1], edition.language) if len(names) > 1 else ""


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _size_of(title: str) -> float:
    """Set a title smaller while it takes more than three lines, or a word of it is wider than the page."""
    for size in _TITLES:
        lines = wrap(title, size, _PAGE, strong=True)
        if len(lines) <= _TITLE_LINES and widest(lines, size, strong=True) <= _PAGE:
            return size
    return _LEAST


def _break_at(title: str, size: float) -> int:
    """Return from how many letters on a word is broken: those of the shortest one wider than the page."""
    wide = (len(word) for word in title.split() if measure(word, size, strong=True) > _PAGE)
    return min(wide, default=len(title) + 1)
