"""Who agreed to be counted when a release left, and does so no longer: their figures stand in it.

A later one leaves them out by itself (`counting.keep_counting`). What has left stays as it left; this says
of which people. Worked out from the records as they are now, by the moments at which casework knew an answer
(`domain/countable.py`): a table holds whoever its period held then, whatever the day of the withdrawal.

The one entry for anything that leaves is `list_withdrawals`; `releases/standing.py` says what has left.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from casework.domain.period import Period
from casework.domain.permissions import Permission
from casework.domain.person import GIVEN, STATISTICS
from casework.services.access import list_hidden
from casework.services.accounts.grouping import list_accounts_of
from casework.services.books import FactBook, OpenedIncident, OpenedPerson
from casework.services.chunked import Chunked
from casework.services.context import Context
from casework.services.statistics.counting import keep_counting
from casework.services.statistics.joining import list_matters, list_same


@dataclass(frozen=True, slots=True)
class Publication:
    """Figures that have left, however they are drawn: when, and of which periods."""

    left_at: datetime
    periods: tuple[Period, ...]

    def holds(self, incident: OpenedIncident) -> bool:
        """Tell whether it may count this incident, who agreed to it apart.

        An incident that was logged on the very day counts as logged before.
        """
        was_there = incident.facts.logged_on <= self.left_at.date()
        return was_there and any(period.holds(incident.facts.date) for period in self.periods)


class Left(Protocol):
    """Something that left."""

    @property
    def publication(self) -> Publication:
        """What of it matters to those whose figures stand in it."""


LeftT = TypeVar("LeftT", bound=Left)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Somebody who agreed once and does so no longer, in a case that the member may open.

    `on` is the day of their answer where it is known, `noted_at` when it was written down, in UTC; of two
    records of one person each is told, since a no in one is a no in both.
    """

    person_id: UUID
    case_id: UUID
    reference: str
    on: date | None
    noted_at: datetime | None


@dataclass(frozen=True, slots=True)
class WithdrawnCase:
    """A case with those of it who agreed once and do so no longer."""

    case_id: UUID
    reference: str
    people: Sequence[Withdrawn]


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """Whose figures stand in a publication without their agreement, as far as the member may be told.

    `people` are those of cases that they may open. `are_many` is for whoever opens no case: no number, only
    whether it is as many cases as the threshold asks for, in a table that still counts as many others.
    """

    people: Sequence[Withdrawn] = ()
    are_many: bool = False

    @property
    def cases(self) -> Sequence["WithdrawnCase"]:
        """Their cases, each once, by reference."""
        found: dict[UUID, list[Withdrawn]] = {}
        for one in self.people:
            found.setdefault(one.case_id, []).append(one)
        cases = (WithdrawnCase(case, people[0].reference, people) for case, people in found.items())
        return sorted(cases, key=lambda one: one.reference)


def list_withdrawals(context: Context, publications: Sequence[Publication]) -> list[Withdrawals]:
    """Return for each publication, in the same order, whose figures stand in it without their agreement.

    Who calls answers for who may know that these publications exist.
    """
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    standing = [list(_standing(book, publication)) for publication in publications]
    if context.may(Permission.READ_CASES):
        hidden = list_hidden(context, book)
        return [
            Withdrawals(people=[_tell(book, person) for person in people if person.case_id not in hidden])
            for people in standing
        ]
    return [
        Withdrawals(are_many=_are_many(book, publication, people, context.runtime.limits.threshold))
        for publication, people in zip(publications, standing, strict=True)
    ]


def find_standing(context: Context, left: Iterable[LeftT]) -> Iterator[tuple[LeftT, Withdrawals]]:
    """Go through what left, in the same order, that somebody's figures stand in without their agreement."""
    listed = list(left)
    found = list_withdrawals(context, [one.publication for one in listed])
    for one, withdrawals in zip(listed, found, strict=True):
        if withdrawals.people or withdrawals.are_many:
            yield one, withdrawals


