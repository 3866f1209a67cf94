"""An incident: one police contact that led, or could have led, to the CBSA."""

import datetime
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from casework.errors import Invalid, noting

from .act import NO_TEXTS, Act, ActTexts, read_act, read_texts
from .coded import INCIDENT_FIELDS, ROLES_FIELD, read_answers, require_answers, single_reader
from .dates import VagueDate
from .documents import (
    Document,
    read_date,
    read_frequent_uuid,
    read_list,
    read_text,
    read_uuid,
    require_same,
    require_shape,
    unreadable,
)
from .folding import clean_line, clean_text
from .messages import N_
from .ownterm import Chosen, chosen_to_document, find_surplus, read_chosen
from .vocabulary import NOT_ASKED, grouping

_NOT_ASKED = (NOT_ASKED,)
_SINGLE = tuple(field.name for field in INCIDENT_FIELDS if not field.multiple)
_SEVERAL = tuple(field.name for field in INCIDENT_FIELDS if field.multiple)
_OTHERS = ("schema", "date", "participations", "patterns", "logged_on", "logged_by")
_KEYS_1 = frozenset({*_OTHERS, *_SINGLE, *_SEVERAL})
_KEYS_2 = _KEYS_1 | {"acts", "besides"}
_KEYS_3 = _KEYS_2 | {"account_of", "told_apart"}
_KEYS_4 = _KEYS_3 | {"own_terms"}
_KEYS = _KEYS_4 | {"rejected"}
_SHAPES = {_KEYS_1: 1, _KEYS_2: 2, _KEYS_3: 3, _KEYS_4: 4}
_FIELDS = frozenset({*_SINGLE, *_SEVERAL})
_NARRATIVE_KEYS = frozenset({"schema", "text", "exact_place", "acts"})
_PARTICIPATION_KEYS = frozenset({"person", "roles"})


@dataclass(frozen=True, slots=True)
class Participation:
    """One person in one incident, with the roles they had in it."""

    person_id: UUID
    roles: tuple[str, ...] = _NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts:
    """The coded facts of an incident: all that statistics ever read of it.

    `besides` are the answers that were given besides those that came with `acts`, of the fields where they
    differ: `domain/pathway.py` keeps both in step.
    `account_of` is the incident that this is another account of; `told_apart` those that it is none of,
    though they are much alike: see `domain/accounts.py`.
    `own_terms` are finer answers of the organization's own, beside the codes: see `domain/ownterm.py`.
    `rejected` are patterns that a rule proposed and a member rejected; none of `patterns` is among them.
    """

    date: VagueDate
    contact_type: str
    police_service: str
    place: str = NOT_ASKED
    status_surfaced: tuple[str, ...] = _NOT_ASKED
    raised_by: str = NOT_ASKED
    reasons: tuple[str, ...] = _NOT_ASKED
    referral_types: tuple[str, ...] = _NOT_ASKED
    cbsa_actions: tuple[str, ...] = _NOT_ASKED
    detention_grounds: tuple[str, ...] = _NOT_ASKED
    consequences: tuple[str, ...] = _NOT_ASKED
    participations: tuple[Participation, ...] = ()
    patterns: tuple[UUID, ...] = ()
    acts: tuple[Act, ...] = ()
    besides: tuple[tuple[str, tuple[str, ...]], ...] = ()
    account_of: UUID | None = None
    told_apart: tuple[UUID, ...] = ()
    own_terms: Chosen = ()
    rejected: tuple[UUID, ...] = ()
    logged_on: datetime.date
    logged_by: UUID

    @property
    def contact_group(self) -> str:
        """The group that the contact type belongs to: the headline breakdown."""
        return grouping("contact_type", "contact_group")[self.contact_type]

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 5."""
        document: Document = {"schema": 5, "date": self.date.encode()}
        document.update({name: getattr(self, name) for name in _SINGLE})
        document.update({name: list(getattr(self, name)) for name in _SEVERAL})
        document["participations"] = [
            {"person": participation.person_id.hex, "roles": list(participation.roles)}
            for participation in self.participations
        ]
        document["patterns"] = [pattern.hex for pattern in self.patterns]
        document["acts"] = [act.to_document() for act in self.acts]
        document["besides"] = {field: list(codes) for field, codes in self.besides}
        document["account_of"] = self.account_of.hex if self.account_of else None
        document["told_apart"] = [incident.hex for incident in self.told_apart]
        document["own_terms"] = chosen_to_document(self.own_terms)
        document["rejected"] = [pattern.hex for pattern in self.rejected]
        document["logged_on"] = self.logged_on.isoformat()
        document["logged_by"] = self.logged_by.hex
        return document

    @classmethod
    def from_document(cls, document: Document) -> "IncidentFacts":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given.

        Schema 1 had no acts, schema 2 knew of no other account, schema 3 of no own terms,
        schema 4 of no rejected patterns.
        """
        keys = document.keys() if type(document) is dict else _KEYS
        earlier = next((shape for shape in _SHAPES.items() if shape[0] == keys), None)
        require_shape(document, *(earlier or (_KEYS, 5)))
        try:
            return _read(document)
        except (KeyError, TypeError, ValueError, Invalid):
            raise unreadable() from None


