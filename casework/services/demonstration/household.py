"""The people of an invented case. Nobody is meant: names come from lists, and no number can exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.domain.coded import normalise_multi
from casework.domain.folding import fold
from casework.domain.person import Consent, PersonFacts, PersonIdentity, band_of_age
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN
from casework.services.demonstration.chance import Chance
from casework.services.demonstration.sources import people, world

_ADULT = 18
_MANNERS = 31
"""The seed of how people answered about consent."""
_PURPOSES = ("casework", "statistics", "story", "litigation")
# Contact types in which a minor may be the first person of a case.
_ALSO_YOUNG = ("street_check", "fare_check", "minor_offence", "missing_person")


@dataclass(frozen=True, slots=True)
class Someone:
    """An invented person; `age` is None where nobody knows it."""

    given_name: str
    age: int | None
    identity: PersonIdentity
    facts: PersonFacts

    @property
    def is_grown(self) -> bool:
        """Whether they can be the second person of a story."""
        return self.age is None or self.age >= 15


@dataclass(frozen=True, slots=True)
class Home:
    """What the people of one case share."""

    origin: Mapping[str, Any]
    region: str
    surname: str
    status: str
    place: str
    language: str
    consents: Mapping[str, str]
    means: str
    met_on: date


class Census:
    """Draws people, no full name twice."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        # By itself: what else is drawn stays as it was.
        self._manner = Chance(_MANNERS)
        self._names: set[str] = set()

    def draw(
        self, contact_type: str, place: str, language: str, met_on: date, size: int
    ) -> tuple[Someone, ...]:
        """Draw who lives together: somebody the police met, and `size` - 1 others."""
        chance, known = self._chance, people()
        origins = known["origins"]
        origin = origins[chance.pick({name: entry["weight"] for name, entry in origins.items()})]
        home = Home(
            origin=origin,
            region=origin["region"],
            surname=chance.choose(origin["surnames"]),
            status=chance.pick(known["statuses"]),
            place=place,
            language=language,
            consents={purpose: chance.pick(known[purpose]) for purpose in _PURPOSES},
            means=self._manner.pick(known["means"]),
            met_on=met_on,
        )
        genders = known["genders"].get(contact_type, known["genders"]["otherwise"])
        household = [self._draw_one(home, chance.pick(genders), self._age(contact_type))]
        while len(household) < size:
            other = self._draw_other(home)
            # One given name a household, so that a narrative is clear.
            if all(other.given_name != one.given_name for one in household):
                household.append(other)
        return tuple(household)

    def _age(self, contact_type: str) -> int | None:
        ages = {
            band: weight
            for band, weight in people()["ages"].items()
            if band != "12-17" or contact_type in _ALSO_YOUNG
        }
        band = self._chance.pick(ages)
        if band == UNKNOWN:
            return None
        low, high = band.split("-")
        return self._chance.between(int(low), int(high))

    def _draw_other(self, home: Home) -> Someone:
        gender = self._chance.pick({"woman": 50, "man": 48, "non_binary": 2})
        if self._chance.happens(0.4):
            return self._draw_one(home, gender, self._chance.between(2, 17))
        return self._draw_one(home, gender, self._chance.between(_ADULT, 62))

    def _draw_one(self, home: Home, gender: str, age: int | None) -> Someone:
        given, name = self._name(home, gender)
        facts = PersonFacts(
            age_band=band_of_age(age) if age is not None else self._chance.choose((UNKNOWN, NOT_ASKED)),
            gender=gender,
            racialised_identities=self._several("racialised_identities", home.origin["identities"]),
            immigration_status=self._status(home, age),
            region_of_origin=home.region,
            languages=self._several("languages", home.origin["languages"]),
            consents=self._consents(home),
        )
        return Someone(given, age, self._identity(home, name, age), facts)

    def _name(self, home: Home, gender: str) -> tuple[str, str]:
        pools = {"woman": ["women"], "man": ["men"]}.get(gender, ["women", "men"])
        given = name = ""
        for _ in range(30):
            given = self._chance.choose(home.origin[self._chance.choose(pools)])
            surname = home.surname if self._chance.happens(0.38) else f"{home.surname[0]}."
            name = f"{given} {surname}"
            if name not in self._names:
                break
        self._names.add(name)
        return given, name

    def _status(self, home: Home, age: int | None) -> str:
        if age is not None and age < _ADULT and self._chance.happens(0.35):
            return "citizen"
        return home.status

    def _several(self, field: str, weights: Mapping[str, float]) -> tuple[str, ...]:
        return normalise_multi(field, self._chance.pick(weights).split())

    def _consents(self, home: Home) -> Mapping[str, Consent]:
        answers = dict(home.consents)
        # Those who live together mostly, not always, answer alike.
        if self._chance.happens(0.04):
            answers["statistics"] = self._chance.pick(people()["statistics"])
        return {
            purpose: Consent(answer, home.met_on, home.means) if answer != NOT_ASKED else Consent()
            for purpose, answer in answers.items()
        }

    def _identity(self, home: Home, name: str, age: int | None) -> PersonIdentity:
        chance, known = self._chance, people()
        area, grown = world()["areas"][world()["places"][home.place]["area"]], age is None or age >= _ADULT
        handle = fold(name).replace(" ", ".").replace("’", "").strip(".")
        return PersonIdentity(
            name=name,
            phone=f"{chance.choose(area['phone'])} 555-01{chance.between(0, 99):02d}"
            if grown and chance.happens(0.78)
            else "",
            email=f"{handle}@example.org" if grown and chance.happens(0.3) else "",
            birth_date=self._birth_date(home, age),
            uci=f"00-0000-{chance.between(0, 9999):04d}" if chance.happens(0.35) else "",
            address=chance.choose(known["addresses"][home.language]) if chance.happens(0.3) else "",
            note=chance.choose(known["notes"][home.language]) if grown and chance.happens(0.25) else "",
        )

    def _birth_date(self, home: Home, age: int | None) -> str:
        if age is None or self._chance.happens(0.3):
            return ""
        # A birthday early in the year before they were met: the age holds on that day.
        year, month, day = home.met_on.year - age, 1, self._chance.between(1, 28)
        if self._chance.happens(0.2):
            return str(year)
        if (month, day) > (home.met_on.month, home.met_on.day):
            year -= 1
        else:
            month = self._chance.between(1, home.met_on.month)
            day = day if month < home.met_on.month else min(day, home.met_on.day)
        return date(year, month, day).isoformat()
