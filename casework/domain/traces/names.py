"""Names of the case in a text, whatever their case and accents, and what may be one misspelt."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from itertools import pairwise

from .flat import WORD, Word, flatten
from .kinds import LIKE_NAME, NAME, NEAR_NAME, Trace
from .spelling import ORDINARY, find_near
from .words import list_flat

_PARTICLES = frozenset(list_flat("names", "particles"))
_ARTICLES = frozenset(list_flat("names", "articles"))
_JOINT = re.compile(r"[ '’\-\N{NO-BREAK SPACE}\N{NON-BREAKING HYPHEN}]{1,2}")
_IN_A_ROW = 2
"""The most characters between two words that stand in a row."""
_LEAST_LETTERS = 3
_LEAST_RUN_TOGETHER = 6


def find_names(text: str, words: Sequence[Word], names: Collection[str]) -> Iterator[Trace]:
    """Find words of names, misspelt ones, and names in scripts without capital letters."""
    parts = [part for name in names for part in WORD.findall(name)]
    cased = {flatten(part) for part in parts if _has_case(part)} | _run_together(names)
    grave, like = _weigh(text, words, cased, {part.lower() for part in parts})
    grave |= _in_a_row(words, names)
    yield from (Trace(*_span(words[at]), NAME if at in grave else LIKE_NAME) for at in grave | like)
    yield from (Trace(*_span(word), NEAR_NAME) for word in find_near(words, cased))
    # Scripts without capital letters, and those without spaces between words.
    for part in {unicodedata.normalize("NFC", part) for part in parts if not _has_case(part)}:
        yield from (Trace(*one.span(), NAME) for one in re.finditer(re.escape(part), text))


def join_names(text: str, found: Iterable[Trace]) -> list[Trace]:
    """Take the words of one name together."""
    joined: list[Trace] = []
    for one in found:
        last = joined[-1] if joined else None
        if last and last.kind == one.kind == NAME and _JOINT.fullmatch(text, last.end, one.start):
            joined[-1] = Trace(last.start, one.end, NAME)
        else:
            joined.append(one)
    return joined


def stands_near(one: Word, other: Word) -> bool:
    """Return whether a word stands in a row with the one before it."""
    return other.start - one.end <= _IN_A_ROW


def _span(word: Word) -> tuple[int, int]:
    return word.start, word.end


def _run_together(names: Iterable[str]) -> set[str]:
    """Return two words of a name written as one: "Bensalah"."""
    pairs = (pair for name in names for pair in pairwise(WORD.findall(name)))
    joined = {flatten(one + other) for one, other in pairs if (one + other) != (one + other).lower()}
    return {word for word in joined if len(word) >= _LEAST_RUN_TOGETHER}


def _weigh(text: str, words: Sequence[Word], parts: Set[str], spelt: Set[str]) -> tuple[set[int], set[int]]:
    """Return which words are of a name, and which may be: in small letters, or particles and short ones.

    Two in a row are of a name in small letters too. A particle or short word is shown with a capital alone,
    one letter not at all: "I" and "A" begin too many sentences. So does “La”; and “Grâce à” there may be the
    plain word, beside a Grace.
    """
    telling = {part for part in parts if len(part) >= _LEAST_LETTERS and part not in _PARTICLES}
    grave: set[int] = set()
    like: set[int] = set()
    for at, word in enumerate(words):
        if word.flat in telling:
            (grave if word.has_capital and not _begins_plainly(word, text, spelt) else like).add(at)
            if at and words[at - 1].flat in telling and stands_near(words[at - 1], word):
                grave |= {at - 1, at}
        elif word.flat in parts and len(word.flat) > 1 and word.has_capital:
            like |= set() if word.is_first and word.flat in _ARTICLES else {at}
    return grave, like


def _begins_plainly(word: Word, text: str, spelt: Set[str]) -> bool:
    """Return whether a plain word begins a sentence that no name of the case is spelt like."""
    return word.is_first and word.flat in ORDINARY and text[word.start : word.end].lower() not in spelt


def _in_a_row(words: Sequence[Word], names: Iterable[str]) -> set[int]:
    """Return which words make a whole name, however written, or two of its words in a row with capitals."""
    wholes, pairs = _rows_of(names)
    grave: set[int] = set()
    for at, word in enumerate(words):
        last = words[at - 1] if at else None
        if last and (last.flat, word.flat) in pairs and stands_near(last, word):
            grave |= {at - 1, at} if last.has_capital and word.has_capital else set()
        for whole in wholes.get(word.flat, ()):
            here = words[at : at + len(whole)]
            is_whole = tuple(one.flat for one in here) == whole
            if is_whole and all(stands_near(one, other) for one, other in pairwise(here)):
                grave |= set(range(at, at + len(whole)))
    return grave


def _rows_of(names: Iterable[str]) -> tuple[dict[str, set[tuple[str, ...]]], set[tuple[str, str]]]:
    """Return whole names by their first words, and two words that stand in a row in one, in either order."""
    wholes: dict[str, set[tuple[str, ...]]] = {}
    pairs: set[tuple[str, str]] = set()
    for name in names:
        words = [word for word in WORD.findall(name) if _has_case(word)]
        if len(words) > 1:
            whole = tuple(map(flatten, words))
            wholes.setdefault(whole[0], set()).add(whole)
        for one, other in pairwise(words):
            if one + other != (one + other).lower():  # "de la" is none
                pairs |= {(flatten(one), flatten(other)), (flatten(other), flatten(one))}
    return wholes, pairs


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()
