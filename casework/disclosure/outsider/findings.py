"""What an attack on published files finds: every hidden count with its interval, and what gives it away."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from casework.disclosure.outsider.claims import Claim, Kind, Named, say
from casework.disclosure.outsider.combining import combine
from casework.disclosure.outsider.intervals import Bounds, Outsider
from casework.disclosure.outsider.knowledge import Knowledge, quantity_beyond, quantity_of
from casework.disclosure.solver import WHOLE, FloatArray

Progress = Callable[[], None]
"""Is called for each count that is looked at."""
LEAST_OTHERS: Final = 3
"""So many people of a group have to be possible beside those of one outcome."""
_LISTED: Final = (Kind.HIDDEN, Kind.PERCENT)
_DENOMINATOR: Final = 1000


class Question(NamedTuple):
    """A sum of unknowns to be looked at."""

    kind: Kind
    named: Named
    quantity: FloatArray


@dataclass(frozen=True)
class Finding:
    """A count and what follows for it; `why` has the sentences that lead there, where it is unsafe.

    `insider` is the cell of the one to whom it follows, if it does not follow to all; the count is of others.
    """

    kind: Kind
    named: Named
    bounds: Bounds
    is_unsafe: bool
    why: tuple[str, ...] = ()
    insider: Named | None = None

    @property
    def label(self) -> str:
        """The cell in words."""
        return say(self.named)


def list_findings(outsider: Outsider, threshold: int, progress: Progress | None = None) -> Iterator[Finding]:
    """Every hidden count, and of the others those that are small; and groups that are all of one outcome.

    Raises DisclosureRefused: inconsistent, time_limit, solver.
    """
    knowledge = outsider.knowledge
    for claim, (least, most) in zip(knowledge.claims, knowledge.ends, strict=True):
        if least == most and claim.value is not None and 0 < claim.value < threshold:
            yield Finding(Kind.PUBLISHED, claim.named, Bounds(claim.value, claim.value), True)
    for kind, named, quantity in ask(knowledge):
        if progress:
            progress()
        bounds = outsider.bounds(quantity)
        unsafe = bounds.is_small(threshold) or (bounds.is_exact and is_secret(kind, bounds))
        if unsafe or kind in _LISTED:
            why = tuple(explain(outsider, quantity, bounds)) if unsafe else ()
            yield Finding(kind, named, bounds, unsafe, why)
    yield from _list_outcomes(outsider)


def ask(knowledge: Knowledge) -> Iterator[Question]:
    """Each sum of unknowns whose size is a secret, once for each kind."""
    for at in knowledge.open_claims:
        claim = knowledge.claims[at]
        yield Question(_kind(claim), claim.named, quantity_of(knowledge, at))
    for later, earlier in knowledge.added:
        named = knowledge.claims[later].named
        yield Question(Kind.ADDED, named, quantity_beyond(knowledge, later, earlier))
    seen: set[tuple[Kind, bytes]] = set()
    for kind, whole, part in knowledge.apart:
        quantity = quantity_beyond(knowledge, whole, part)
        if kind is not Kind.OUTCOME and (kind, quantity.tobytes()) not in seen:
            seen.add((kind, quantity.tobytes()))
            yield Question(kind, knowledge.claims[part].named, quantity)


def _kind(claim: Claim) -> Kind:
    if not claim.is_listed:
        return Kind.UNLISTED
    return Kind.HIDDEN if claim.is_counted else Kind.PERCENT


def is_secret(kind: Kind, bounds: Bounds) -> bool:
    """Whether a count may not be exact: what a file hides, or gives a per cent of, but for none of them."""
    return kind is Kind.HIDDEN or (kind is Kind.PERCENT and bounds.low > 0)


def _list_outcomes(outsider: Outsider) -> Iterator[Finding]:
    """Groups with somebody in them, of whom fewer than LEAST_OTHERS can have another outcome."""
    knowledge = outsider.knowledge
    seen: set[tuple[bytes, bytes]] = set()
    for _kind, whole, part in (one for one in knowledge.apart if one.kind is Kind.OUTCOME):
        cell, others = quantity_of(knowledge, part), quantity_beyond(knowledge, whole, part)
        same = (cell.tobytes(), others.tobytes())
        if same in seen or outsider.reaches(others, LEAST_OTHERS) or outsider.bounds(cell).low < 1:
            continue
        seen.add(same)
        bounds = outsider.bounds(others)
        why = tuple(explain(outsider, others, bounds))
        yield Finding(Kind.OUTCOME, knowledge.claims[part].named, bounds, True, why)


def explain(
    outsider: Outsider, quantity: FloatArray, bounds: Bounds, own: int | None = None
) -> Iterator[str]:
    """How the ends of an interval follow: which published counts, how often added or taken away.

    `own` is the unknown of which an insider knows that it holds their own unit.
    """
    knowledge = outsider.knowledge
    if not quantity.any():
        yield "nobody is left to be in it: what it is part of is published as zero"
        return
    prices = combine(knowledge, quantity, outsider.deadline) if bounds.is_exact else None
    if prices is not None:
        yield f"exactly {bounds.low}: {_sum(knowledge, prices)}"
        return
    for words, end, sign in (("at least", bounds.low, 1), ("at most", bounds.high, -1)):
        proof = outsider.prove(sign * quantity) if end is not None else None
        if proof is None or end is None:
            continue
        parts = [_sum(knowledge, sign * proof.prices), *_floors(knowledge, proof.reduced, own)]
        if abs(proof.value - sign * end) > WHOLE:
            parts.append("counts are whole numbers")
        yield f"{words} {end}: {'; '.join(part for part in parts if part)}"


def _sum(knowledge: Knowledge, prices: FloatArray) -> str:
    """Published counts added up; what is added stands before what is taken away."""
    terms = sorted(_terms(knowledge, prices), key=lambda term: term.startswith(" - "))
    return "".join(terms).removeprefix(" + ").strip()


def _terms(knowledge: Knowledge, prices: FloatArray) -> Iterator[str]:
    rows = [at for at, row in enumerate(knowledge.rows) if row.columns]
    for at, price in zip(rows, prices, strict=True):
        if abs(price) <= WHOLE:
            continue
        said, unit = knowledge.words.get(at, ("", 1))
        claim = knowledge.claims[knowledge.row_claims[at]]
        times = Fraction(float(price) * unit).limit_denominator(_DENOMINATOR)
        often = "" if abs(times) == 1 else f"{abs(times)} × "
        least, most = knowledge.ends[knowledge.row_claims[at]]
        value = str(claim.value) if least == most else "hidden, 1 or more"
        if least != most and claim.value is not None:
            value = f"{claim.value}, from {least:.0f} to {most:.0f} before it was rounded"
        yield f" {'+' if times > 0 else '-'} {often}[{said or f'{say(claim.named)}: {value}'}]"


def _floors(knowledge: Knowledge, reduced: FloatArray, own: int | None) -> Sequence[str]:
    """What is used besides the published counts: that no count is negative, or that none hidden is zero."""
    used = np.abs(reduced) > WHOLE
    said = []
    if own is not None and used[own]:
        said.append("one is themselves")
        used[own] = False
    if np.any(used & (knowledge.lower == 0)):
        said.append("no count is negative")
    if np.any(used & (knowledge.lower > 0)):
        said.append("what is hidden is 1 or more")
    return said
