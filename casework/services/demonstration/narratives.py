"""Short narratives, put together from sentence pieces; the pieces least used so far come first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.domain.dates import Precision, VagueDate
from casework.domain.incident import IncidentNarrative
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN
from casework.services.demonstration.chance import Chance
from casework.services.demonstration.encounters import Encounter
from casework.services.demonstration.sources import sentences, world
from casework.services.demonstration.wording import capitalised, curled

_SILENT = (UNKNOWN, NOT_ASKED)
_DRIVING = "traffic_stop"
_PRONOUNS = {"en": "{They}", "fr": "{Il}"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a narrative tells of. `other` is empty where nobody else can be named."""

    encounter: Encounter
    day: date
    date: VagueDate
    language: str
    name: str
    gender: str
    roles: tuple[str, ...]
    other: str = ""


class Teller:
    """Tells one scene after another, and remembers which pieces it has used."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._used: Counter[str] = Counter()

    def tell(self, scene: Scene) -> IncidentNarrative:
        """Write the narrative: the contact, how status came up, what the CBSA did, what followed."""
        slots = self._slots(scene)
        opening, *rest = [self._choose(pool, slots) for pool in self._pools(scene)]
        pieces = [opening, *(self._with_pronoun(piece, scene) for piece in rest)]
        text = " ".join(piece.format_map(slots) for piece in pieces if piece)
        place = self._exact_place(scene, slots if "{where}" in opening else {})
        return IncidentNarrative(curled(text, scene.language), curled(place, scene.language))

    def _pools(self, scene: Scene) -> Sequence[Sequence[str]]:
        """Return from which pool each sentence comes; an empty one where nothing is told."""
        pieces, answers = sentences(scene.language), scene.encounter.answers
        referral = answers["referral_types"][0]
        tells_call = referral not in _SILENT and self._chance.happens(0.72)
        told = [code for code in answers["consequences"] if code not in _SILENT]
        return (
            pieces["openings"][_opening(scene)],
            pieces["surfaced"].get(_surfaced(scene), ()),
            pieces["referrals"][referral] if tells_call else (),
            pieces["paths"].get(scene.encounter.path, ()),
            *(pieces["consequences"][_told(code, scene)] for code in self._chance.shuffled(told)[:2]),
            pieces["closings"]["any"] if self._chance.happens(0.5) else (),
        )

    def _choose(self, pool: Sequence[str], slots: Mapping[str, str]) -> str:
        """Return the least used piece that these slots can fill; nothing where there is none."""
        fitting = [piece for piece in pool if slots["other"] or "{other}" not in piece]
        if not fitting:
            return ""
        piece = min(self._chance.shuffled(fitting), key=lambda one: self._used[one])
        self._used[piece] += 1
        return piece

    def _with_pronoun(self, piece: str, scene: Scene) -> str:
        """Begin some of the sentences with a pronoun, where it can only mean one person."""
        clear = not scene.other and scene.gender in ("woman", "man")
        if piece.startswith("{name} ") and clear and self._chance.happens(0.5):
            return piece.replace("{name}", _PRONOUNS[scene.language], 1)
        return piece

    def _slots(self, scene: Scene) -> Mapping[str, str]:
        pieces, answers = sentences(scene.language), scene.encounter.answers
        names = pieces["police"].get(answers["police_service"], pieces["police"]["otherwise"])
        single = self._chance.choose(names[1:])
        kind = scene.encounter.setting.contact["setting"]
        slots = dict(pieces["pronouns"].get(scene.gender, pieces["pronouns"]["other"]))
        slots |= {name.title(): capitalised(value) for name, value in slots.items() if value}
        slots |= {"name": scene.name, "other": scene.other, "police": names[0], "agent": single}
        slots |= {"Police": capitalised(names[0]), "Agent": capitalised(single)}
        slots |= {"officer": single, "Officer": capitalised(single)}
        slots["where"] = self._chance.choose(pieces["where"][kind])
        slots["town"] = world()["places"][answers["place"]][scene.language]
        slots["question"] = self._choose(pieces["questions"], slots).format_map(slots)
        slots["When"] = self._when(scene, slots)
        return slots

    def _when(self, scene: Scene, slots: Mapping[str, str]) -> str:
        pieces, day, vague = sentences(scene.language), scene.day, scene.date
        pool = list(pieces["when"][vague.precision])
        if vague.precision is Precision.DAY:
            pool = pool[:3] if self._chance.happens(0.9) else pool[3:]
        parts = dict(slots) | {
            "weekday": pieces["weekdays"][day.weekday()],
            "day": pieces["first_of_month"] if day.day == 1 else str(day.day),
            "month": pieces["months"][day.month - 1],
            "season": pieces["seasons"].get(vague.season, ""),
            "year": str(vague.year),
        }
        return str(self._chance.choose(pool)).format_map(parts)

    def _exact_place(self, scene: Scene, slots: Mapping[str, str]) -> str:
        """Name the place that the opening named, if it did, else an invented corner or stop, or nothing."""
        if self._chance.happens(0.35):
            return ""
        if slots:
            return capitalised(slots["where"])
        corners, kind = sentences(scene.language)["corners"], scene.encounter.setting.contact["setting"]
        if kind == "transit":
            return str(self._chance.choose(corners["stops"]))
        first, second = self._chance.shuffled(corners["streets"])[:2]
        # Nobody's home is put on a map, not even an invented one.
        return "" if kind == "home" else str(corners["pattern"]).format(first=first, second=second)


def _opening(scene: Scene) -> str:
    contact_type = scene.encounter.setting.contact_type
    if contact_type != _DRIVING:
        return contact_type
    if "passenger" not in scene.roles:
        return f"{_DRIVING}_driver"
    return f"{_DRIVING}_passenger_driven" if scene.other else f"{_DRIVING}_passenger"


def _told(consequence: str, scene: Scene) -> str:
    """Return the pool of a consequence: what follows an arrest is told apart from a fine."""
    is_other = scene.encounter.setting.contact_group == "other"
    return "charges" if consequence == "charges_or_fine" and is_other else consequence


def _surfaced(scene: Scene) -> str:
    first: str = scene.encounter.answers["status_surfaced"][0]
    return f"{first}_{scene.encounter.answers['raised_by']}" if first == "third_party" else first
