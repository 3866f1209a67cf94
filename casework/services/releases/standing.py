"""What stands in a release: those who no longer agrees (`statistics/withdrawals.py`), what goes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from casework.domain.approval import State
from casework.domain.permissions import Permission
from casework.services.books import OpenedIncident
from casework.services.context import Context
from casework.services.releases.shelf import Shelf, read_shelf
from casework.services.statistics import withdrawals
from casework.services.statistics.withdrawals import Publication, Withdrawals

NEW_FOR = timedelta(days=30)
"""How long the start page tells of a withdrawal."""


@dataclass(frozen=True, slots=True)
class Left:
    """A release that left; `stands` where it was neither withdrawn nor replaced since."""

    id: UUID
    number: int
    left_at: datetime
    publication: Publication
    stands: bool = True


def list_left(context: Context, shelf: Shelf | None = None) -> list[Left]:
    """Return every approved release that opens, oldest first. Who calls answers for who may know of them.

    `shelf` is what was opened for this page already.
    """
    found = []
    for number, view in (shelf or read_shelf(context)).numbered.items():
        release = view.release
        assert release.frozen is not None  # noqa: S101 - so is whatever has a number
        left_at = datetime.fromisoformat(release.frozen.left_at)
        publication = Publication(left_at, (release.draft.period,))
        found.append(Left(view.id, number, left_at, publication, release.state is State.APPROVED))
    return found


def find_standing(context: Context, shelf: Shelf | None = None) -> Mapping[UUID, Withdrawals]:
    """Return by release whose figures stand in it though they no longer agree, where there is anybody."""
    context.require(Permission.COMPOSE_RELEASES)
    left = list_left(context, shelf)
    return {one.id: found for one, found in withdrawals.find_standing(context, left)}


def list_releases_with(context: Context, case_id: UUID) -> Mapping[UUID, Sequence[Left]]:
    """Return by person of a case the releases that their figures stand in though they no longer agree.

    For whoever may open the case. Oldest first.
    """
    context.require(Permission.READ_CASES)
    return withdrawals.list_standing_with(context, list_left(context), case_id)


def list_releases_counting(context: Context, incident_ids: Collection[UUID]) -> Sequence[Left]:
    """Return the releases that stand and may count any of these incidents, oldest first: before they go.

    For whoever may open them; of incidents in the bin too.
    """
    context.require(Permission.READ_CASES)
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    binned = [one for case in book.binned.values() for one in case.incidents if one.id in incident_ids]
    people = {person.id: person for case in book.binned.values() for person in case.people}
    incidents = [book.incidents[one] for one in incident_ids if one in book.incidents] + binned

    def counts(left: Left, incident: OpenedIncident) -> bool:
        named = (part.person_id for part in incident.facts.participations)
        told = (book.people.get(one) or people.get(one) for one in named)
        return withdrawals.all_agreed(told, left.left_at) and left.publication.holds(incident)

    standing = (left for left in list_left(context) if left.stands)
    return [left for left in standing if any(counts(left, incident) for incident in incidents)]


def list_releases_counting_case(context: Context, case_id: UUID) -> Sequence[Left]:
    """Return the releases that stand and may count what happened in a case, also where it is in the bin."""
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    binned = book.binned.get(case_id)
    incidents = binned.incidents if binned else book.incidents_by_case.get(case_id, ())
    return list_releases_counting(context, {one.id for one in incidents})


def count_newly_withdrawn(context: Context) -> int:
    """Count those whose agreement went in the last `NEW_FOR` and whose figures stand in a release.

    Of the cases that the member may open.
    """
    since = context.runtime.now() - NEW_FOR
    allowed = context.may(Permission.COMPOSE_RELEASES)
    if not allowed or not withdrawals.has_withdrawn_since(context, since):
        return 0
    found = withdrawals.list_withdrawals(context, [one.publication for one in list_left(context)])
    people = (one for listed in found for one in listed.people)
    return withdrawals.count_somebodies(
        context, (one for one in people if one.noted_at and one.noted_at >= since)
    )
