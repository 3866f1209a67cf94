"""The sizes that charts come in. Lengths are CSS pixels, 96 to the inch; text sizes too."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

_PIXELS_IN_MM: Final = 96 / 25.4


@dataclass(frozen=True, slots=True)
class Frame:
    """What a chart is made for. `height` 0 grows with the chart, up to `most`; `ppi` is the PNG's.

    `title` and `text` are sizes of letters, `inset` the empty border. `is_card` has a coloured head and
    stands alone in a feed; `is_bare` has neither title nor source, since the page around it says both.
    `is_explained` where that page says what its signs mean, too.
    """

    name: str
    width: float
    text: float
    height: float = 0
    title: float = 0
    inset: float = 0
    most: float = 0
    ppi: float = 0
    is_card: bool = False
    is_bare: bool = False
    is_explained: bool = False


def _print(name: str, millimetres: float, text: float, title: float) -> Frame:
    return Frame(name, round(millimetres * _PIXELS_IN_MM, 2), text, title=title, inset=6, ppi=300)


def _card(name: str, width: float, height: float, text: float, title: float, inset: float) -> Frame:
    return Frame(name, width, text, height, title, inset, ppi=96, is_card=True)


PRINTED: Final = (_print("column", 86, 10.8, 13.6), _print("page", 174, 11.4, 17))
"""A column and the whole width of a page, in millimetres; letters of at least 7.5 points."""

SOCIAL: Final = (
    _card("landscape", 1200, 675, 25, 42, 56),
    _card("square", 1080, 1080, 29, 50, 60),
    _card("portrait", 1080, 1350, 31, 56, 60),
)

WIDE: Final = Frame("wide", 760, 13.5, is_bare=True)
NARROW: Final = Frame("narrow", 350, 13.5, is_bare=True)
"""What a web page shows, on a screen and on a telephone."""

SHEET: Final = Frame("sheet", 624, 12.4, most=430, is_bare=True, is_explained=True)
"""What a document shows: as wide as its text, and no higher than leaves room for a table."""

FRAMES: Final[Mapping[str, Frame]] = MappingProxyType({frame.name: frame for frame in (*PRINTED, *SOCIAL)})
"""Those that are files of their own."""
