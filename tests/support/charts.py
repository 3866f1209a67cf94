"""Tables made for charts, and what an SVG says and shows."""

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from casework.reports.layout import Column, Layout, Line, Shown

SVG = "{http://www.w3.org/2000/svg}"
Value = int | str
"""A number, "x" where it is hidden, "-" where it cannot occur."""


def shown(value: Value) -> Shown:
    """Return the cell."""
    if isinstance(value, int):
        return Shown("shown", value)
    return Shown("hidden" if value == "x" else "structural", None)


def one_way(lines: Sequence[tuple[str, str, Value]], total: Value = 419, corner: str = "Group") -> Layout:
    """Return a table of one dimension; lines are (code, label, value)."""
    rows = [Line(code, label, _kind(code), (shown(value),)) for code, label, value in lines]
    rows.append(Line("total", "All", "total", (shown(total),)))
    return Layout(corner, "Incidents, 2025", corner, (Column("total", "Incidents", "total"),), tuple(rows))


def two_way(
    columns: Sequence[tuple[str, str]],
    lines: Sequence[tuple[str, str, Sequence[Value]]],
    corner: str = "Group",
) -> Layout:
    """Return a table of two dimensions; the last number of each line, and the last line, are sums."""
    return Layout(
        f"{corner}, by what",
        "Incidents, 2025",
        corner,
        tuple(Column(code, label, _kind(code)) for code, label in (*columns, ("total", "All"))),
        tuple(Line(code, label, _kind(code), tuple(map(shown, values))) for code, label, values in lines),
    )


def quarters(first: int, last: int) -> list[tuple[str, str]]:
    """Return the quarters of these years, each with its label."""
    months = ("Jan–Mar", "Apr–Jun", "Jul–Sep", "Oct–Dec")
    return [
        (f"{year}-Q{at}", f"{name} {year}")
        for year in range(first, last + 1)
        for at, name in enumerate(months, 1)
    ]


def read_svg(svg: str | bytes) -> ElementTree.Element:
    """Parse it, as any program does."""
    return ElementTree.fromstring(svg)  # noqa: S314 - our own


def texts_of(root: ElementTree.Element) -> list[str]:
    """List the words that are drawn."""
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


def numbers_of(words: Sequence[str]) -> Iterator[int]:
    """Give the words that are a number and nothing else, as a language groups its digits."""
    for word in words:
        if re.fullmatch(r"\d{1,3}([,.\u00a0]?\d{3})*", word):
            yield int(re.sub(r"\D", "", word))


def bars_of(root: ElementTree.Element) -> list[tuple[float, float]]:
    """List width and height of what is drawn for a number."""
    return [_size(one) for one in root.iter(f"{SVG}rect") if one.get("class") in ("bar", "rest")]


def stubs_of(root: ElementTree.Element) -> set[tuple[str, str]]:
    """Give the sizes of what is drawn where a number is hidden."""
    outlines = (
        re.fullmatch(r"M\S+ \S+h(\S+)v(\S+)h\S+z", one.get("d", "")) for one in root.iter(f"{SVG}path")
    )
    return {(found[1], found[2]) for found in outlines if found}


def _size(rect: ElementTree.Element) -> tuple[float, float]:
    return float(rect.get("width", "0")), float(rect.get("height", "0"))


def _kind(code: str) -> str:
    return "total" if code == "total" else "aside" if code in ("unknown", "not_asked") else ""
