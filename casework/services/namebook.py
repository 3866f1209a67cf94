"""Who is called what: each word of the names, with the people who have it, and the words that are nearly it.

A search compares with the different words of all names, which are far fewer than people.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from casework.analysis.duplicates.names import skeleton
from casework.domain.folding import fold

Called = Mapping[str, frozenset[UUID]]
"""Each folded word of the names, with who has it."""

Heard = Mapping[str, str]
"""How each of those words sounds."""

_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_NO_NAME = re.compile(r"[\d_@/]")
_LEAST_JOINED, _MOST_JOINED = 4, 40
"""Letters of a name that is looked for in several words: fewer stand in too many, more in none."""
_MOST_WORDS = 4
_LEAST_HEARD = 3
"""A skeleton of fewer consonants is that of too many names."""


def rename(called: Called, sounds: Heard, changes: Iterable[tuple[UUID, str, str]]) -> tuple[Called, Heard]:
    """Return both with these people under another name: id, name before, name now; "" for none.

    How a word sounds that nobody has is forgotten; how one sounds that was known is not worked out again.
    """
    renamed: dict[str, set[UUID]] = {}

    def having(word: str) -> set[UUID]:
        if word not in renamed:
            renamed[word] = set(called.get(word, ()))
        return renamed[word]

    for person_id, before, now in changes:
        if before != now:
            for word in list_words(before):
                having(word).discard(person_id)
            for word in list_words(now):
                having(word).add(person_id)
    if not renamed:
        return called, sounds
    people, heard = dict(called), dict(sounds)
    for word, having_it in renamed.items():
        if having_it:
            people[word] = frozenset(having_it)
            heard.setdefault(word, skeleton(word))
        else:
            people.pop(word, None)
            heard.pop(word, None)
    return people, heard


def find_called(word: str, called: Called, sounds: Heard) -> frozenset[UUID]:
    """Return who has a name like this folded word: one or two letters off, or sounding alike."""
    return frozenset().union(*(called[near] for near in _near(word, called, sounds)))


def find_joined(term: str, called: Called, names: Mapping[UUID, str]) -> frozenset[UUID]:
    """Return who has a name that is this folded term but for what stands between: "bensaid", "Ben Saïd".

    `names` are whole; the words of a run have to follow one another in it.
    """
    letters = "".join(_WORD.findall(term))
    if not _LEAST_JOINED <= len(letters) <= _MOST_JOINED or _NO_NAME.search(term):
        return frozenset()
    found: set[UUID] = set()
    for run in _split(letters, called, _MOST_WORDS):
        having = frozenset.intersection(*(called[word] for word in run))
        found |= having if len(run) == 1 else {one for one in having if _follow(run, names.get(one) or "")}
    return frozenset(found)


def searched_numbers(*texts: str) -> str:
    """Return the digits of each text, in one string that no digit of one meets another's in."""
    return "/".join(filter(None, ("".join(_DIGITS.findall(text)) for text in texts)))


def list_words(name: str) -> set[str]:
    """Return the words of a name, folded: what `called` knows people by."""
    return set(_WORD.findall(fold(name))) if name else set()


def _split(letters: str, called: Called, most: int) -> Iterator[tuple[str, ...]]:
    """Give each way to write these letters as words that somebody is called."""
    if letters in called:
        yield (letters,)
    for end in range(1, len(letters) if most > 1 else 0):
        if letters[:end] in called:
            for rest in _split(letters[end:], called, most - 1):
                yield letters[:end], *rest


def _follow(run: tuple[str, ...], name: str) -> bool:
    words = tuple(_WORD.findall(fold(name)))
    return any(words[at : at + len(run)] == run for at in range(len(words) - len(run) + 1))


def _near(word: str, called: Called, sounds: Heard) -> set[str]:
    slips = slips_allowed(word)
    if not slips:
        return set()
    words = list(called)
    if not words:
        return set()
    apart = cdist([word], words, scorer=OSA.distance, score_cutoff=slips, dtype=np.uint8)[0]
    near = {words[place] for place in np.flatnonzero(apart <= slips)}
    heard = skeleton(word)
    if len(heard) >= _LEAST_HEARD:
        near |= {other for other in words if sounds[other] == heard}
    return near


def slips_allowed(word: str) -> int:
    """Return how many letters of a name may be wrong: none of a short one, which would fit everybody."""
    return 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 6 else 2
