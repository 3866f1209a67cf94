"""Which two records may be merged: both of them the member's to open, and by the same people."""

from collections.abc import Sequence
from uuid import UUID

from casework.domain.messages import N_
from casework.errors import Invalid, NotFound
from casework.services import records
from casework.services.access import get_case_row, team_of
from casework.services.context import Context
from casework.store import cases as store

_HELD = N_("A case is on legal hold: nothing in it is merged until a coordinator lifts the hold.")
_UNLIKE = N_(
    "These two cases open to different people, and a merge would show to some what only others may see. Let "
    "the same people open both first; or only link the two."
)


def get_mergeable(context: Context, people: Sequence[UUID]) -> list[store.Person]:
    """Return the rows; raises NotFound unless they are different, and in cases that the member may open.

    Raises Invalid naming `merge` where a case is on hold, or where two open to different people.
    """
    rows = [row for person_id in dict.fromkeys(people) if (row := store.find_person(person_id))]
    if len(rows) < len(people):
        raise NotFound("person")
    require_mergeable(context, [get_case_row(context, row.case_id) for row in rows])
    return rows


def require_free(context: Context, cases: Sequence[store.Case]) -> None:
    """Raise Invalid naming `merge` where one of these cases is on legal hold."""
    if any(records.open_case(context, case).hold_since is not None for case in cases):
        raise Invalid(merge=_HELD)


def require_mergeable(context: Context, cases: Sequence[store.Case]) -> None:
    """Raise Invalid naming `merge` as `get_mergeable` does."""
    require_free(context, cases)
    opens_to = {(case.team_only, case.restricted, frozenset(team_of(case))) for case in cases}
    if len(opens_to) > 1:
        raise Invalid(merge=_UNLIKE)
