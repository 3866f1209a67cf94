"""What a release or a question can ask: the years that there are, the unit, the threshold, or why nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.domain.period import Period
from casework.domain.permissions import Permission
from casework.domain.releasedraft import LEAST_THRESHOLD
from casework.errors import DisclosureRefused
from casework.services.context import Context
from casework.services.releases.composing import why_closed
from casework.services.releases.rows import find_unit
from casework.services.statistics.columns import lay_out


@dataclass(frozen=True, slots=True)
class Offer:
    """`unit` is what all releases count, empty as long as that is open. `threshold` is in cases.

    `years` begin with the one by whose end enough cases are dated for any number to be shown: an earlier one
    would tell when a few cases were. `closed` tells why nothing has an answer: so little is counted, or a
    record is damaged. Then `years` has this year alone.
    """

    years: Sequence[int]
    unit: str
    threshold: int
    whole_year: Period
    closed: DisclosureRefused | None = None


def offer(context: Context) -> Offer:
    """Return what can be asked, with the last year that is over, or else the first there is."""
    context.require(Permission.COMPOSE_RELEASES)
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    this_year, limit = context.runtime.today().year, context.runtime.limits.threshold
    closed = why_closed(book, limit)
    first = None if closed else lay_out(book).first_year(limit)
    years = tuple(range(min(first or this_year, this_year), this_year + 1))
    year = max([one for one in years if one < this_year] or years[:1])
    return Offer(years, find_unit(context), max(LEAST_THRESHOLD, limit), Period((year, 1), (year, 4)), closed)
