"""How wide words are in the font that casework brings, and where lines of them end."""

from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

_FONTS = Path(__file__).parents[3] / "static" / "vendor" / "fonts"
_CUTS = {False: "AtkinsonHyperlegibleNext_400Regular.ttf", True: "AtkinsonHyperlegibleNext_600SemiBold.ttf"}
_EM = 1000
_GLANCE = 24
"""A size in which letters can be told apart, and are drawn in no time."""

_STRANGE = 602
"""The width of a letter that the font lacks: that of DejaVu Sans Mono, which stands in."""

_NOWHERE = "\U0010ffff"


@lru_cache(maxsize=16384)
def measure(words: str, size: float, strong: bool = False) -> float:
    """Return the width of one line, in the unit of `size`."""
    return sum(_widths(run, is_drawn, strong) for run, is_drawn in split(words)) * size / _EM


@lru_cache(maxsize=16384)
def split(words: str) -> tuple[tuple[str, bool], ...]:
    """Part words into what the font has and what it lacks, in turn; the empty word is one it has."""
    runs = [("".join(letters), drawn) for drawn, letters in groupby(words, key=_is_drawn)]
    return tuple(runs) or (("", True),)


def wrap(words: str, size: float, width: float, strong: bool = False) -> list[str]:
    """Part words into lines that fit; one word that is wider than a line stands alone, and is cut at none."""
    lines: list[str] = []
    for word in words.split(" ") if words else ():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size, strong) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def balance(words: str, size: float, width: float, strong: bool = False) -> float:
    """Return the least width in which words take no more lines than in `width`: so no word stands alone."""
    count = len(wrap(words, size, width, strong))
    narrow, wide = 0.0, width
    while wide - narrow > 1:
        middle = (narrow + wide) / 2
        lines = wrap(words, size, middle, strong)
        if len(lines) <= count and widest(lines, size, strong) <= middle:
            wide = middle
        else:
            narrow = middle
    return wide


def widest(lines: list[str], size: float, strong: bool = False) -> float:
    """Return the width of the widest of them; 0 of none."""
    return max((measure(line, size, strong) for line in lines), default=0)


def _widths(run: str, is_drawn: bool, strong: bool) -> float:
    return _font(strong).getlength(run) if is_drawn else len(run) * _STRANGE


@lru_cache(maxsize=4096)
def _is_drawn(letter: str) -> bool:
    """Tell whether the font has a letter; what it lacks looks like what no font has."""
    font = _font(strong=False, size=_GLANCE)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(_NOWHERE))


@cache
def _font(strong: bool, size: int = _EM) -> ImageFont.FreeTypeFont:
    # The basic engine: the same widths wherever Pillow was built.
    return ImageFont.truetype(_FONTS / _CUTS[strong], size, layout_engine=ImageFont.Layout.BASIC)
