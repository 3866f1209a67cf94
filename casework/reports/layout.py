"""A protected table as rows and columns for a screen: numbers are passed on or left out, never computed."""

from collections.abc import Iterable
from dataclasses import dataclass

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: `state` is "shown", "hidden" or "structural"."""

    state: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and its code; `kind` is "", "aside" for answers that are none, or "total"."""

    code: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its heading, and the code that this stands for."""

    code: str
    label: str
    kind: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What the macro `tables.protected` draws."""

    caption: str
    subtitle: str
    corner: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]


def percent_shown(cells: Iterable[Shown]) -> int:
    """Return how many of these are shown, in whole per cent, rounded down; published zeros do not count."""
    told = [cell for cell in cells if cell.state != "structural" and cell.value != 0]
    shown = sum(cell.state == "shown" for cell in told)
    return 100 * shown // len(told) if told else 100
