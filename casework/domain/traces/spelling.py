"""Words that may be a name spelt otherwise: letters off, or sounding the same."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from .flat import Word
from .words import list_flat

ORDINARY = frozenset(list_flat("ordinary", "words"))
"""Plain words, flat, that names are near to."""
_PUBLIC = frozenset(list_flat("public", "words"))
_LEAST_BOTH_WAYS = 4
"""Names of four letters are looked for with a capital inside a sentence alone."""
_LEAST_IN_SMALL = 5
_LEAST_TWO_OFF = 6
_LEAST_TWO_OFF_IN_SMALL = 8
_LEAST_SOUNDS = 3
_SAME_SOUNDS = [
    pair.split("=")
    for pair in "ph=f ck=k tch=c ch=s sh=s dj=j qu=k ou=w oo=w gh=g kh=k th=t q=k c=k z=s v=w x=s y=i".split()
]
_SILENT = re.compile(r"(?<!^)[aeiouhw]")
_TWICE = re.compile(r"(.)\1+")


def find_near(words: Sequence[Word], parts: Collection[str]) -> Iterator[Word]:
    """Find words that may be one of these names misspelt.

    A capital inside a sentence makes a name likely: there two letters off count for a name of six letters,
    one for a name of four, and what sounds the same. In small letters and where a sentence begins it is one
    letter for a name of five, two for one of eight; and the plain words that names are near to are none.
    """
    sounds = {part: _sound(part) for part in parts if len(part) >= _LEAST_BOTH_WAYS}
    known: dict[tuple[str, bool], bool] = {}
    for word in words:
        stands_out = word.has_capital and not word.is_first
        key = word.flat, stands_out
        if key not in known:
            known[key] = _may_be_one(word.flat, sounds, stands_out)
        if known[key]:
            yield word


def _may_be_one(word: str, sounds: Mapping[str, str], stands_out: bool) -> bool:
    if word in sounds or word in _PUBLIC or (not stands_out and word in ORDINARY):
        return False
    least = _LEAST_BOTH_WAYS if stands_out else _LEAST_IN_SMALL
    least_two_off = _LEAST_TWO_OFF if stands_out else _LEAST_TWO_OFF_IN_SMALL
    sound = _sound(word) if stands_out else ""
    for part, heard in sounds.items():
        if len(part) >= least:
            most = 2 if len(part) >= least_two_off and len(word) >= least_two_off - 1 else 1
            if letters_off(word, part, most) <= most or (len(sound) >= _LEAST_SOUNDS and sound == heard):
                return True
    return False


def letters_off(one: str, other: str, most: int) -> int:
    """Count letters too many, too few, other ones, and neighbours swapped; `most` + 1 for whatever is more.

    This is the optimal string alignment distance (Boytsov 2011, restricted Damerau–Levenshtein).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, last, row = row, before, [at]
        for to, wanted in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
        if min(row) > most and (not before or min(before) > most):
            return most + 1
    return min(row[-1], most + 1)


def _sound(word: str) -> str:
    """Give the consonants of a word as they sound in names that are spelt in several ways: Yusuf, Youssef."""
    for written, heard in _SAME_SOUNDS:
        word = word.replace(written, heard)
    return _SILENT.sub("", _TWICE.sub(r"\1", word))
