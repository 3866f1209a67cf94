"""The last word on a protected file: read as anybody reads it, attacked, and compared with the truth."""

from collections.abc import Sequence

import numpy as np

from casework.disclosure.frequency.files import FrequencyTable
from casework.disclosure.frequency.model import Policy, floors
from casework.disclosure.outsider.claims import Claims, read_claims
from casework.disclosure.outsider.intervals import Outsider
from casework.disclosure.outsider.knowledge import know, quantity_of
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline
from casework.disclosure.threshold import unsafe

Nested = Sequence[tuple[str, str]]


def audit(text: str, table: FrequencyTable, nested: Nested, policy: Policy, deadline: Deadline) -> None:
    """Reads the file as anybody would, and compares what follows from it with the truth.

    Raises DisclosureRefused: audit_failed, time_limit, solver, inconsistent.
    """
    claims = read_claims([text], table.count, nested)
    outsider = Outsider(know(claims, zeros_published=policy.zeros_published), deadline)
    truth = table.crossing.sum_up(table.details)
    least = floors(table, policy)[1].reshape(truth.shape)
    secret = unsafe(truth, policy.threshold)
    places = [place for _named, place in table.lines()]
    shown = {at: claim.value for at, claim in enumerate(claims.claims) if claim.value is not None}
    if len(places) != len(claims.claims) or any(
        value != truth[places[at]] or secret[places[at]] for at, value in shown.items()
    ):
        raise refusal("audit_failed")
    for at in outsider.knowledge.open_claims:
        place = places[at]
        bounds = outsider.bounds(quantity_of(outsider.knowledge, at))
        low, high = (least[place], policy.threshold) if secret[place] else (truth[place], truth[place])
        reaches = bounds.low <= low and (bounds.high is None or bounds.high >= high)
        if not reaches or bounds.is_exact or bounds.is_small(policy.threshold):
            raise refusal("audit_failed")


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
