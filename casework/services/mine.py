"""Which cases are a member's own, for lists that are theirs."""

from casework.services.books import FactBook
from casework.services.context import Context


def list_mine(context: Context, facts: FactBook) -> frozenset[int]:
    """Return the numbers of the cases that the member accompanies, is in the team of, or logged in."""
    me = context.member_id
    key = (list_mine, me)
    if key not in facts.worked_out:
        cases = (c for c in facts.cases.values() if c.facts.responsible.int == me.int or me in c.team)
        incidents = (i for i in facts.orders.incidents if i.facts.logged_by.int == me.int)
        mine = {case.id.int for case in cases} | {incident.case_id.int for incident in incidents}
        facts.worked_out[key] = frozenset(mine)
    kept: frozenset[int] = facts.worked_out[key]
    return kept
