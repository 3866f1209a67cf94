"""The last word on a protected file: read as anybody reads it, attacked, and compared with the truth."""

from collections.abc import Sequence

import numpy as np

from casework.disclosure.counts import IntArray
from casework.disclosure.frequency.files import FrequencyTable
from casework.disclosure.frequency.model import Policy, floors
from casework.disclosure.outsider.claims import Claims
from casework.disclosure.outsider.intervals import Bounds, Outsider
from casework.disclosure.outsider.knowledge import know, quantity_of
from casework.disclosure.outsider.proposals import span
from casework.disclosure.outsider.reading import read_claims
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline
from casework.disclosure.threshold import unsafe

Nested = Sequence[tuple[str, str]]


def audit(
    text: str,
    table: FrequencyTable,
    nested: Nested,
    policy: Policy,
    deadline: Deadline,
    proposals: IntArray | None = None,
) -> None:
    """Reads the file as anybody would, and compares what follows from it with the truth.

    `proposals` are tables that the search found, cell by cell of the crossing; one counts only if it agrees
    with the file, and whatever they leave open is attacked by programs.

    Raises DisclosureRefused: audit_failed, time_limit, solver, inconsistent.
    """
    claims = read_claims([text], table.count, nested)
    knowledge = know(claims, zeros_published=policy.zeros_published)
    outsider = Outsider(knowledge, deadline)
    truth = table.crossing.sum_up(table.details).ravel()
    cells = [int(np.ravel_multi_index(place, table.crossing.shape)) for _named, place in table.lines()]
    least, secret = floors(table, policy)[1], unsafe(truth, policy.threshold)
    shown = {at: claim.value for at, claim in enumerate(claims.claims) if claim.value is not None}
    if len(cells) != len(claims.claims) or any(
        value != truth[cells[at]] or secret[cells[at]] for at, value in shown.items()
    ):
        raise refusal("audit_failed")
    tables = [truth[np.newaxis], *([] if proposals is None else [proposals])]
    spans = span(knowledge, np.concatenate(tables)[:, cells])
    for at in knowledge.open_claims:
        cell = cells[at]
        asked = (least[cell], policy.threshold) if secret[cell] else (truth[cell], truth[cell])
        possible = Bounds(int(spans.least[at]), int(spans.most[at]))
        if possible.low >= 0 and _is_safe(possible, asked, policy.threshold):
            continue  # what is wider is safe as well
        if not _is_safe(outsider.bounds(quantity_of(knowledge, at)), asked, policy.threshold):
            raise refusal("audit_failed")


def _is_safe(bounds: Bounds, asked: tuple[int, int], threshold: int) -> bool:
    """Whether the bounds reach as far as asked, and are neither exact nor known to be small."""
    low, high = asked
    reaches = bounds.low <= low and (bounds.high is None or bounds.high >= high)
    return bool(reaches and not bounds.is_exact and not bounds.is_small(threshold))


def audit_rounded(
    text: str, table: FrequencyTable, nested: Nested, policy: Policy, base: int, deadline: Deadline
) -> None:
    """The file is a rounding that adds up; no unsafe count is known exactly, or known to be small.

    Raises DisclosureRefused: as `audit`.
    """
    claims = read_claims([text], table.count, nested)
    _check_rounded(claims, table, base)
    knowledge = know(claims, zeros_published=policy.zeros_published, rounded=base)
    outsider = Outsider(knowledge, deadline)
    secret = unsafe(table.crossing.sum_up(table.details), policy.threshold)
    for at, (_named, place) in enumerate(table.lines()):
        if not secret[place]:
            continue
        bounds = outsider.bounds(quantity_of(knowledge, at))
        if bounds.is_exact or bounds.is_small(policy.threshold):
            raise refusal("audit_failed")


def _check_rounded(claims: Claims, table: FrequencyTable, base: int) -> None:
    truth = table.crossing.sum_up(table.details)
    shown = np.zeros(truth.shape, dtype=np.int64)
    for claim, (_named, place) in zip(claims.claims, table.lines(), strict=True):
        if claim.value is None or claim.value % base or abs(claim.value - truth[place]) >= base:
            raise refusal("audit_failed")
        shown[place] = claim.value
    cells = shown.ravel()
    for row in table.crossing.rows():
        if sum(factor * int(cells[at]) for at, factor in zip(row.columns, row.coefficients, strict=True)):
            raise refusal("audit_failed")
