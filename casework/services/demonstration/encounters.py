"""What happened in an invented incident, in codes: one answer makes the next more or less likely."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.domain.coded import normalise_multi
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN, grouping
from casework.services.demonstration.chance import Chance
from casework.services.demonstration.sources import world

# How often an answer is missing although the matter came up.
_MISSING = {
    "raised_by": {NOT_ASKED: 0.04, UNKNOWN: 0.02},
    "reasons": {NOT_ASKED: 0.12, UNKNOWN: 0.06},
    "referral_types": {UNKNOWN: 0.06, NOT_ASKED: 0.02},
}
_SECOND_ANSWER = 0.18


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when: `moment` runs from 0, three years ago, to 1, today."""

    contact_type: str
    place: str
    moment: float

    @property
    def contact(self) -> Mapping[str, Any]:
        """What is known of this contact type."""
        entry: Mapping[str, Any] = world()["contacts"][self.contact_type]
        return entry

    @property
    def contact_group(self) -> str:
        """The group of the contact type."""
        return grouping("contact_type", "contact_group")[self.contact_type]


@dataclass(frozen=True, slots=True)
class Encounter:
    """The coded answers, and the path they come from, which the narrative follows."""

    setting: Setting
    answers: Mapping[str, Any]
    path: str


def draw_contact_type(chance: Chance, moment: float) -> str:
    """Draw how a contact began; the mix drifts over the three years."""
    drift = {
        code: contact["weight"][0] * (1 - moment) + contact["weight"][1] * moment
        for code, contact in world()["contacts"].items()
    }
    return chance.pick(drift)


def draw_place(chance: Chance, near: str = "") -> str:
    """Draw a place, or one in the same area as another."""
    places = world()["places"]
    area = places[near]["area"] if near else None
    return chance.pick({code: p["weight"] for code, p in places.items() if area in (None, p["area"])})


def draw_encounter(chance: Chance, setting: Setting, status: str, household: bool) -> Encounter:
    """Draw the rest, for a person with this immigration status, alone or not."""
    service = _draw_service(chance, setting)
    surfaced = _draw_surfaced(chance, setting, service)
    path = _draw_path(chance, setting, status)
    lead = world()["surfaced"][surfaced[0]]
    answers: dict[str, Any] = {
        "contact_type": setting.contact_type,
        "place": setting.place,
        "police_service": service,
        "status_surfaced": normalise_multi("status_surfaced", surfaced),
        "raised_by": _draw_raiser(chance, setting, surfaced[0]),
        "reasons": normalise_multi("reasons", [_or_missing(chance, "reasons", lead["reasons"])]),
        "referral_types": _draw_referrals(chance, setting, lead, path),
        "cbsa_actions": normalise_multi("cbsa_actions", world()["paths"][path]["actions"]),
        "detention_grounds": _draw_grounds(chance, path),
        "consequences": _draw_consequences(chance, setting, path, household),
    }
    return Encounter(setting, answers, path)


def _draw_service(chance: Chance, setting: Setting) -> str:
    area = world()["areas"][world()["places"][setting.place]["area"]]
    return chance.pick(area.get(setting.contact["setting"], area["street"]))


def _draw_surfaced(chance: Chance, setting: Setting, service: str) -> list[str]:
    weights, directive = dict(setting.contact["surfaced"]), world()["directive"]
    if service in directive["services"] and setting.moment > directive["after"]:
        for code, factor in directive["factors"].items():
            weights[code] = weights.get(code, 0) * factor
    first = chance.pick(weights)
    if first in (UNKNOWN, NOT_ASKED) or not chance.happens(_SECOND_ANSWER):
        return [first]
    others = {code: weight for code, weight in weights.items() if code not in (first, UNKNOWN, NOT_ASKED)}
    return [first, chance.pick(others)] if any(others.values()) else [first]


def _draw_raiser(chance: Chance, setting: Setting, surfaced: str) -> str:
    weights = world()["surfaced"][surfaced]["raised_by"] or setting.contact["third_party"]
    # Who was said to have raised it decides what the narrative says: a third party stays one.
    return chance.pick(weights) if surfaced == "third_party" else _or_missing(chance, "raised_by", weights)


def _draw_referrals(chance: Chance, setting: Setting, lead: Mapping[str, Any], path: str) -> tuple[str, ...]:
    if path == "none" and chance.happens(0.2):
        return (UNKNOWN,)
    if setting.contact_type == "missing_person" and chance.happens(0.8):
        return ("missing_person_location",)
    first = _or_missing(chance, "referral_types", lead["referrals"])
    if first in (UNKNOWN, NOT_ASKED) or not chance.happens(_SECOND_ANSWER):
        return (first,)
    return normalise_multi("referral_types", [first, _known(chance, lead["referrals"], first)])


def _known(chance: Chance, weights: Mapping[str, float], otherwise: str) -> str:
    drawn = chance.pick(weights)
    return otherwise if drawn in (UNKNOWN, NOT_ASKED) else drawn


def _draw_path(chance: Chance, setting: Setting, status: str) -> str:
    exposure = next((level for level, codes in world()["exposure"].items() if status in codes), "middle")
    leaning = world()["leaning"].get(setting.contact_group, {})
    return chance.pick(
        {name: p["weights"][exposure] * leaning.get(name, 1) for name, p in world()["paths"].items()}
    )


def _draw_grounds(chance: Chance, path: str) -> tuple[str, ...]:
    if not _detains(path):
        return (NOT_ASKED,)
    first = chance.pick(world()["grounds"]["codes"])
    if first == "flight_risk" and chance.happens(0.2):
        return normalise_multi("detention_grounds", [first, "identity"])
    return (first,)


def _draw_consequences(chance: Chance, setting: Setting, path: str, household: bool) -> tuple[str, ...]:
    chances: dict[str, float] = {}
    applying = ["everybody", setting.contact_group, setting.contact_type]
    if _detains(path):
        applying += ["detained", "detained_household"] if household else ["detained"]
    for name in applying:
        for code, share in world()["consequences"].get(name, {}).items():
            chances[code] = min(0.9, chances.get(code, 0) + share)
    drawn = [code for code, share in chances.items() if chance.happens(share)]
    return normalise_multi("consequences", drawn or [chance.choose((NOT_ASKED, NOT_ASKED, UNKNOWN))])


def _or_missing(chance: Chance, field: str, weights: Mapping[str, float]) -> str:
    for code, share in _MISSING[field].items():
        if chance.happens(share):
            return code
    return chance.pick(weights)


def _detains(path: str) -> bool:
    return any(action.startswith("detained") for action in world()["paths"][path]["actions"])
