"""Everybody compared with everybody, worked out once and then only for who was added or changed.

Carried from one snapshot of the texts to the next, and gone with it; whoever is in the newer one no longer is
forgotten here as it is read. Knows nothing of who may see whom. Where there are many people the first
comparison takes seconds: a thread makes it, whoever asks meanwhile gets None.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from casework.analysis.duplicates.finding import find_duplicates, find_like
from casework.analysis.duplicates.people import Described, People, describe_people, with_newcomer, without
from casework.services.chunked import Chunked

AT_ONCE = 3000
"""So many people are compared while somebody waits: about a second."""

_MOST_CHANGES = 10
"""Beyond so many, each looked for among all, comparing everybody anew is as quick."""

Pair = tuple[UUID, UUID, float]
"""Two people and how far above what is needed the evidence lies, in bits."""


@dataclass(frozen=True, slots=True, repr=False)
class _Compared:
    """`ids` are those of the rows of `people`."""

    described: Chunked[Described]
    ids: Sequence[UUID]
    people: People
    pairs: Sequence[Pair]


class Comparisons:
    """The comparisons of one worker's texts, as of the newest snapshot that was read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._described = Chunked[Described]()
        self._compared: _Compared | None = None
        self._at_work = False

    def follow(self, described: Mapping[UUID, Described]) -> None:
        """Go by these people from now on; whoever is not among them, or was another, is forgotten."""
        with self._lock:
            self._described = Chunked.of(described)
            if self._compared is not None:
                self._compared = _forget(self._compared, self._described)

    def pairs(self) -> Sequence[Pair] | None:
        """Return who is probably one person, the surest first; None while that is being worked out."""
        compared = self._catch_up()
        return compared.pairs if compared else None

    def like(self, somebody: Described) -> Sequence[UUID]:
        """Return who somebody new probably is, the surest first; nobody while it is unknown."""
        compared = self._catch_up()
        if compared is None or not somebody.name:
            return ()
        return [compared.ids[likeness.left] for likeness in find_like(compared.people, somebody)]

    def _catch_up(self) -> _Compared | None:
        with self._lock:
            known, described = self._compared, self._described
            added = _list_added(known, described) if known else []
            if known is not None and len(added) <= _MOST_CHANGES:
                self._compared = _add(known, described, added) if added else known
            elif len(described) <= AT_ONCE:
                self._compared = _compare(described)
            elif not self._at_work:
                self._at_work = True
                threading.Thread(target=self._work, args=(described,), daemon=True).start()
            return self._compared

    def _work(self, described: Chunked[Described]) -> None:
        try:
            compared = _compare(described)
            with self._lock:
                # Somebody may have gone meanwhile.
                self._compared = _forget(compared, self._described)
        finally:
            self._at_work = False


def _compare(described: Chunked[Described]) -> _Compared:
    ids = list(described)
    people = describe_people(described.values())
    pairs = [(ids[one.left], ids[one.right], one.surplus) for one in find_duplicates(people)]
    return _Compared(described, ids, people, pairs)


def _list_added(known: _Compared, described: Chunked[Described]) -> list[UUID]:
    return [id_ for id_ in described.differing(known.described) if id_ not in known.described]


def _forget(known: _Compared, described: Chunked[Described]) -> _Compared:
    """Return the comparison without who is not among these people any more, or was described otherwise."""
    differing = known.described.differing(described)
    gone = {id_ for id_ in differing if (was := known.described.get(id_)) and was != described.get(id_)}
    if not gone:
        return known
    rows = [row for row, id_ in enumerate(known.ids) if id_ in gone]
    ids = [id_ for id_ in known.ids if id_ not in gone]
    pairs = [pair for pair in known.pairs if pair[0] not in gone and pair[1] not in gone]
    return _Compared(known.described.changed({}, gone), ids, without(known.people, np.array(rows)), pairs)


def _add(known: _Compared, described: Chunked[Described], added: Iterable[UUID]) -> _Compared:
    ids, pairs, people = list(known.ids), list(known.pairs), known.people
    for person_id in sorted(added):
        newcomer = described[person_id]
        found = find_like(people, newcomer)
        pairs += [(ids[likeness.left], person_id, likeness.surplus) for likeness in found]
        people = with_newcomer(people, newcomer)
        ids.append(person_id)
    pairs.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    return _Compared(described, ids, people, pairs)
