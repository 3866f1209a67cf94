"""What of a snapshot is otherwise than in the one before: found by the chunks that the two do not share."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import TypeVar
from uuid import UUID

from casework.services.books import FactBook, OpenedIncident, OpenedPerson
from casework.services.chunked import Chunked

Record = TypeVar("Record", OpenedIncident, OpenedPerson)


def list_changed_cases(earlier: FactBook, book: FactBook) -> set[UUID]:
    """Return the cases of which anything is otherwise than in the earlier book, come or gone too."""
    changed = set(Chunked.of(book.cases).differing(Chunked.of(earlier.cases)))
    changed.update(one.case_id for one in _list_differing(book.people, earlier.people))
    changed.update(one.case_id for one in _list_differing(book.incidents, earlier.incidents))
    return changed


def list_standing(
    records: Mapping[UUID, Record], earlier: Mapping[UUID, Record], had: Iterable[Record], cases: Set[UUID]
) -> list[Record]:
    """Return the records of these cases, given those that the cases had in the earlier book."""
    candidates = (*had, *_list_differing(records, earlier))
    found = (records.get(record_id) for record_id in dict.fromkeys(one.id for one in candidates))
    return [one for one in found if one is not None and one.case_id in cases]


def _list_differing(records: Mapping[UUID, Record], earlier: Mapping[UUID, Record]) -> Iterator[Record]:
    """Go through the records that are not in both alike, as they are and as they were."""
    for record_id in Chunked.of(records).differing(Chunked.of(earlier)):
        yield from filter(None, (records.get(record_id), earlier.get(record_id)))
