"""Quick questions: three to begin with, and an answer that becomes a release.

They are answered as releases are looked at: `previewing`.
"""

from collections.abc import Sequence
from uuid import UUID

from casework.domain.question import Question
from casework.errors import Conflict
from casework.services.context import Context
from casework.services.releases.drafting import create_release
from casework.services.releases.offering import Offer
from casework.services.releases.previewing import find_look
from casework.services.statistics.dimensions import Unit

_EXAMPLES = {
    Unit.INCIDENTS: (("contact_group", "ticket"), ("contact_group", "victim"), ("", "")),
    Unit.PEOPLE: (("roles", "victim"), ("citizenship", "non_citizen"), ("", "")),
}


def list_examples(offered: Offer) -> Sequence[Question]:
    """List three questions about the year that is offered, with something in them for everybody."""
    unit = Unit(offered.unit or Unit.INCIDENTS)
    return [
        Question(unit=unit.value, period=offered.whole_year, show=show, answer=answer)
        for show, answer in _EXAMPLES[unit]
    ]


def make_release(context: Context) -> UUID:
    """Begin a release with the table and period that the member's last question was answered by.

    The look goes along: on the release's page it is one at these numbers. Raises Conflict where there is no
    answer any more, Invalid and Forbidden as `create_release`.
    """
    look = find_look(context, None)
    if look is None or look.seen is None or look.seen.release is None:
        raise Conflict("look")
    release_id = create_release(context, look.draft)
    look.release_id, look.question = release_id, None
    return release_id
