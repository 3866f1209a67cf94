"""The board of patterns: how often each was confirmed this quarter and earlier, and its newest incidents.

Every incident counts once however often it was told, as its main account says, as in the explorer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from casework.domain.dates import Quarter
from casework.domain.period import Period
from casework.domain.permissions import Permission
from casework.services.access import list_hidden
from casework.services.accounts.seen import list_seen_once, share_seen
from casework.services.books import OpenedIncident
from casework.services.context import Context

QUARTERS = 12
"""So many are drawn, the one that today lies in is the last."""

NEWEST = 3


@dataclass(slots=True)
class Tally:
    """What is known of one pattern. `counts` are by quarter, the oldest first, of what lies there for sure.

    `perhaps` are how many more may lie in this quarter, and how many in the last; `undated` have no date at
    all. `newest` are its newest incidents, `total` how many there are.
    """

    counts: list[int] = field(default_factory=lambda: [0] * QUARTERS)
    perhaps: list[int] = field(default_factory=lambda: [0, 0])
    undated: int = 0
    total: int = 0
    newest: list[OpenedIncident] = field(default_factory=list)

    @property
    def this_quarter(self) -> int:
        """How many lie in the quarter of today."""
        return self.counts[-1]

    @property
    def last_quarter(self) -> int:
        """How many lie in the one before."""
        return self.counts[-2]


@dataclass(frozen=True, slots=True)
class Board:
    """Tallies by pattern, of those that any incident carries; `references` are of the newest ones' cases.

    `today` lies in the last of `quarters`.
    """

    today: date
    quarters: Sequence[Quarter]
    tallies: Mapping[UUID, Tally]
    references: Mapping[UUID, str]
    damaged: int

    def tally(self, pattern_id: UUID) -> Tally:
        """Return what is known of a pattern, also where no incident carries it."""
        return self.tallies.get(pattern_id) or Tally()

    @property
    def this_quarter(self) -> Period:
        """The quarter of today."""
        return Period(self.quarters[-1], self.quarters[-1])

    @property
    def last_quarter(self) -> Period:
        """The one before."""
        return Period(self.quarters[-2], self.quarters[-2])


def read_board(context: Context) -> Board:
    """Return the board of what the member may know of; raises Forbidden."""
    context.require(Permission.READ_CASES)
    book, today = (
        context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds()),
        context.runtime.today(),
    )
    quarters, hidden = list_quarters(today), list_hidden(context, book)

    def work_out() -> Mapping[UUID, Tally]:
        return count_patterns(list_seen_once(context, book, hidden), quarters)

    tallies = share_seen(context, book, hidden, read_board, work_out, more=quarters)
    shown = (one for tally in tallies.values() for one in tally.newest)
    references = {one.case_id: book.cases[one.case_id].facts.reference for one in shown}
    return Board(today, quarters, tallies, references, len(book.damaged))


def list_quarters(today: date) -> tuple[Quarter, ...]:
    """Return the quarters of the board, in order."""
    last = today.year * 4 + (today.month - 1) // 3
    return tuple((at // 4, at % 4 + 1) for at in range(last - QUARTERS + 1, last + 1))


def count_patterns(incidents: Iterable[OpenedIncident], quarters: Sequence[Quarter]) -> Mapping[UUID, Tally]:
    """Count incidents, newest first, by pattern and quarter."""
    tallies: dict[UUID, Tally] = defaultdict(Tally)
    places = {quarter: at for at, quarter in enumerate(quarters)}
    latest = [Period(quarter, quarter) for quarter in (quarters[-1], quarters[-2])]
    for one in incidents:
        if not one.facts.patterns:
            continue
        vague = one.facts.date
        span, place = vague.span(), places.get(vague.quarter() or (0, 0))
        may = [
            span is not None and place is None and span[0] <= period.last_day and period.first_day <= span[1]
            for period in latest
        ]
        for pattern_id in one.facts.patterns:
            tally = tallies[pattern_id]
            tally.total += 1
            tally.undated += span is None
            if place is not None:
                tally.counts[place] += 1
            tally.perhaps = [before + more for before, more in zip(tally.perhaps, may, strict=True)]
            if len(tally.newest) < NEWEST:
                tally.newest.append(one)
    return dict(tallies)
