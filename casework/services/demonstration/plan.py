"""The plan of the demonstration: every case, person and incident, before anything is sealed or stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from casework.domain.case import CLOSED, OPEN
from casework.domain.dates import Precision, Season, VagueDate
from casework.domain.incident import IncidentFacts, IncidentNarrative, Participation
from casework.domain.pattern import starter_patterns
from casework.domain.permissions import Role
from casework.services.demonstration import participation
from casework.services.demonstration.chance import Chance
from casework.services.demonstration.dating import PlannedStep, date_steps
from casework.services.demonstration.encounters import (
    Setting,
    draw_contact_type,
    draw_encounter,
    draw_place,
)
from casework.services.demonstration.household import Census, Someone
from casework.services.demonstration.narratives import Scene, Teller
from casework.services.demonstration.sources import world

SEED = 1
DAYS = 3 * 365
INCIDENTS = 407

# A few weeks of fare checks in one city, for the signals to find: so many days ago, a case each.
_SURGE = (14, 16, 18, 19, 21, 23, 26)
_SURGE_OF = ("fare_check", "laval")
# How many cases have so many incidents: 330 cases, 400 incidents, and those of the surge.
_INCIDENTS_IN_A_CASE = {1: 272, 2: 46, 3: 12}
_PEOPLE_IN_A_CASE = {"1": 70, "2": 17, "3": 9, "4": 4}
_PRECISIONS = {"day": 76, "month": 12, "season": 4, "year": 5, "unknown": 3}
# A winter decides no year: in so small an organization its few incidents would cost the tables by year dear.
_SEASONS = {0: Season.SPRING, 1: Season.SUMMER, 2: Season.AUTUMN}
_LOGGERS = {Role.CASEWORKER: 64, Role.COORDINATOR: 36}
_RECENT_DAYS = 45
# A case is held or binned some days after it was opened.
_SETTLED_DAYS = 14
# Filled in when the case is stored and its members have ids.
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class PlannedIncident:
    """An incident; its participations name people by their place in the case, `UUID(int=place)`."""

    facts: IncidentFacts
    narrative: IncidentNarrative
    patterns: tuple[str, ...]
    logged_by: Role
    steps: tuple[PlannedStep, ...]


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """A case; `team` is empty where all caseworkers may open it, and of a restricted one who is named."""

    number: int
    opened_on: date
    opened_by: Role
    status: str
    team: frozenset[Role]
    people: Sequence[Someone]
    incidents: Sequence[PlannedIncident]
    restricted: bool = False
    held_on: date | None = None
    binned_on: date | None = None


def plan_cases(today: date, seed: int = SEED) -> list[PlannedCase]:
    """Plan every case, the one opened first coming first; the same for the same day and seed."""
    chance = Chance(seed)
    planner = _Planner(chance, today, seed)
    dates = sorted(_draw_dates(chance, today))
    cases = [planner.plan(number, days) for number, days in enumerate(dates, start=1)]
    for number, days_ago in enumerate(_SURGE, start=len(cases) + 1):
        cases.append(planner.plan(number, [today - timedelta(days=days_ago)], *_SURGE_OF))
    return _single_out(sorted(cases, key=lambda case: (case.opened_on, case.number)), today)


def _single_out(cases: Sequence[PlannedCase], today: date) -> list[PlannedCase]:
    """Restrict the newest case that fits, put the next one on legal hold, and move one to the bin."""
    settled = today - timedelta(days=_SETTLED_DAYS)
    fitting = [
        case.number
        for case in reversed(cases)
        if case.opened_on <= settled and case.opened_by is Role.CASEWORKER and not case.team
    ]
    named = frozenset({Role.CASEWORKER, Role.COORDINATOR})
    apart = {
        fitting[0]: lambda case: replace(case, restricted=True, team=named),
        fitting[1]: lambda case: replace(case, held_on=today - timedelta(days=12)),
        fitting[2]: lambda case: replace(case, binned_on=today - timedelta(days=3)),
    }
    return [apart.get(case.number, lambda other: other)(case) for case in cases]


def _draw_dates(chance: Chance, today: date) -> Iterator[list[date]]:
    for count, cases in _INCIDENTS_IN_A_CASE.items():
        for _ in range(cases):
            # A little more of them lately: the collective is better known than three years ago.
            days = [today - timedelta(days=int(DAYS * (1 - chance.share() ** 0.85)))]
            while len(days) < count:
                earlier = days[0] - timedelta(days=20 + chance.days(110))
                days.insert(0, max(earlier, today - timedelta(days=DAYS)))
            yield days


class _Planner:
    def __init__(self, chance: Chance, today: date, seed: int) -> None:
        self._chance = chance
        self._today = today
        # Their own: what is drawn of one is no reason for another answer in the rest.
        self._dates = Chance(seed)
        self._census = Census(chance)
        self._teller = Teller(chance)

    def plan(self, number: int, days: Sequence[date], contact_type: str = "", place: str = "") -> PlannedCase:
        """Plan a case whose first incident is of this type and place, or of those that are drawn."""
        chance = self._chance
        if not contact_type:
            place, contact_type = draw_place(chance), draw_contact_type(chance, self._moment(days[0]))
        opened_on = self._logged_on(days[0])
        size = int(chance.pick(_PEOPLE_IN_A_CASE))
        language = "fr" if chance.happens(_area(place)["french"]) else "en"
        people = self._census.draw(contact_type, place, language, opened_on, size)
        opened_by = self._logger()
        settings = [Setting(contact_type, place, self._moment(days[0]))]
        settings += [self._next_setting(place, day) for day in days[1:]]
        incidents = [
            self._incident(setting, day, people, language, opened_by, opened_on)
            for setting, day in zip(settings, days, strict=True)
        ]
        return PlannedCase(
            number, opened_on, opened_by, self._status(opened_on), self._team(number), people, incidents
        )

    def _moment(self, day: date) -> float:
        return 1 - (self._today - day).days / DAYS

    def _logged_on(self, day: date) -> date:
        return min(self._today, day + timedelta(days=1 + self._chance.days(13)))

    def _logger(self) -> Role:
        return Role(self._chance.pick({role.value: weight for role, weight in _LOGGERS.items()}))

    def _next_setting(self, place: str, day: date) -> Setting:
        moment = self._moment(day)
        where = place if self._chance.happens(0.6) else draw_place(self._chance, near=place)
        return Setting(draw_contact_type(self._chance, moment), where, moment)

    def _incident(
        self,
        setting: Setting,
        day: date,
        people: Sequence[Someone],
        language: str,
        opened_by: Role,
        opened_on: date,
    ) -> PlannedIncident:
        chance, first = self._chance, people[0]
        encounter = draw_encounter(chance, setting, first.facts.immigration_status, len(people) > 1)
        roles = participation.draw_roles(chance, setting, people)
        vague = self._vague(day)
        facts = IncidentFacts(
            date=vague,
            participations=tuple(Participation(UUID(int=at), taken) for at, taken in roles.items()),
            logged_on=max(opened_on, self._logged_on(day)),
            logged_by=_NOBODY,
            **encounter.answers,
        )
        other = participation.name_companion(people, roles)
        scene = Scene(encounter, day, vague, language, first.given_name, first.facts.gender, roles[0], other)
        narrative = self._teller.tell(scene)
        logged_by = opened_by if chance.happens(0.8) else self._logger()
        steps = date_steps(self._dates, facts, day, self._today)
        return PlannedIncident(facts, narrative, self._patterns(facts, day), logged_by, steps)

    def _patterns(self, facts: IncidentFacts, day: date) -> tuple[str, ...]:
        """Set most of what the rules propose; of the newest incidents much still waits to be decided."""
        share = 0.45 if self._is_recent(day) else 0.86
        proposed = [p.starter for p in starter_patterns() if p.starter and p.proposes(facts)]
        return tuple(starter for starter in proposed if self._chance.happens(share))

    def _vague(self, day: date) -> VagueDate:
        precision = Precision(self._chance.pick(_PRECISIONS))
        if precision is Precision.UNKNOWN and not self._is_recent(day):
            return VagueDate(precision)
        if precision is Precision.YEAR and not self._is_recent(day):
            return VagueDate(precision, day.year)
        season = _SEASONS.get((day.month - 3) // 3)
        if precision is Precision.SEASON and season and not self._is_recent(day):
            return VagueDate(precision, day.year, season=season)
        if precision in {Precision.MONTH, Precision.SEASON}:
            return VagueDate(Precision.MONTH, day.year, day.month)
        return VagueDate(Precision.DAY, day.year, day.month, day=day.day)

    def _is_recent(self, day: date) -> bool:
        return (self._today - day).days < _RECENT_DAYS

    def _status(self, opened_on: date) -> str:
        age = (self._today - opened_on).days / DAYS
        return CLOSED if self._chance.happens(0.85 * age) else OPEN

    def _team(self, number: int) -> frozenset[Role]:
        if number % 41 == 0:
            return frozenset({Role.CASEWORKER, Role.COORDINATOR})
        return frozenset({Role.COORDINATOR}) if number % 97 == 0 else frozenset()


def _area(place: str) -> dict[str, float]:
    area: dict[str, float] = world()["areas"][world()["places"][place]["area"]]
    return area
