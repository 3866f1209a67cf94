"""What somebody who is counted can work out of the others: their own cell is not empty."""

from collections.abc import Iterator

import numpy as np

from casework.disclosure.outsider.claims import Kind, Named
from casework.disclosure.outsider.findings import Finding, Progress, Question, ask, explain, is_secret
from casework.disclosure.outsider.intervals import Bounds, Outsider
from casework.disclosure.solver import FloatArray


def list_inside(outsider: Outsider, threshold: int, progress: Progress | None = None) -> Iterator[Finding]:
    """The others of each count that no outsider knows, but one of a cell does; for the first such cell.

    A cell is the smallest that the files tell apart, and an insider one unit of it. What their own unit is
    part of is less by it. Raises DisclosureRefused: inconsistent, time_limit, solver.
    """
    known: set[int] = set()
    outside = outsider.knowledge.lower
    questions = list(ask(outsider.knowledge))
    for place, named in _list_places(outsider):
        if not _learns(outsider, place):
            continue
        inside = outside.copy()
        inside[place] = max(inside[place], 1)
        for number, question in enumerate(questions):
            outsider.suppose(inside)
            own = int(question.quantity[place])
            if number in known or _seems_open(outsider, question, own, threshold):
                continue
            if progress:
                progress()
            bounds = outsider.bounds(question.quantity)
            if not _is_unsafe(question.kind, bounds, own, threshold):
                continue
            known.add(number)
            why = tuple(explain(outsider, question.quantity, bounds, place))
            outsider.suppose(outside)
            if not _is_unsafe(question.kind, outsider.bounds(question.quantity), 0, threshold):
                others = Bounds(bounds.low - own, None if bounds.high is None else bounds.high - own)
                yield Finding(Kind.INSIDER, question.named, others, True, why, named)
        outsider.suppose(outside)


def _list_places(outsider: Outsider) -> Iterator[tuple[int, Named]]:
    """Each unknown with the name of a claim about it alone."""
    seen: set[int] = set()
    for claim, line in zip(outsider.knowledge.claims, outsider.knowledge.quantities, strict=True):
        if line.sum() == 1 and int(line.argmax()) not in seen:
            seen.add(int(line.argmax()))
            yield int(line.argmax()), claim.named


def _learns(outsider: Outsider, place: int) -> bool:
    """Whether it is news that somebody is there: it can be and need not be.

    Where it is none, the others of a count are 1 to k - 2 only where the count is 2 to k - 1 to all.
    """
    here: FloatArray = np.zeros(len(outsider.knowledge.lower))
    here[place] = 1
    return outsider.reaches(-here, 0) and outsider.reaches(here, 1)


def _is_unsafe(kind: Kind, bounds: Bounds, own: int, threshold: int) -> bool:
    """Whether the others are known, or are one at least and with the insider fewer than the threshold."""
    if bounds.is_exact and is_secret(kind, bounds):
        return True
    return bounds.low >= 1 + own and bounds.high is not None and bounds.high < threshold


def _seems_open(outsider: Outsider, question: Question, own: int, threshold: int) -> bool:
    """Whether tables found so far show it already, without any program."""
    tables = outsider.seen(question.quantity, 0)
    if not len(tables):
        return False
    counts = tables @ question.quantity
    least, most = round(counts.min()), round(counts.max())
    return least < most and not _is_unsafe(question.kind, Bounds(least, most), own, threshold)
