"""Numbers that are told word by word: “cinq cent quatorze, cinq cinq cinq”, “five one four”."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .flat import flatten
from .numerals import spell
from .words import any_of, list_flat, read_words

_HUNDRED, _THOUSAND, _TEN, _TWENTY = 100, 1000, 10, 20
_MIXED = (60, 80)
"""After these French counts on to nineteen: soixante-dix-sept."""


def _values() -> dict[str, int]:
    found = {word: number for number in range(_HUNDRED) for word in spell(number) if " " not in word}
    found = {word: number for word, number in found.items() if "-" not in word or number < _TWENTY}
    found |= dict.fromkeys(("quatre-vingt", "quatre-vingts", "quatre vingt", "quatre vingts"), 80)
    found |= dict.fromkeys(list_flat("numerals", "nought"), 0)
    *hundreds, alone = map(flatten, read_words("numerals")["es"]["hundreds"])
    found |= {word: at * _HUNDRED for at, word in enumerate(hundreds, 1)} | {alone: _HUNDRED}
    # Feminine too: quinientas.
    return found | {word[:-2] + "as": at * _HUNDRED for at, word in enumerate(hundreds[1:], 2)}


_VALUES = _values()
_HUNDREDS = frozenset(
    flatten(word) for code in ("en", "fr") for word in read_words("numerals")[code]["hundreds"]
)
_THOUSANDS = frozenset(flatten(read_words("numerals")[code]["thousand"]) for code in ("en", "fr", "es"))
_TWICE, _THRICE = (frozenset(list_flat("numbers", key)) for key in ("twice", "thrice"))
_JOINTS = frozenset(list_flat("numerals", "joints"))
_WORDS = any_of([*_VALUES, *_HUNDREDS, *_THOUSANDS, *_TWICE, *_THRICE])
_TOKEN = re.compile(rf"\b(?:{_WORDS}|\d++)(?![^\W_])")
_BETWEEN = re.compile(rf"[\s,.;:/()-]{{1,3}}(?:{any_of(_JOINTS)}[\s-]{{1,2}})?")


@dataclass(slots=True)
class _Number:
    """A number while its words come in: `part` is what stands after the thousands."""

    thousands: int = 0
    part: int = 0
    last: int = _HUNDRED
    """How far the next word may go, so that it still belongs to the number."""

    def takes(self, value: int) -> bool:
        """Return whether a value goes on with the number: a unit after tens, anything after a hundred."""
        goes_on = self.last in _MIXED and value < _TWENTY
        return value < self.last and (self.last >= _HUNDRED or goes_on or value < _TEN) and value > 0

    def add(self, value: int) -> None:
        """Go on with it."""
        self.part += value
        self.last = value if value >= _TWENTY and value % _TEN == 0 else 0

    def __str__(self) -> str:
        return str(self.thousands + self.part)


@dataclass(slots=True)
class _Told:
    """The digits of numbers told one after another."""

    done: list[str] = field(default_factory=list)
    now: _Number | None = None
    times: int = 1

    def hear(self, word: str) -> None:
        """Take a word."""
        if word in _TWICE or word in _THRICE:
            self.close()
            self.times = 2 if word in _TWICE else 3
        elif word in _HUNDREDS:
            self._multiply()
        elif word in _THOUSANDS:
            self._thousand()
        elif word.isdecimal():
            self.close()
            self.done.append(word * self.times)
            self.times = 1
        else:
            self._count(_VALUES[word])

    def close(self) -> None:
        """End the number that is being told."""
        if self.now is not None:
            self.done.append(str(self.now) * self.times)
            self.now, self.times = None, 1

    def _count(self, value: int) -> None:
        if self.now is None or not self.now.takes(value):
            self.close()
            self.now = _Number()
            self.now.last = _THOUSAND
        self.now.add(value)
        if value >= _HUNDRED:
            self.now.last = _HUNDRED

    def _multiply(self) -> None:
        """Hear “hundred”, of one to nine or alone."""
        if self.now is None or not 0 < self.now.part < _TEN:
            self.close()
            self.now = _Number(part=1)
        self.now.part *= _HUNDRED
        self.now.last = _HUNDRED

    def _thousand(self) -> None:
        if self.now is None or self.now.thousands:
            self.close()
            self.now = _Number(part=1)
        self.now.thousands, self.now.part = (self.now.part or 1) * _THOUSAND, 0
        self.now.last = _THOUSAND


def list_told(flat: str) -> Iterator[tuple[int, int, str]]:
    """Yield where numbers stand one after another of which one at least is in words, and their digits.

    Of one that is counted up by one, as children do, there are none.
    """
    row: list[re.Match[str]] = []
    for token in _TOKEN.finditer(flat):
        if row and not _BETWEEN.fullmatch(flat, row[-1].end(), token.start()):
            yield from _read(row)
            row = []
        row.append(token)
    yield from _read(row)


def _read(row: list[re.Match[str]]) -> Iterator[tuple[int, int, str]]:
    words = [" ".join(token[0].split()) for token in row]
    if all(word.isdecimal() for word in words):
        return
    told = _Told()
    for word in words:
        told.hear(word)
    told.close()
    if not _counts_up(told.done):
        yield row[0].start(), row[-1].end(), "".join(told.done)


def _counts_up(numbers: Iterable[str]) -> bool:
    values = [int(number) for number in numbers]
    return len(values) > 1 and values == list(range(values[0], values[0] + len(values)))
