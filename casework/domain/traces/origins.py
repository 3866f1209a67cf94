"""Nationalities and languages in a text, in English, French and Spanish."""

from collections.abc import Iterable, Iterator
from functools import cache

from .flat import Word, flatten
from .kinds import ORIGIN, Trace
from .words import read_words


@cache
def _nationalities() -> frozenset[str]:
    words = read_words("origins")
    return frozenset(
        flatten(adjective) + ending for adjective in words["adjectives"] for ending in words["endings"]
    )


def find_origins(words: Iterable[Word], languages: Iterable[str]) -> Iterator[Trace]:
    """Find nationalities, and languages by what they are called."""
    known = {flatten(language) for language in languages}
    for word in words:
        if word.flat in known or word.flat in _nationalities():
            yield Trace(word.start, word.end, ORIGIN)