def list_standing_with(context: Context, left: Iterable[LeftT], case_id: UUID) -> dict[UUID, list[LeftT]]:
    """Return by person of a case what left that their figures stand in though they no longer agree."""
    standing: dict[UUID, list[LeftT]] = {}
    for one, withdrawals in find_standing(context, left):
        for person in withdrawals.people:
            if person.case_id == case_id:
                standing.setdefault(person.person_id, []).append(one)
    return standing


def has_withdrawn_since(context: Context, moment: datetime) -> bool:
    """Tell whether anybody's agreement went since `moment`, as far as it is known when: soon told."""
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    return any(
        person.facts.countable.until is not None and person.facts.countable.until >= moment
        for person in _gone(book).values()
    )


def count_somebodies(context: Context, people: Iterable[Withdrawn]) -> int:
    """Count people, each once of however many records."""
    same = list_same(context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds()))
    return len({min(same.get(one.person_id, (one.person_id,))) for one in people})


def list_incidents_of_gone(book: FactBook) -> list[OpenedIncident]:
    """List the incidents that somebody is named in who no longer agrees: few, so no table costs much."""
    if list_incidents_of_gone not in book.worked_out:
        gone = _gone(book)
        book.worked_out[list_incidents_of_gone] = [
            incident
            for case_id in dict.fromkeys(person.case_id for person in gone.values())
            for incident in book.incidents_by_case.get(case_id, ())
            if any(part.person_id in gone for part in incident.facts.participations)
        ]
    incidents: list[OpenedIncident] = book.worked_out[list_incidents_of_gone]
    return incidents


def all_agreed(people: Iterable[OpenedPerson | None], moment: datetime) -> bool:
    """Tell whether all of an incident agreed at that moment: else it was not counted then.

    None is somebody whose record is damaged: of them nobody knows, and they keep nothing out.
    """
    return all(person is None or person.facts.was_counted(moment) for person in people)


def _standing(book: FactBook, publication: Publication) -> Iterator[OpenedPerson]:
    """Go through those who stand in a publication and no longer agree, each once."""
    gone, found, told = _gone(book), set[UUID](), list_accounts_of(book)
    for incident in list_incidents_of_gone(book):
        # Told more than once, it stands there as its main account tells it, whose date may be another one.
        if not any(publication.holds(one) for one in told.get(incident.id, (incident,))):
            continue
        named = [book.people.get(part.person_id) for part in incident.facts.participations]
        if all_agreed(named, publication.left_at):
            found.update(part.person_id for part in incident.facts.participations)
    return (gone[person_id] for person_id in gone if person_id in found)


def _gone(book: FactBook) -> dict[UUID, OpenedPerson]:
    gone = book.carry(_list_gone).values()
    return {person.id: person for person in gone if person.case_id in book.cases}


def _list_gone(
    book: FactBook, earlier: FactBook | None, gone: Mapping[UUID, OpenedPerson] | None
) -> Mapping[UUID, OpenedPerson]:
    """Return them, those of a damaged case too; after an earlier book only who differs is looked at."""
    if earlier is None or gone is None:
        return {person.id: person for person in book.people.values() if person.facts.no_longer_counts}
    changed = set(Chunked.of(book.people).differing(Chunked.of(earlier.people)))
    now = (book.people[person_id] for person_id in changed if person_id in book.people)
    kept = {person_id: person for person_id, person in gone.items() if person_id not in changed}
    return kept | {person.id: person for person in now if person.facts.no_longer_counts}


def _tell(book: FactBook, person: OpenedPerson) -> Withdrawn:
    consent = person.facts.consent(STATISTICS)
    return Withdrawn(
        person.id,
        person.case_id,
        book.cases[person.case_id].facts.reference,
        None if consent.answer == GIVEN else consent.on,
        person.facts.countable.until,
    )


def _are_many(
    book: FactBook, publication: Publication, people: Sequence[OpenedPerson], threshold: int
) -> bool:
    """Tell no more than a protected table would: of few cases nothing, and nothing of nearly all of them.

    A damaged record closes it, as it closes every table.
    """
    matters = list_matters(book)
    gone = {matters.get(person.case_id, person.case_id) for person in people}
    if book.damaged or len(gone) < threshold:
        return False
    staying = {one.case_id for one in keep_counting(book).values() if publication.holds(one)} - gone
    return len(staying) >= threshold