@dataclass(frozen=True, slots=True, repr=False)
class IncidentNarrative:
    """What happened in words, and where exactly, and the texts of acts; sealed apart from the coded facts."""

    text: str = ""
    exact_place: str = ""
    acts: tuple[tuple[UUID, ActTexts], ...] = ()

    def __post_init__(self) -> None:
        """Tidy what was typed; `Invalid` when it cannot be kept."""
        object.__setattr__(self, "text", clean_text(self.text, "text"))
        object.__setattr__(self, "exact_place", clean_line(self.exact_place, "exact_place"))

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 2."""
        acts = [texts.to_document(act_id) for act_id, texts in self.acts]
        return {"schema": 2, "text": self.text, "exact_place": self.exact_place, "acts": acts}

    def of_act(self, act_id: UUID) -> ActTexts:
        """Give the texts of an act, empty ones where it has none."""
        return dict(self.acts).get(act_id, NO_TEXTS)

    @classmethod
    def from_document(cls, document: Document) -> "IncidentNarrative":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else. Schema 1 had no acts."""
        if type(document) is dict and document.keys() == _NARRATIVE_KEYS - {"acts"}:
            require_shape(document, _NARRATIVE_KEYS - {"acts"})
            document = {**document, "schema": 2, "acts": []}
        require_shape(document, _NARRATIVE_KEYS, schema=2)
        acts = tuple([read_texts(entry) for entry in read_list(document["acts"])])
        narrative = cls(read_text(document, "text"), read_text(document, "exact_place"), acts)
        require_same(document, narrative.to_document())
        return narrative


def validate_incident(facts: IncidentFacts) -> None:
    """Raise `Invalid`, naming every field that is wrong, unless `facts` may be logged.

    Contact type and police service have to be answered, `unknown` included; a date may be unknown and
    lies no later than the day of logging; a person takes part once.
    """
    faults: dict[str, str] = {}
    if facts.contact_type == NOT_ASKED:
        faults["contact_type"] = N_("Choose how the contact began, or “Unknown”.")
    if facts.police_service == NOT_ASKED:
        faults["police_service"] = N_("Choose the police service, or “Unknown”.")
    span = facts.date.span()
    if span is not None and span[0] > facts.logged_on:
        faults["date"] = N_("Give a date that is not in the future.")
    people = [participation.person_id for participation in facts.participations]
    if len(set(people)) < len(people):
        faults["participations"] = N_("Name each person once, with all their roles.")
    if len(set(facts.patterns)) < len(facts.patterns):
        faults["patterns"] = N_("Choose each pattern once.")
    answers = [(field, getattr(facts, field.name)) for field in INCIDENT_FIELDS]
    answers += [(ROLES_FIELD, participation.roles) for participation in facts.participations]
    for field, given in answers:
        with noting(faults):
            require_answers(field, given)
    faults |= find_surplus(facts.own_terms)
    if faults:
        raise Invalid(**faults)


@cache
def _single_tables() -> tuple[dict[str, str], ...]:
    return tuple(single_reader(name) for name in ("contact_type", "police_service", "place", "raised_by"))


def _read(document: Document) -> IncidentFacts:
    contact_types, services, places, raisers = _single_tables()
    return IncidentFacts(
        date=VagueDate.parse(document["date"]),
        contact_type=contact_types[document["contact_type"]],
        police_service=services[document["police_service"]],
        place=places[document["place"]],
        status_surfaced=read_answers("status_surfaced", *read_list(document["status_surfaced"])),
        raised_by=raisers[document["raised_by"]],
        reasons=read_answers("reasons", *read_list(document["reasons"])),
        referral_types=read_answers("referral_types", *read_list(document["referral_types"])),
        cbsa_actions=read_answers("cbsa_actions", *read_list(document["cbsa_actions"])),
        detention_grounds=read_answers("detention_grounds", *read_list(document["detention_grounds"])),
        consequences=read_answers("consequences", *read_list(document["consequences"])),
        participations=tuple([_read_participation(entry) for entry in read_list(document["participations"])]),
        patterns=tuple([read_frequent_uuid(entry) for entry in read_list(document["patterns"])]),
        acts=tuple([read_act(entry) for entry in read_list(document["acts"])]) if "acts" in document else (),
        besides=_read_besides(document["besides"]) if "besides" in document else (),
        account_of=None if document.get("account_of") is None else read_uuid(document["account_of"]),
        told_apart=tuple([read_uuid(entry) for entry in read_list(document.get("told_apart", []))]),
        own_terms=read_chosen(document["own_terms"], _FIELDS) if "own_terms" in document else (),
        rejected=tuple([read_frequent_uuid(entry) for entry in read_list(document.get("rejected", []))]),
        logged_on=read_date(document["logged_on"]),
        logged_by=read_frequent_uuid(document["logged_by"]),
    )


def _read_participation(entry: Any) -> Participation:
    if type(entry) is not dict or entry.keys() != _PARTICIPATION_KEYS:
        raise unreadable()
    return Participation(read_uuid(entry["person"]), read_answers("roles", *read_list(entry["roles"])))


def _read_besides(entry: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if type(entry) is not dict or not entry.keys() <= set(_SEVERAL):
        raise unreadable()
    return tuple((field, read_answers(field, *read_list(entry[field]))) for field in sorted(entry))
