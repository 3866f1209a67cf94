"""When somebody leaves: what they had to do falls to who accompanies the case from now on."""

from uuid import UUID

from casework.domain.followup import handed_on
from casework.services.context import Context
from casework.services.followups.book import FollowUpBook
from casework.services.followups.documents import write_facts
from casework.services.history.recording import record_coded_change
from casework.store.followups import find_follow_up


def hand_on(context: Context, generation: int, book: FollowUpBook, member_id: UUID) -> int:
    """Take this member off every task and hearing that is still open; the caller's transaction commits it.

    Returns how many there were. `book` is as of before the transaction.
    """
    theirs = [one for one in book.to_do.values() if one.facts.assigned_to == member_id]
    for one in theirs:
        row = find_follow_up(one.id)
        if row is not None:
            after = handed_on(one.facts, member_id)
            record_coded_change(context, generation, row, [one.facts], [after])
            write_facts(context, generation, row, after)
    return len(theirs)
