"""When somebody leaves: what they had to do falls to who accompanies the case from now on."""

from uuid import UUID

from casework.domain.followup import handed_on
from casework.services.context import Context
from casework.services.followups.book import FollowUpBook
from casework.services.followups.documents import write_facts
from casework.store.followups import find_follow_up


def hand_on(context: Context, generation: int, book: FollowUpBook, member_id: UUID) -> int:
    """Take this member off every task and hearing that is still open; the caller's transaction commits it.

    Returns how many there were. `book` is as of before the transaction.
    """
    theirs = [one for one in book.to_do if one.facts.assigned_to == member_id]
    for one in theirs:
        row = find_follow_up(one.id)
        if row is not None:
            write_facts(context, generation, row, handed_on(one.facts, member_id))
    return len(theirs)
