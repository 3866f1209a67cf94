"""A frequency table made safe to publish, as a file, with a report that is not: nothing leaves unaudited."""

import time
from dataclasses import dataclass

import numpy as np

from casework.disclosure.counts import IntArray
from casework.disclosure.frequency.auditing import Nested, audit, audit_rounded
from casework.disclosure.frequency.files import FrequencyTable, write_frequencies
from casework.disclosure.frequency.model import Policy, link_frequencies
from casework.disclosure.frequency.rounding import round_all
from casework.disclosure.outsider.claims import MOST_MEMBERSHIPS
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline
from casework.disclosure.suppress import suppress_least
from casework.disclosure.threshold import check_threshold, unsafe


@dataclass(frozen=True)
class Report:
    """What the search did; it tells primaries from secondaries, and is not for publication.

    `cells` counts the different cells of the full cross. `objective` is the sum of the counts that are hidden
    to shield others, `bound` what no safe pattern goes below, `seconds` those of the clock for each step.
    """

    cells: int
    primaries: int
    secondaries: int
    objective: int
    bound: int
    seconds: dict[str, float]
    audit: str = "passed"


@dataclass(frozen=True)
class Protected:
    """The file to publish, and the report beside it."""

    text: str
    report: Report


def protect_frequencies(table: FrequencyTable, nested: Nested, policy: Policy, seconds: float) -> Protected:
    """Hides what must be hidden, at the least cost found in time, and attacks the file as it was written.

    Raises DisclosureRefused: threshold_too_low, unknown_option, empty, too_few_cases, too_large,
    cannot_protect, time_limit, solver, audit_failed.
    """
    deadline = Deadline(seconds)
    cells = _sum_up(table, policy)
    model = link_frequencies(table, policy)
    found = suppress_least(model, deadline)
    hidden = found.hidden.reshape(table.crossing.shape)
    text = write_frequencies(table, hidden, cells)
    begun = time.monotonic()
    audit(text, table, nested, policy, deadline, found.tables)
    report = Report(
        cells=cells.size,
        primaries=int(model.primary.sum()),
        secondaries=int(found.secondary.sum()),
        objective=found.cost,
        bound=found.cost if found.bound is None else found.bound,
        seconds={**found.seconds, "audit": time.monotonic() - begun},
    )
    return Protected(text, report)


def round_frequencies(
    table: FrequencyTable, nested: Nested, policy: Policy, base: int, seconds: float
) -> Protected:
    """Rounds every count to a multiple of the base, additively, and attacks the file as it was written.

    Raises DisclosureRefused: as `protect_frequencies`, and cannot_round.
    """
    deadline = Deadline(seconds)
    cells = _sum_up(table, policy)
    begun = time.monotonic()
    rounded = round_all(table.crossing, cells, base, deadline)
    spent = time.monotonic() - begun
    text = write_frequencies(table, np.zeros(cells.shape, dtype=np.bool_), rounded)
    begun = time.monotonic()
    audit_rounded(text, table, nested, policy, base, deadline)
    moved = int(np.abs(rounded - cells).sum())
    seconds_of = {"round": spent, "audit": time.monotonic() - begun}
    return Protected(
        text, Report(cells.size, int(unsafe(cells, policy.threshold).sum()), 0, moved, moved, seconds_of)
    )


def _sum_up(table: FrequencyTable, policy: Policy) -> IntArray:
    check_threshold(policy.threshold, for_release=False)
    written = np.prod([len(axis.choices) for axis in table.crossing.axes], dtype=np.float64)
    if table.details.size * written > MOST_MEMBERSHIPS:  # the attacker could not go through it
        raise refusal("too_large", most=int(MOST_MEMBERSHIPS / table.details.size))
    total = int(table.details.sum())
    if total == 0:
        raise refusal("empty")
    if total < policy.threshold:
        raise refusal("too_few_cases", threshold=policy.threshold)
    return table.crossing.sum_up(table.details)
