"""Whether a snapshot holds somebody whom another process has erased, or restricted, since it was read."""

from collections.abc import Set
from uuid import UUID

from casework.services.books import FactBook, TextBook
from casework.services.followups.book import FollowUpBook
from casework.services.index.indexed import Indexed
from casework.store.erasures import list_erased_after
from casework.store.imports import is_any_undone
from casework.store.restricted import list_restricted_after


def is_outdated(book: FactBook | TextBook | FollowUpBook | Indexed) -> bool:
    """Return whether it does; what was merely added or changed since waits for whoever asks next."""
    if list_erased_after(book.generation) or is_any_undone(book.generation):
        return True
    restricted = list_restricted_after(book.generation)
    return bool(restricted) and _tells_of(book, restricted)


def _tells_of(book: FactBook | TextBook | FollowUpBook | Indexed, restricted: Set[UUID]) -> bool:
    """Return whether a text of one of these cases is in the book: coded answers may be."""
    match book:
        case TextBook():
            records = (record for case_id in restricted for record in book.records.get(case_id, ()))
            return any(record in book.names or record in book.narratives for record in records)
        case FollowUpBook():
            return any(book.follow_ups[id_].case_id in restricted for id_ in book.titles)
    return False
