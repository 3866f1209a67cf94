"""A person in a case: who they are, coded facts about them, and what they consented to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from casework.errors import Invalid

from .coded import PERSON_FIELDS, read_answers, require_answers, single_reader
from .documents import Document, read_date, read_list, read_text, require_same, require_shape, unreadable
from .folding import clean_line, clean_text
from .merged import Aside, Merged, read_aside, read_merged
from .messages import N_
from .vocabulary import NOT_ASKED, UNKNOWN, code_list

GIVEN = "given"
STATISTICS = "statistics"

_NOT_ASKED = (NOT_ASKED,)
_WHOLE_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SINGLE = tuple(coded.name for coded in PERSON_FIELDS if not coded.multiple)
_SEVERAL = tuple(coded.name for coded in PERSON_FIELDS if coded.multiple)
_KEYS_1 = frozenset({"schema", *_SINGLE, *_SEVERAL, "consents"})
_KEYS = _KEYS_1 | {"merged", "aside"}
_CONSENT_KEYS = frozenset({"answer", "on"})


@dataclass(frozen=True, slots=True)
class Consent:
    """An answer to one purpose, with the day it was given when that is known."""

    answer: str = NOT_ASKED
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """The coded facts of a person, and their consents by purpose; a purpose left out was not asked.

    `merged` is set where the record was made of two, `aside` where another one stands for it.
    """

    age_band: str = NOT_ASKED
    gender: str = NOT_ASKED
    racialised_identities: tuple[str, ...] = _NOT_ASKED
    immigration_status: str = NOT_ASKED
    region_of_origin: str = NOT_ASKED
    languages: tuple[str, ...] = _NOT_ASKED
    consents: Mapping[str, Consent] = field(default_factory=lambda: MappingProxyType({}))
    merged: Merged | None = None
    aside: Aside | None = None

    def consent(self, purpose: str) -> Consent:
        """Give the answer to `purpose`, which is `not_asked` when nothing is kept of it."""
        return self.consents.get(purpose, Consent())

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 2."""
        document: Document = {"schema": 2}
        document.update({name: getattr(self, name) for name in _SINGLE})
        document.update({name: list(getattr(self, name)) for name in _SEVERAL})
        document["consents"] = {
            purpose: {"answer": consent.answer, "on": consent.on.isoformat() if consent.on else None}
            for purpose, consent in self.consents.items()
        }
        document["merged"] = self.merged.to_document() if self.merged else None
        document["aside"] = self.aside.to_document() if self.aside else None
        return document

    @classmethod
    def from_document(cls, document: Document) -> "PersonFacts":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given.

        Schema 1 knew of no merge.
        """
        is_first = type(document) is dict and document.keys() == _KEYS_1
        require_shape(document, *((_KEYS_1, 1) if is_first else (_KEYS, 2)))
        try:
            answers: dict[str, Any] = {name: single_reader(name)[document[name]] for name in _SINGLE}
            answers |= {name: read_answers(name, *read_list(document[name])) for name in _SEVERAL}
            consents = {
                _known(purpose, "consent_purpose"): _read_consent(entry)
                for purpose, entry in document["consents"].items()
            }
            notes = {} if is_first else _read_notes(document)
        except (AttributeError, KeyError, TypeError, ValueError, Invalid):
            raise unreadable() from None
        return cls(**answers, **notes, consents=MappingProxyType(consents))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonIdentity:
    """Who a person is: the fields that find them. All are optional text, tidied as they come in."""

    name: str = ""
    phone: str = ""
    email: str = ""
    birth_date: str = ""
    uci: str = ""
    address: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Tidy what was typed; `Invalid` when it cannot be kept."""
        for text in fields(self):
            clean = clean_text if text.name in {"address", "note"} else clean_line
            object.__setattr__(self, text.name, clean(getattr(self, text.name), text.name))

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {"schema": 1, **{text.name: getattr(self, text.name) for text in fields(self)}}

    @classmethod
    def from_document(cls, document: Document) -> "PersonIdentity":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        names = [text.name for text in fields(cls)]
        require_shape(document, {"schema", *names})
        identity = cls(**{name: read_text(document, name) for name in names})
        require_same(document, identity.to_document())
        return identity


IDENTITY_FIELDS = tuple(text.name for text in fields(PersonIdentity))


def may_count(person: PersonFacts) -> bool:
    """Tell whether the person agreed to be counted in statistics; silence is no consent."""
    return person.consent(STATISTICS).answer == GIVEN


def band_of_age(age: int) -> str:
    """Give the code of the age band that holds `age` (whole years); `unknown` outside 0 to 120."""
    for band in code_list("age_band"):
        attributes = band.attributes
        if "from_age" in attributes and attributes["from_age"] <= age <= attributes["to_age"]:
            return band.code
    return UNKNOWN


def validate_person(person: PersonFacts, purposes: Iterable[str] = (), *, today: date | None = None) -> None:
    """Raise `Invalid`, naming every field that is wrong, unless the facts may be kept.

    `purposes` are those that a form asked about; each needs an answer, `not_asked` included. With `today` no
    consent is of a later day: the fault names `consent_` with the purpose and `_on`.
    """
    faults: dict[str, str] = {}
    for coded in PERSON_FIELDS:
        try:
            require_answers(coded, getattr(person, coded.name))
        except Invalid as fault:
            faults.update(fault.faults)
    known, answers = code_list("consent_purpose"), code_list("consent_answer")
    bad = any(
        purpose not in known or consent.answer not in answers for purpose, consent in person.consents.items()
    )
    if bad or any(purpose not in person.consents for purpose in purposes):
        faults["consents"] = N_("Choose an answer for each purpose.")
    for purpose, consent in person.consents.items():
        if today is not None and consent.on is not None and consent.on > today:
            faults[f"consent_{purpose}_on"] = N_("This day has not come yet. Write the day of the answer.")
    if faults:
        raise Invalid(**faults)


def validate_identity(identity: PersonIdentity, today: date) -> None:
    """Raise `Invalid(birth_date=…)` for a whole date, as 1990-05-12, that does not exist or has not come yet.

    Otherwise a birth date is free text: people may know the year alone, or "in the spring of 1990".
    """
    if _WHOLE_DATE.fullmatch(identity.birth_date) is None:
        return
    try:
        born_on = date.fromisoformat(identity.birth_date)
    except ValueError:
        raise Invalid(
            birth_date=N_("There is no such day. Write the birth date as far as it is known.")
        ) from None
    if born_on > today:
        raise Invalid(birth_date=N_("This day has not come yet. Write the birth date as far as it is known."))


def _read_consent(entry: Any) -> Consent:
    if type(entry) is not dict or entry.keys() != _CONSENT_KEYS:
        raise unreadable()
    day = entry["on"]
    return Consent(_known(entry["answer"], "consent_answer"), None if day is None else read_date(day))


def _read_notes(document: Document) -> dict[str, Any]:
    return {"merged": read_merged(document["merged"]), "aside": read_aside(document["aside"])}


def _known(code: str, list_name: str) -> str:
    return code_list(list_name).term(code).code
