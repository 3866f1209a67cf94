"""Short texts joined, chunk by chunk, so that a word is looked for in a hundred of them at once."""

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from casework.services.chunked import Chunked

_BETWEEN = "\n"
"""A folded text has none, nor has a word."""


_FEW = 8
"""To find the place of one hit takes as long as asking so many texts."""


class _Block(NamedTuple):
    """The texts of a chunk: whose each is, and where it ends in what they are joined to."""

    ids: tuple[UUID, ...]
    ends: Sequence[int]
    text: str


class Joined:
    """The folded texts of a table; what did not change is taken over from how they were joined before."""

    __slots__ = ("_blocks", "_chunks")

    def __init__(self, texts: Chunked[str] | None = None, before: "Joined | None" = None) -> None:
        self._chunks: Sequence[Mapping[UUID, str]] = texts.chunks if texts else ()
        joined = zip(before._chunks, before._blocks, strict=True) if before else ()
        known = {id(chunk): block for chunk, block in joined}
        self._blocks: Sequence[_Block] = [known.get(id(chunk)) or _join(chunk) for chunk in self._chunks]

    def find(self, word: str) -> list[UUID]:
        """Return whose text holds a word, which has no blanks."""
        found: list[UUID] = []
        for chunk, (ids, ends, text) in zip(self._chunks, self._blocks, strict=True):
            at = text.find(word)
            if at >= 0 and text.count(word) * _FEW > len(ids):
                found += [id_ for id_, own in chunk.items() if word in own]
                continue
            while at >= 0:
                place = bisect_right(ends, at)
                found.append(ids[place])
                at = text.find(word, ends[place])
        return found


def _join(chunk: Mapping[UUID, str]) -> _Block:
    ends, end = array("I"), -1
    for text in chunk.values():
        end += 1 + len(text)
        ends.append(end)
    return _Block(tuple(chunk), ends, _BETWEEN.join(chunk.values()))
