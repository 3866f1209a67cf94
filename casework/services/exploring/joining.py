"""Which people a member has for one, over nothing that they may not know of."""

from collections.abc import Collection
from uuid import UUID

from casework.services.books import FactBook
from casework.services.context import Context
from casework.services.duplicates.reaching import Reach
from casework.services.statistics.joining import list_same


def list_seen_same(context: Context, book: FactBook, hidden: Collection[UUID]) -> dict[UUID, UUID]:
    """Return for each record of somebody with several of them in open cases the one that stands for all."""
    reach, standing = Reach(context, book), dict[UUID, UUID]()
    for person_id in list_same(book):
        case_id = book.people[person_id].case_id
        if case_id in hidden or case_id not in book.cases:
            continue
        others = (one for one in reach.list_same(person_id) if one in book.people)
        first = min((person_id, *(one for one in others if book.people[one].case_id not in hidden)))
        if first != person_id:
            standing[person_id] = first
    return standing
