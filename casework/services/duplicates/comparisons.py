"""Everybody compared with everybody, worked out once and then only for who was added or changed.

Carried from one snapshot of the texts to the next, and gone with it. Knows nothing of who may see whom. Where
there are many people the first comparison takes seconds: a thread makes it, whoever asks meanwhile gets None.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from casework.analysis.duplicates.finding import find_duplicates, find_like
from casework.analysis.duplicates.people import Described, People, describe_people, with_newcomer

AT_ONCE = 3000
"""So many people are compared while somebody waits: about a second."""

_MOST_CHANGES = 10
"""Beyond so many, each looked for among all, comparing everybody anew is as quick."""

Pair = tuple[UUID, UUID, float]
"""Two people and how far above what is needed the evidence lies, in bits."""


@dataclass(frozen=True, slots=True, repr=False)
class _Compared:
    """`ids` are those of the rows of `people`; None where that row is out of date."""

    described: Mapping[UUID, Described]
    ids: Sequence[UUID | None]
    people: People
    pairs: Sequence[Pair]


class Comparisons:
    """The comparisons of one worker's texts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._compared: _Compared | None = None
        self._at_work = False

    def pairs(self, described: Mapping[UUID, Described]) -> Sequence[Pair] | None:
        """Return who is probably one person, the surest first; None while that is being worked out."""
        compared = self._catch_up(described)
        return compared.pairs if compared else None

    def like(self, described: Mapping[UUID, Described], somebody: Described) -> Sequence[UUID]:
        """Return who among these somebody new probably is, the surest first; nobody while it is unknown."""
        compared = self._catch_up(described)
        if compared is None or not somebody.name:
            return ()
        found = (compared.ids[likeness.left] for likeness in find_like(compared.people, somebody))
        return [person_id for person_id in found if person_id is not None]

    def _catch_up(self, described: Mapping[UUID, Described]) -> _Compared | None:
        with self._lock:
            known = self._compared
            if known is not None and known.described is described:
                return known
            changed = _changed(known, described) if known is not None else None
            if known is not None and changed is not None and len(changed) <= _MOST_CHANGES:
                self._compared = _add(known, described, changed)
            elif len(described) <= AT_ONCE:
                self._compared = _compare(described)
            elif not self._at_work:
                self._at_work = True
                threading.Thread(target=self._work, args=(described,), daemon=True).start()
            return self._compared

    def _work(self, described: Mapping[UUID, Described]) -> None:
        try:
            compared = _compare(described)
            with self._lock:
                self._compared = compared
        finally:
            self._at_work = False


def _compare(described: Mapping[UUID, Described]) -> _Compared:
    ids = list(described)
    people = describe_people(described.values())
    pairs = [(ids[one.left], ids[one.right], one.surplus) for one in find_duplicates(people)]
    return _Compared(described, ids, people, pairs)


def _changed(known: _Compared, described: Mapping[UUID, Described]) -> set[UUID]:
    """Return who was added, changed or went since."""
    before = known.described
    changed = {id_ for id_, one in described.items() if before.get(id_) is not one and before.get(id_) != one}
    return changed | (before.keys() - described.keys())


def _add(known: _Compared, described: Mapping[UUID, Described], changed: set[UUID]) -> _Compared:
    ids = [None if id_ in changed else id_ for id_ in known.ids]
    pairs = [pair for pair in known.pairs if pair[0] not in changed and pair[1] not in changed]
    people = known.people
    for person_id in sorted(changed & described.keys()):
        newcomer = described[person_id]
        for likeness in find_like(people, newcomer):
            other = ids[likeness.left]
            if other is not None:
                pairs.append((other, person_id, likeness.surplus))
        people = with_newcomer(people, newcomer)
        ids.append(person_id)
    pairs.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    return _Compared(described, ids, people, pairs)
