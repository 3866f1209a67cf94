"""What changed between two texts: first sentence by sentence, then, where they differ, word by word."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import takewhile
from typing import NamedTuple

SAME, REMOVED, ADDED, LEFT_OUT = "same", "removed", "added", "left_out"

KINDS = frozenset({SAME, REMOVED, ADDED, LEFT_OUT})

# Each way of cutting loses nothing: joined, the parts give the text again. A blank goes with what follows it,
# so that what is written on at the end changes nothing of what stood there.
_SENTENCES = re.compile(r"\s*[^.!?\n]*[.!?\n]+|[^.!?\n]+")
_WORDS = re.compile(r"[^\S\n]?\S+|\s")
_AROUND = 12
"""How many words of an unchanged stretch stand beside a change, where the stretch is long."""

_MOST_PAIRS = 40_000
"""So often may a part of one text meet the same part of the other: comparing takes time, and a save waits for
it. Beyond it a stretch that differs is told as removed and added whole."""


class Piece(NamedTuple):
    """A stretch of text: in both, only in the old one, only in the new one, or in both and left out."""

    kind: str
    text: str


class _Step(NamedTuple):
    """A stretch cut into parts: what the old text has there, and the new one; the same where `is_same`."""

    is_same: bool
    before: list[str]
    after: list[str]


def compare_texts(old: str, new: str) -> list[Piece]:
    """Give the stretches of both texts in their order, what is the same far from any change left out."""
    steps: list[_Step] = []
    left = _MOST_PAIRS
    for step in _compare(_SENTENCES.findall(old), _SENTENCES.findall(new)):
        before, after = (_WORDS.findall("".join(parts)) for parts in (step.before, step.after))
        pairs = 0 if step.is_same else _count_pairs(before, after)
        if step.is_same or pairs > left:
            steps.append(_Step(step.is_same, before, after))
        else:
            left -= pairs
            steps += _compare(before, after)
    return list(_pieces(_joined(steps)))


def _compare(before: list[str], after: list[str]) -> Iterator[_Step]:
    head = _count_same(before, after)
    tail = _count_same(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    yield _Step(True, before[:head], before[:head])
    if _count_pairs(old, new) > _MOST_PAIRS:
        yield _Step(False, old, new)
    else:
        for step, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield _Step(step == "equal", old[i1:i2], new[j1:j2])
    yield _Step(True, before[len(before) - tail :], before[len(before) - tail :])


def _count_same(one: list[str], other: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _count_pairs(before: list[str], after: list[str]) -> int:
    counts = Counter(after)
    return sum(count * counts[part] for part, count in Counter(before).items())


def _joined(steps: list[_Step]) -> list[_Step]:
    joined: list[_Step] = []
    for step in steps:
        if not step.before and not step.after:
            continue
        if joined and joined[-1].is_same == step.is_same:
            last = joined.pop()
            step = _Step(step.is_same, last.before + step.before, last.after + step.after)
        joined.append(step)
    return joined


def _pieces(steps: list[_Step]) -> Iterator[Piece]:
    for number, step in enumerate(steps):
        if step.is_same:
            yield from _shorten(step.before, is_first=number == 0, is_last=number == len(steps) - 1)
            continue
        for kind, parts in ((REMOVED, step.before), (ADDED, step.after)):
            if parts:
                yield Piece(kind, "".join(parts))


def _shorten(parts: list[str], is_first: bool, is_last: bool) -> Iterator[Piece]:
    head, tail = (0 if is_first else _AROUND), (0 if is_last else _AROUND)
    if len(parts) <= head + tail + _AROUND:
        yield Piece(SAME, "".join(parts))
        return
    end = len(parts) - tail
    for kind, text in ((SAME, parts[:head]), (LEFT_OUT, parts[head:end]), (SAME, parts[end:])):
        if text:
            yield Piece(kind, "".join(text))
