"""Proper names of the notes of a case that stand in a text as well: an employer, a school, a nickname."""

from collections.abc import Iterable, Iterator, Sequence

from .flat import Word, flatten, list_words
from .kinds import NOTED, Trace
from .words import list_flat

_LEAST_LETTERS = 4
PUBLIC = frozenset(list_flat("public", "words"))
"""What everybody may be told of."""


def find_noted(words: Sequence[Word], notes: Iterable[str]) -> Iterator[Trace]:
    """Find words with a capital that stand with one in the notes too, there inside a sentence."""
    noted = {
        word.flat
        for note in notes
        for word in list_words(note, flatten(note))
        if word.has_capital and not word.is_first and len(word.flat) >= _LEAST_LETTERS
    }
    for word in words:
        if word.has_capital and word.flat in noted and word.flat not in PUBLIC:
            yield Trace(word.start, word.end, NOTED)
