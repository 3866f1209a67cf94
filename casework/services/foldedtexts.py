"""Folded texts by id, joined chunk by chunk: a search goes through memory from one end to the other.

A hundred thousand texts that lie anywhere take several times as long. As in `chunked.py`, a mapping shares
with the one it was made from whatever did not change.
"""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple
from uuid import UUID

_COUNT = 1024
_LAST_BITS = _COUNT - 1
_BETWEEN = b"\n"
"""A folded text has none, nor has a word."""
_GAP = len(_BETWEEN)
_CODING = "utf-8", "surrogatepass"
_FEW = 8
"""To find the place of one hit takes as long as asking so many texts."""


class _Block(NamedTuple):
    """Texts joined, as UTF-8: the place of each in their order, where each ends."""

    places: Mapping[UUID, int]
    ends: Sequence[int]
    joined: bytes

    def read(self, key: UUID) -> str | None:
        """Return one text."""
        place = self.places.get(key)
        if place is None:
            return None
        start = self.ends[place - 1] + _GAP if place else 0
        return self.joined[start : self.ends[place]].decode(*_CODING)

    def find(self, word: bytes) -> list[UUID]:
        """Return whose text holds a word."""
        at = self.joined.find(word)
        if at < 0:
            return []
        ids, found = tuple(self.places), list[UUID]()
        if self.joined.count(word, at) * _FEW > len(ids):
            return [id_ for id_, start, end in self._spans() if self.joined.find(word, start, end) >= 0]
        while at >= 0:
            place = bisect_right(self.ends, at)
            found.append(ids[place])
            at = self.joined.find(word, self.ends[place])
        return found

    def find_without(self, word: bytes) -> list[UUID]:
        """Return whose text does not hold it."""
        find, start, without = self.joined.find, 0, list[UUID]()
        for id_, end in zip(self.places, self.ends, strict=True):
            if find(word, start, end) < 0:
                without.append(id_)
            start = end + _GAP
        return without

    def split(self) -> dict[UUID, bytes]:
        """Return the texts apart."""
        return {id_: self.joined[start:end] for id_, start, end in self._spans()}

    def _spans(self) -> Iterable[tuple[UUID, int, int]]:
        """Return whose each text is, and where it stands."""
        starts = [0, *[end + _GAP for end in self.ends]]
        return zip(self.places, starts, self.ends, strict=False)


class FoldedTexts(Mapping[UUID, str]):
    """An immutable mapping. Its order means nothing."""

    __slots__ = ("_blocks", "_count")

    def __init__(self) -> None:
        self._blocks: Sequence[_Block] = (_join({}),) * _COUNT
        self._count = 0

    def changed(self, put: Mapping[UUID, str], without: Collection[UUID] = ()) -> "FoldedTexts":
        """Return these texts with others put in, and then without some, which need not be among them."""
        changes: dict[int, dict[UUID, bytes | None]] = defaultdict(dict)
        for key, text in put.items():
            changes[key.int & _LAST_BITS][key] = text.encode(*_CODING)
        for key in without:
            changes[key.int & _LAST_BITS][key] = None
        made, blocks = FoldedTexts(), list(self._blocks)
        for at, new in changes.items():
            texts = blocks[at].split() | new
            blocks[at] = _join({key: text for key, text in texts.items() if text is not None})
        made._blocks, made._count = blocks, sum(len(block.places) for block in blocks)
        return made if changes else self

    def find(self, word: str) -> list[UUID]:
        """Return whose text holds a word, which has no blanks."""
        sought = word.encode(*_CODING)
        return list(chain.from_iterable(block.find(sought) for block in self._blocks))

    def find_without(self, word: str) -> list[UUID]:
        """Return whose text does not hold it: for a word that most do."""
        sought = word.encode(*_CODING)
        return list(chain.from_iterable(block.find_without(sought) for block in self._blocks))

    def __getitem__(self, key: UUID) -> str:
        text = self._blocks[key.int & _LAST_BITS].read(key)
        if text is None:
            raise KeyError(key)
        return text

    def get(self, key: UUID, default: str | None = None) -> str | None:  # type: ignore[override]
        """Return the text, or the default: at once, not by an error that is caught."""
        text = self._blocks[key.int & _LAST_BITS].read(key)
        return default if text is None else text

    def __contains__(self, key: object) -> bool:
        return isinstance(key, UUID) and key in self._blocks[key.int & _LAST_BITS].places

    def __iter__(self) -> Iterator[UUID]:
        return chain.from_iterable(block.places for block in self._blocks)

    def __len__(self) -> int:
        return self._count


def _join(texts: Mapping[UUID, bytes]) -> _Block:
    ends, end = array("I"), -_GAP
    for text in texts.values():
        end += _GAP + len(text)
        ends.append(end)
    return _Block({key: place for place, key in enumerate(texts)}, ends, _BETWEEN.join(texts.values()))
