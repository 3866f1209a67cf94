"""What a release or a question can ask: the years that there are, the unit, the threshold, or why nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from casework.domain.dates import Quarter
from casework.domain.period import Period
from casework.domain.permissions import Permission
from casework.domain.releasedraft import LEAST_THRESHOLD
from casework.errors import DisclosureRefused, Invalid, VaultError
from casework.services.context import Context
from casework.services.releases.composing import why_closed
from casework.services.releases.ledger import Ledger
from casework.services.releases.rows import find_unit
from casework.services.statistics.columns import lay_out


@dataclass(frozen=True, slots=True)
class Offer:
    """`unit` is what all releases count, empty as long as that is open. `threshold` is in cases.

    `years` begin with the one by whose end enough cases are dated for any number to be shown: an earlier one
    would tell when a few cases were. `closed` tells why nothing has an answer: so little is counted, or a
    record or the first release is damaged. Then `years` has this year alone.
    """

    years: Sequence[int]
    unit: str
    threshold: int
    whole_year: Period
    closed: DisclosureRefused | None = None

    def is_empty(self, period: Period) -> bool:
        """Whether it is known without a look that too little is counted by the end of a period."""
        if self.closed is not None:
            return self.closed.reason == "not_enough"
        return period.last[0] < self.years[0]


def offer(context: Context) -> Offer:
    """Return what can be asked, with the last year that is over, or else the first there is."""
    context.require(Permission.COMPOSE_RELEASES)
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    this_year, limit = context.runtime.today().year, context.runtime.limits.threshold
    try:
        unit, closed = find_unit(context), why_closed(book, limit)
    except (VaultError, Invalid):
        unit, closed = "", DisclosureRefused("bad_document")
    first = None if closed else lay_out(book).first_year(limit)
    years = tuple(range(min(first or this_year, this_year), this_year + 1))
    year = max([one for one in years if one < this_year] or years[:1])
    return Offer(years, unit, max(LEAST_THRESHOLD, limit), Period((year, 1), (year, 4)), closed)


def list_periods(context: Context, asked: Period, ledger: Ledger, replaces: int = 0) -> list[Period]:
    """List what could be asked for in the place of a period, the nearest first: longer ones, and free ones.

    A free one has no release, so that nothing can be subtracted from it. Only of quarters that are over; for
    what `replaces` a release only what has some time in common with it, since nothing else takes its place.
    """
    today, years = context.runtime.today(), offer(context).years
    over = [
        quarter
        for quarter in Period((years[0], 1), (years[-1], 4)).quarters()
        if Period(quarter, quarter).last_day < today
    ]
    taken = {quarter for release in ledger.releases for quarter in release.draft.period.quarters()}
    wanted = {*asked.quarters()}
    found = dict.fromkeys((*_runs(over, taken), *_longer(over, wanted)))
    found.pop(asked, None)
    replaced = [one for one in ledger.releases if one.frozen and replaces == one.frozen.number]
    found = {period: None for period in found if all(period.overlaps(one.draft.period) for one in replaced)}

    def distance(period: Period) -> tuple[bool, int]:
        quarters = {*period.quarters()}
        return bool(quarters & taken), len(quarters ^ wanted)

    return sorted(found, key=distance)


def _runs(over: Sequence[Quarter], taken: set[Quarter]) -> Iterator[Period]:
    """Give what no release is of, in runs that are as long as can be; none where there is no release."""
    for is_taken, run in groupby(over, lambda quarter: quarter in taken):
        quarters = list(run)
        if taken and not is_taken:
            yield Period(quarters[0], quarters[-1])


def _longer(over: Sequence[Quarter], wanted: set[Quarter]) -> Iterator[Period]:
    """Give the whole years around what is wanted, and all that there is."""
    years = {year for year, _number in wanted}
    around = [quarter for quarter in over if quarter[0] in years]
    for quarters in (around, over):
        if wanted < {*quarters}:
            yield Period(quarters[0], quarters[-1])
