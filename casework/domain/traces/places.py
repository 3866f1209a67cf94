"""Places in a text: those of the case, word by word; other cities, stations and quarters by their names."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from .flat import WORD, Word, flatten
from .kinds import LANDMARK, LIKE_PLACE, PLACE, TOWN, Trace
from .names import stands_near
from .spelling import find_near
from .words import list_flat, read_words

_GENERIC = frozenset(list_flat("places", "generic"))
"""What says nothing of which place it is."""
_ARTICLES = frozenset(list_flat("places", "articles"))
"""What a name may be said without: “Le Sud-Ouest”, and “au Sud-Ouest”."""
_LEAST_LETTERS = 3
_LEAST_SMALL = 5
_PIECE_ENDS = re.compile(r"[,;\n()/–—|]")


def find_places(words: Sequence[Word], areas: Collection[str], towns: Collection[str]) -> Iterator[Trace]:
    """Find the case's places by their whole names, other towns, and other spots that people know.

    A name of one word counts with a capital alone: "laval" may be anything.
    """
    yield from _whole_names(words, areas, PLACE)
    yield from _whole_names(words, towns, TOWN)
    yield from _whole_names(words, _landmarks(), LANDMARK)


@cache
def _landmarks() -> tuple[str, ...]:
    return tuple(name for names in read_words("landmarks").values() for name in names)


def find_written_places(words: Sequence[Word], places: Iterable[str]) -> Iterator[Trace]:
    """Find each telling word of what the case says of places, and two of its words in a row.

    With a capital inside a sentence it is a place; where a sentence begins, in small letters, or misspelt it
    may be a plain word.
    """
    strong, weak, pairs = _read(places)
    for word in words:
        if word.flat in strong and word.has_capital:
            yield Trace(word.start, word.end, LIKE_PLACE if word.is_first else PLACE)
        elif word.flat in strong and len(word.flat) >= _LEAST_SMALL:
            yield Trace(word.start, word.end, LIKE_PLACE)
        elif word.flat in weak and word.has_capital and not word.is_first:
            yield Trace(word.start, word.end, LIKE_PLACE)
    for one, other in pairwise(words):
        if (one.flat, other.flat) in pairs and stands_near(one, other):
            yield Trace(one.start, other.end, PLACE)
    capitals = [word for word in words if word.has_capital]
    yield from (Trace(one.start, one.end, LIKE_PLACE) for one in find_near(capitals, strong))


def _read(places: Iterable[str]) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """Return the telling words with a capital, those without one, and the telling pairs in a row."""
    strong: set[str] = set()
    weak: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for piece in (piece for place in places for piece in _PIECE_ENDS.split(place)):
        found = WORD.findall(piece)
        telling = {word for word in found if len(word) >= _LEAST_LETTERS and flatten(word) not in _GENERIC}
        strong |= {flatten(word) for word in telling if word != word.lower()}
        weak |= {flatten(word) for word in telling if word == word.lower()}
        pairs |= {
            (flatten(one), flatten(other))
            for one, other in pairwise(found)
            if telling & {one, other} and (one + other != (one + other).lower() or telling >= {one, other})
        }
    return strong, weak, pairs


def _whole_names(words: Sequence[Word], names: Collection[str], kind: str) -> Iterator[Trace]:
    starts: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        parts = tuple(map(flatten, WORD.findall(name)))
        bare = parts[1:] if len(parts) > 2 and parts[0] in _ARTICLES else parts
        for spelled in filter(None, (parts, bare)):
            starts.setdefault(spelled[0], set()).add(spelled)
    for at, word in enumerate(words):
        for parts in starts.get(word.flat, ()):
            here = words[at : at + len(parts)]
            if word.has_capital and tuple(one.flat for one in here) == parts:
                yield Trace(word.start, here[-1].end, kind)
