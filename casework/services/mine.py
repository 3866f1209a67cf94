"""Which cases are a member's own, for lists that are theirs."""

from collections.abc import Set

from casework.services.books import FactBook
from casework.services.context import Context


def list_mine(context: Context, facts: FactBook) -> Set[int]:
    """Return the numbers of the cases that the member accompanies, is in the team of, or logged in."""
    return facts.groups.concerned.get(context.member_id, {}).keys()
