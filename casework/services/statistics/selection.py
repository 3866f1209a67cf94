"""What somebody asks of the statistics, and which incidents or people it counts.

No filters: each one would be a third dimension in disguise, and tables that differ by one filter are told
apart by subtraction.
"""

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from casework.domain.counting import first_incidents
from casework.domain.messages import N_
from casework.domain.period import Period
from casework.domain.person import PersonFacts
from casework.errors import Invalid
from casework.services.books import FactBook, OpenedIncident
from casework.services.statistics.dimensions import (
    CountedUnit,
    DimensionSpec,
    Unit,
    count_incident,
    find_dimension,
    ladder,
)
from casework.services.statistics.joining import list_same


@dataclass(frozen=True, slots=True)
class Selection:
    """One question: what to count, by one or two dimensions, over which period.

    Raises `Invalid` naming `show` or `by` for what cannot be tabulated.
    """

    unit: Unit
    show: str
    by: str
    period: Period

    def __post_init__(self) -> None:
        """Refuse what is not in the catalogue, or not for this unit, or not beside another dimension."""
        show = self._require("show", self.show)
        if not self.by:
            return
        by = self._require("by", self.by)
        if by is show:
            raise Invalid(by=N_("Choose something else than what is shown already."))
        if show.multiple or by.multiple:
            raise Invalid(by=N_("What can have several answers at once stands alone in its table."))

    @property
    def names(self) -> tuple[str, ...]:
        """The dimensions, as composed."""
        return (self.show, self.by) if self.by else (self.show,)

    def _require(self, field: str, name: str) -> DimensionSpec:
        spec = find_dimension(name)
        if spec is None:
            raise Invalid(**{field: N_("Choose one of the listed answers.")})
        if self.unit not in spec.units:
            raise Invalid(**{field: _ABOUT_PEOPLE if self.unit is Unit.INCIDENTS else _ABOUT_INCIDENTS})
        return spec


_ABOUT_PEOPLE = N_("This is known of each person. Choose “People” under “Count”.")
_ABOUT_INCIDENTS = N_("This is known of each incident. Choose “Incidents” under “Count”.")


def ladder_of(selection: Selection) -> Iterator[tuple[str, ...]]:
    """Yield the dimensions to try, from fine to coarse: coarser answers first, then one dimension fewer.

    Time gives way before anything else: a quarter tells less than a place.
    """
    shows = ladder(selection.show)
    bys = ladder(selection.by) if selection.by else ("",)
    steps = [(show, by) for show in range(len(shows)) for by in range(len(bys))]
    time_first = selection.show in ("quarter", "year")
    for show, by in sorted(steps, key=lambda step: (sum(step), step[1] if time_first else -step[1])):
        names = tuple(name for name in (shows[show], bys[by]) if name)
        if len(set(names)) == len(names):
            yield names
    if selection.by:
        yield from ((show,) for show in shows)


def count_units(
    book: FactBook, counting: Collection[OpenedIncident], selection: Selection
) -> list[CountedUnit]:
    """List what a selection counts of `counting`: what is dated within its period for certain."""
    # A hundred thousand incidents share the few thousand dates that were parsed: each is asked once.
    dates = {id(incident.facts.date): incident.facts.date for incident in counting}
    held = {known for known, date in dates.items() if selection.period.holds(date)}
    dated = [incident for incident in counting if id(incident.facts.date) in held]
    if selection.unit is Unit.INCIDENTS:
        return [count_incident(incident) for incident in dated]
    dated.sort(key=_logged)
    people, incidents, same = [], {incident.id: incident for incident in dated}, list_same(book)
    first = first_incidents((incident.id, incident.facts) for incident in dated)
    for person_id, incident_id in first.items():
        incident, person = incidents[incident_id], _told_there(book, same, person_id, incident_id)
        roles = next(part.roles for part in incident.facts.participations if part.person_id == person_id)
        people.append(CountedUnit(incident.case_id, incident.facts, roles, person))
    return people


def _told_there(
    book: FactBook, same: Mapping[UUID, Set[UUID]], person_id: UUID, incident_id: UUID
) -> PersonFacts:
    """Return what is told of a person where the incident is told: of several records the one named there."""
    named = {part.person_id for part in book.incidents[incident_id].facts.participations}
    there = min(same.get(person_id, {person_id}) & named, default=person_id)
    return book.people[there].facts


def _logged(incident: OpenedIncident) -> tuple[object, ...]:
    return incident.facts.logged_on, incident.id.int
