"""Who took part in an invented incident, in which role."""

from collections.abc import Mapping, Sequence

from casework.domain.coded import normalise_multi
from casework.services.demonstration.chance import Chance
from casework.services.demonstration.encounters import Setting
from casework.services.demonstration.household import Someone

_DRIVING_AGE = 18
_ON_THE_ROAD = ("traffic_stop", "roadside_blitz")
# Contact types in which small children are there too.
_WITH_CHILDREN = ("domestic_violence_call", "home_or_workplace_visit", "wellness_check", *_ON_THE_ROAD)
_CHILD = 12


def draw_roles(chance: Chance, setting: Setting, people: Sequence[Someone]) -> Mapping[int, tuple[str, ...]]:
    """Draw the roles of those who were there, by their place among the people; the first always was."""
    roles = {0: _first_role(chance, setting, people[0])}
    for at, person in enumerate(people[1:], start=1):
        if _may_be_there(setting, person) and chance.happens(setting.contact["together"]):
            roles[at] = (chance.pick(setting.contact["company"]),)
    if setting.contact_type in _ON_THE_ROAD and "passenger" in roles[0]:
        _seat_a_driver(people, roles)
    return roles


def name_companion(people: Sequence[Someone], roles: Mapping[int, tuple[str, ...]]) -> str:
    """Return the given name of whom a narrative may name beside the first: the driver, if one was there."""
    grown = [at for at in roles if at and people[at].is_grown]
    if "passenger" in roles[0]:
        grown = [at for at in grown if "driver" in roles[at]]
    return people[grown[0]].given_name if grown else ""


def _first_role(chance: Chance, setting: Setting, person: Someone) -> tuple[str, ...]:
    drawn = normalise_multi("roles", chance.pick(setting.contact["roles"]).split())
    too_young = person.age is not None and person.age < _DRIVING_AGE
    return ("passenger",) if too_young and "driver" in drawn else drawn


def _may_be_there(setting: Setting, person: Someone) -> bool:
    is_child = person.age is not None and person.age < _CHILD
    return not is_child or setting.contact_type in _WITH_CHILDREN


def _seat_a_driver(people: Sequence[Someone], roles: dict[int, tuple[str, ...]]) -> None:
    """Let the first adult of the others drive, where one was there."""
    for at in roles:
        age = people[at].age
        if at and (age is None or age >= _DRIVING_AGE):
            roles[at] = ("driver",)
            return
