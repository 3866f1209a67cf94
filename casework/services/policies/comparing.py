"""Incidents before and after a policy event, and those that contradict it, as far as the member may know."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from casework.analysis.rates import Ratio, compare_rates
from casework.domain.incident import IncidentFacts
from casework.domain.permissions import Permission
from casework.domain.policy import PolicyEvent
from casework.services.access import list_hidden
from casework.services.accounts.seen import list_seen_once
from casework.services.books import OpenedIncident
from casework.services.context import Context
from casework.services.policies.reading import PolicyView

MONTHS = (6, 12, 24)
"""How much time on either side may be compared; None is all that there is."""
_MONTH_DAYS = 30


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Give how many days it has."""
        return (self.last - self.first).days + 1

    def holds(self, facts: IncidentFacts) -> bool:
        """Tell whether an incident lies in it for certain."""
        span = facts.date.span()
        return span is not None and self.first <= span[0] and span[1] <= self.last


@dataclass(frozen=True, slots=True)
class Rates:
    """How many incidents before and after, and the ratio of the rates."""

    before: int
    after: int
    before_rate: float
    after_rate: float
    ratio: Ratio


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a policy event's incidents say of it.

    `rates` of all that it concerns and `rule_rates` of those that its rule holds of are None where there is
    nothing on one side: then `why` says "undated", "ahead", "no_before". `unclear` are incidents that it
    concerns of which nobody can tell on which side, or in which stretch, they lie.
    """

    before: Stretch | None = None
    after: Stretch | None = None
    rates: Rates | None = None
    rule_rates: Rates | None = None
    unclear: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Breaches:
    """The incidents that contradict an event, the newest first; `undecided` may, and are not among them."""

    incidents: Sequence[OpenedIncident] = ()
    undecided: int = 0
    references: dict[UUID, str] = field(default_factory=dict)


class Policies:
    """The incidents that a member may know of, each once, to be held against policy events."""

    def __init__(self, context: Context) -> None:
        """Gather them; raises Forbidden for who may not read cases."""
        context.require(Permission.READ_CASES)
        self._book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
        self._today = context.runtime.today()
        self._incidents = list_seen_once(context, self._book, list_hidden(context, self._book))
        spans = [span for one in self._incidents if (span := one.facts.date.span())]
        # What "2010" means may have been on its last day: no empty years are made of it.
        self._begins = min((span[1] for span in spans), default=None)

    def find_breaches(self, view: PolicyView) -> Breaches:
        """Find what contradicts an event: its rule holds, and it was after the change for certain."""
        event = view.event
        if not event.rule or event.date.span() is None:
            return Breaches()
        against = [one for one in self._incidents if event.contradicts(one.facts)]
        after = [one for one in against if event.is_after(one.facts.date)]
        undecided = sum(event.is_after(one.facts.date) is None for one in against)
        references = {one.case_id: self._book.cases[one.case_id].facts.reference for one in after}
        return Breaches(after, undecided, references)

    def compare(self, event: PolicyEvent, months: int | None) -> Comparison:
        """Compare so many months before an event with as many after it, as far as both are there.

        The days that the change itself may have been on are in neither.
        """
        change = event.date.span()
        if change is None:
            return Comparison(why="undated")
        if change[1] >= self._today:
            return Comparison(why="ahead")
        if self._begins is None or self._begins >= change[0]:
            return Comparison(why="no_before")
        before, after = _stretch(change, self._begins, self._today, months)
        concerned = [one.facts for one in self._incidents if event.concerns(one.facts)]
        sides = _sides(concerned, before, after)
        unclear = sum(_may_lie(facts, before, after) for facts in concerned) - len(sides)
        return Comparison(
            before,
            after,
            _rates(sides, before, after, lambda _facts: True),
            _rates(sides, before, after, event.contradicts) if event.rule else None,
            unclear,
        )


def _stretch(
    change: tuple[date, date], begins: date, today: date, months: int | None
) -> tuple[Stretch, Stretch]:
    before, after = (
        Stretch(begins, change[0] - timedelta(days=1)),
        Stretch(change[1] + timedelta(days=1), today),
    )
    if months is None:
        return before, after
    length = timedelta(days=round(months * 365.25 / 12) - 1)
    return (
        Stretch(max(before.first, before.last - length), before.last),
        Stretch(after.first, min(after.last, after.first + length)),
    )


def _sides(
    concerned: Iterable[IncidentFacts], before: Stretch, after: Stretch
) -> list[tuple[IncidentFacts, bool]]:
    """List what lies in one of them for certain, with whether it is the later one."""
    return [(facts, after.holds(facts)) for facts in concerned if before.holds(facts) or after.holds(facts)]


def _may_lie(facts: IncidentFacts, before: Stretch, after: Stretch) -> bool:
    span = facts.date.span()
    if span is None:
        return True
    return any(span[0] <= one.last and one.first <= span[1] for one in (before, after))


def _rates(
    sides: Sequence[tuple[IncidentFacts, bool]],
    before: Stretch,
    after: Stretch,
    counts: Callable[[IncidentFacts], bool],
) -> Rates:
    later = [is_after for facts, is_after in sides if counts(facts)]
    earlier_count, later_count = len(later) - sum(later), sum(later)
    return Rates(
        before=earlier_count,
        after=later_count,
        before_rate=earlier_count * _MONTH_DAYS / before.days,
        after_rate=later_count * _MONTH_DAYS / after.days,
        ratio=compare_rates(earlier_count, before.days, later_count, after.days),
    )
