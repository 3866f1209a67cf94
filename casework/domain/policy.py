"""A policy event: a dated change of policy of a police service or city, and what contradicts it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from casework.errors import Invalid

from .dates import VagueDate
from .documents import Document, read_list, read_text, require_same, require_shape, unreadable
from .folding import clean_line
from .incident import IncidentFacts
from .messages import N_
from .rules import Condition, Rule, matches, rule_from_document, rule_to_document
from .vocabulary import NOT_ASKED, OTHER, UNKNOWN, code_list, grouping, read_data

ACTIVE = "active"
RETIRED = "retired"

_WRITTEN_IN = ("en", "fr", "es")
TEXTS = tuple(f"{kind}_{code}" for kind in ("name", "text") for code in _WRITTEN_IN)
_LONGEST = {"name": 120, "text": 2000}
_KEYS = frozenset(
    {"schema", *TEXTS, "city", "services", "date", "source", "url", "rule", "status", "starter"}
)
_NOBODY = {OTHER, UNKNOWN, NOT_ASKED}
_SHIPPED_AS = UUID("5b6f7e58-6a0f-4b0e-9a55-2f0f6f1b3d10")
"""Of what ships, the ids are derived from it and the permanent key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEvent:
    """A change of policy: what it is called and says, in at least one language, whose it is, and since when.

    It concerns the incidents of `services`, or, where none is named, those in `city`; one of them is. The
    date may be vague or unknown: nothing is told apart by a date that nobody knows. `rule` says which
    incidents contradict the policy once it is in force; an empty one says of none. `source` says where it is
    written, `url` may lead there. `starter` is the key of the shipped event that this one stands in the
    place of.
    """

    name_en: str = ""
    name_fr: str = ""
    name_es: str = ""
    text_en: str = ""
    text_fr: str = ""
    text_es: str = ""
    city: str = ""
    services: tuple[str, ...] = ()
    date: VagueDate
    source: str = ""
    url: str = ""
    rule: Rule = ()
    status: str = ACTIVE
    starter: str | None = None

    def __post_init__(self) -> None:
        """Tidy the texts; `Invalid` names what is missing or does not fit together."""
        for name in TEXTS:
            longest = _LONGEST[name.partition("_")[0]]
            object.__setattr__(self, name, clean_line(getattr(self, name), name, longest=longest))
        for name in ("source", "url"):
            object.__setattr__(self, name, clean_line(getattr(self, name), name, longest=300))
        self._check()

    def _check(self) -> None:
        faults: dict[str, str] = {}
        if not (self.name_en or self.name_fr or self.name_es):
            faults["name_en"] = N_("Write a name in at least one language.")
        services = code_list("police_service")
        if any(code not in services or code in _NOBODY for code in self.services):
            faults["services"] = N_("Choose one of the listed answers.")
        if self.city and (self.city not in code_list("city") or self.city in _NOBODY):
            faults["city"] = N_("Choose one of the listed answers.")
        if not (self.services or self.city):
            faults["services"] = N_("Choose a police service or a city.")
        if self.services != tuple(code for code in services.codes if code in self.services):
            faults["services"] = N_("Choose each answer once.")
        if not self.source:
            faults["source"] = N_("Say where it is written.")
        if self.url and not self.url.startswith(("https://", "http://")):
            faults["url"] = N_("Write an address that begins with https://.")
        if self.status not in (ACTIVE, RETIRED):
            faults["status"] = N_("Choose one of the listed answers.")
        if faults:
            raise Invalid(**faults)

    def name(self, language: str) -> str:
        """Give the name in `language`, or in the first language that has one."""
        return self._say("name", language)

    def text(self, language: str) -> str:
        """Give what the policy says in `language`, or in the first language that has it; it may be empty."""
        return self._say("text", language)

    def concerns(self, facts: IncidentFacts) -> bool:
        """Tell whether an incident is of one of its services, or happened in its city."""
        if self.services:
            return facts.police_service in self.services
        return grouping("place", "city")[facts.place] == self.city

    def is_after(self, date: VagueDate) -> bool | None:
        """Tell whether a date lies after the change for certain: True, before it: False, or neither: None.

        What lies within the vague date of the change itself is neither.
        """
        change, span = self.date.span(), date.span()
        if change is None or span is None:
            return None
        return True if span[0] > change[1] else False if span[1] < change[0] else None

    def contradicts(self, facts: IncidentFacts) -> bool:
        """Tell whether the rule holds of an incident that the event concerns, whenever it was."""
        return self.concerns(facts) and matches(self.rule, facts)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        document: Document = {"schema": 1, **{name: getattr(self, name) for name in TEXTS}}
        document |= {"city": self.city, "services": list(self.services), "date": self.date.encode()}
        document |= {"source": self.source, "url": self.url, "rule": rule_to_document(self.rule)}
        document |= {"status": self.status, "starter": self.starter}
        return document

    @classmethod
    def from_document(cls, document: Document) -> "PolicyEvent":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given."""
        require_shape(document, _KEYS)
        rule, starter = document["rule"], document["starter"]
        if type(rule) is not list:
            raise unreadable()
        try:
            event = cls(
                **{name: read_text(document, name) for name in (*TEXTS, "city", "source", "url", "status")},
                services=tuple(read_list(document["services"])),
                date=VagueDate.parse(read_text(document, "date")),
                rule=rule_from_document(rule),
                starter=None if starter is None else read_text(document, "starter"),
            )
        except (Invalid, TypeError):
            raise unreadable() from None
        require_same(document, event.to_document())
        return event

    def _say(self, kind: str, language: str) -> str:
        codes = sorted(_WRITTEN_IN, key=lambda code: code != language)
        return next((text for code in codes if (text := getattr(self, f"{kind}_{code}"))), "")


@cache
def list_shipped() -> Mapping[UUID, PolicyEvent]:
    """Give the events that ship, by their permanent ids; each has its key in `starter`."""
    data = read_data("policy_events")
    rule = tuple(Condition(entry["field"], tuple(entry["any_of"])) for entry in data["rule"])
    return {shipped_id(key): _read_shipped(key, entry, rule) for key, entry in data["events"].items()}


def shipped_id(key: str) -> UUID:
    """Give the permanent id of a shipped event."""
    return uuid5(_SHIPPED_AS, key)


def _read_shipped(key: str, entry: Mapping[str, Any], rule: Rule) -> PolicyEvent:
    return PolicyEvent(
        **{name: entry[name] for name in (*TEXTS, "city", "source")},
        services=tuple(entry["services"]),
        date=VagueDate.parse(entry["date"]),
        rule=rule,
        starter=key,
    )
