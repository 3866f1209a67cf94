"""What others counted of a release's time: frozen with it, so that its documents say the same for good."""

from dataclasses import replace

from casework.domain.official import PER_CENT, OfficialCount
from casework.domain.period import Period
from casework.services.context import Context
from casework.services.official.counts import list_all


def list_beside(context: Context, period: Period) -> tuple[OfficialCount, ...]:
    """List the counts in use, shipped and own, of which some day lies in a period; shares are no counts.

    Without remarks, and without the list or the request that they came from: those are the organization's.
    Raises Tampered where one does not open.
    """
    counts = (view.count for view in list_all(context))
    return tuple(
        replace(one, note="", batch=None, imported_on=None, request=None)
        for one in counts
        if one.unit != PER_CENT and one.first <= period.last_day and period.first_day <= one.last
    )
