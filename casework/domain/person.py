"""A person in a case: who they are, coded facts about them, and what they consented to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from casework.errors import Invalid, noting

from .coded import PERSON_FIELDS, read_answers, require_answers, single_reader
from .consent import Consent as Consent
from .consent import known_code, read_consent
from .countable import GIVEN as GIVEN
from .countable import REFUSED as REFUSED
from .countable import WITHDRAWN as WITHDRAWN
from .countable import Countable
from .documents import Document, read_date, read_list, read_text, require_same, require_shape, unreadable
from .folding import clean_line, clean_text
from .merged import Aside, Merged, read_aside, read_merged
from .messages import N_
from .ownterm import Chosen, chosen_to_document, find_surplus, read_chosen
from .vocabulary import NOT_ASKED, UNKNOWN, code_list

STATISTICS, CASEWORK = "statistics", "casework"

_NOT_ASKED = (NOT_ASKED,)
_WHOLE_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_SINGLE = tuple(coded.name for coded in PERSON_FIELDS if not coded.multiple)
_SEVERAL = tuple(coded.name for coded in PERSON_FIELDS if coded.multiple)
_KEYS_1 = frozenset({"schema", *_SINGLE, *_SEVERAL, "consents"})
_KEYS_2 = _KEYS_1 | {"countable", "merged", "aside"}
_KEYS = _KEYS_2 | {"own_terms"}
_FIELDS = frozenset({*_SINGLE, *_SEVERAL})
_CONSENT_KEYS_1 = frozenset({"answer", "on"})
_NOT_COUNTABLE = Countable()


_NO_ANSWER = Consent()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """The coded facts of a person, and their consents by purpose; a purpose left out was not asked.

    `countable`, when their consent to statistics stood in the records, follows from them and is no answer.
    `merged` is set where the record was made of two, `aside` where another one stands for it.
    `own_terms` are finer answers of the organization's own, beside the codes: see `domain/ownterm.py`.
    """

    age_band: str = NOT_ASKED
    gender: str = NOT_ASKED
    racialised_identities: tuple[str, ...] = _NOT_ASKED
    immigration_status: str = NOT_ASKED
    region_of_origin: str = NOT_ASKED
    languages: tuple[str, ...] = _NOT_ASKED
    consents: Mapping[str, Consent] = field(default_factory=lambda: MappingProxyType({}))
    countable: Countable = field(default=_NOT_COUNTABLE, compare=False)
    merged: Merged | None = None
    aside: Aside | None = None
    own_terms: Chosen = ()

    def consent(self, purpose: str) -> Consent:
        """Give the answer to `purpose`, which is `not_asked` when nothing is kept of it."""
        return self.consents.get(purpose, _NO_ANSWER)

    def noted(self, before: "PersonFacts | None", at: datetime) -> "PersonFacts":
        """Give the facts as they are written down at `at`, after `before`; None for somebody new."""
        was = before or PersonFacts()
        answers = was.consent(STATISTICS).answer, self.consent(STATISTICS).answer
        return replace(self, countable=was.countable.noted(*answers, at))

    def was_counted(self, moment: datetime) -> bool:
        """Tell whether a table of `moment` may have counted them."""
        return self.countable.covers(moment, self.consent(STATISTICS).answer)

    @property
    def no_longer_counts(self) -> bool:
        """Whether they agreed to statistics once, and do so no longer, whatever their answer is called.

        Also where the answer still stands, and another record of theirs says no since.
        """
        return self.consent(STATISTICS).answer == WITHDRAWN or self.countable.until is not None

    @property
    def is_overruled(self) -> bool:
        """Whether the agreement that is kept does not hold, since another record of the person says no."""
        return self.consent(STATISTICS).answer == GIVEN and self.countable.until is not None

    def settled(self, has_said_no: bool, at: datetime) -> "PersonFacts":
        """Give the facts beside the person's other records, as of `at`: one `has_said_no`, or none."""
        if self.consent(STATISTICS).answer != GIVEN:
            return self
        return replace(self, countable=self.countable.settled(has_said_no, at))

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 3."""
        document: Document = {"schema": 3}
        document.update({name: getattr(self, name) for name in _SINGLE})
        document.update({name: list(getattr(self, name)) for name in _SEVERAL})
        document["consents"] = {purpose: consent.to_document() for purpose, consent in self.consents.items()}
        document["countable"] = self.countable.to_document()
        document["merged"] = self.merged.to_document() if self.merged else None
        document["aside"] = self.aside.to_document() if self.aside else None
        document["own_terms"] = chosen_to_document(self.own_terms)
        return document

    @classmethod
    def from_document(cls, document: Document) -> "PersonFacts":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given.

        Schema 1 knew of no merge, schema 2 of no own terms.
        """
        schema = document.get("schema") if type(document) is dict else None
        if schema == 1:
            document = _upgrade_1(document)
        elif schema == 2:
            require_shape(document, _KEYS_2, schema=2)
        else:
            require_shape(document, _KEYS, schema=3)
        try:
            answers: dict[str, Any] = {name: single_reader(name)[document[name]] for name in _SINGLE}
            answers |= {name: read_answers(name, *read_list(document[name])) for name in _SEVERAL}
            consents = {
                known_code(purpose, "consent_purpose"): read_consent(entry)
                for purpose, entry in document["consents"].items()
            }
            countable = Countable.from_document(document["countable"])
            merged, aside = read_merged(document["merged"]), read_aside(document["aside"])
            own_terms = read_chosen(document["own_terms"], _FIELDS) if "own_terms" in document else ()
        except (AttributeError, KeyError, TypeError, ValueError, Invalid):
            raise unreadable() from None
        return cls(
            **answers,
            consents=MappingProxyType(consents),
            countable=countable,
            merged=merged,
            aside=aside,
            own_terms=own_terms,
        )


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
    """Tell whether the person agreed to be counted in statistics; silence is no consent.

    Nor is an agreement beside which another record of theirs says no.
    """
    return person.consent(STATISTICS).answer == GIVEN and person.countable.until is None


def says_no(person: PersonFacts) -> bool:
    """Tell whether the person refused to be counted in statistics, or took their agreement back."""
    return person.consent(STATISTICS).answer in (REFUSED, WITHDRAWN)


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
    consent is of a later day: the fault names `consent_` with the purpose and `_on`. How somebody answered
    stands beside an answer only: else the fault names it with `_how`.
    """
    faults: dict[str, str] = {}
    for coded in PERSON_FIELDS:
        with noting(faults):
            require_answers(coded, getattr(person, coded.name))
    faults |= find_surplus(person.own_terms)
    known, answers, means = map(code_list, ("consent_purpose", "consent_answer", "consent_means"))
    bad = any(
        purpose not in known or consent.answer not in answers for purpose, consent in person.consents.items()
    )
    if bad or any(purpose not in person.consents for purpose in purposes):
        faults["consents"] = N_("Choose an answer for each purpose.")
    for purpose, consent in person.consents.items():
        if today is not None and consent.on is not None and consent.on > today:
            faults[f"consent_{purpose}_on"] = N_("This day has not come yet. Write the day of the answer.")
        if consent.how not in means:
            faults[f"consent_{purpose}_how"] = N_("Choose one of the listed answers.")
        elif consent.answer == NOT_ASKED != consent.how:
            faults[f"consent_{purpose}_how"] = N_("Choose what they answered, or leave out how.")
    if faults:
        raise Invalid(**faults)


def validate_identity(identity: PersonIdentity, today: date) -> None:
    """Raise `Invalid` naming `birth_date`, `email` or both, for what cannot be what the field asks for.

    A birth date is free text, people may know the year alone; but a whole one, as 1990-05-12, has to exist
    and to have come. An e-mail address may be missing; what stands there has the shape of one.
    """
    faults = {"birth_date": _fault_of_birth(identity.birth_date, today)}
    if identity.email and _ADDRESS.fullmatch(identity.email.strip()) is None:
        faults["email"] = N_("Write one address, as name@example.org. All else goes into the note.")
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid(**found)


def _fault_of_birth(text: str, today: date) -> str:
    if _WHOLE_DATE.fullmatch(text) is None:
        return ""
    try:
        born_on = date.fromisoformat(text)
    except ValueError:
        return N_("There is no such day. Write the birth date as far as it is known.")
    if born_on > today:
        return N_("This day has not come yet. Write the birth date as far as it is known.")
    return ""


def _upgrade_1(document: Document) -> Document:
    """Schema 1 said neither how an answer was given nor when it was written down, and knew of no merge."""
    require_shape(document, _KEYS_1, schema=1)
    consents = document["consents"]
    if type(consents) is not dict or any(
        type(entry) is not dict or entry.keys() != _CONSENT_KEYS_1 for entry in consents.values()
    ):
        raise unreadable()
    said = consents.get(STATISTICS, {"answer": NOT_ASKED, "on": None})
    on = None if said["on"] is None else read_date(said["on"])
    return {
        **document,
        "schema": 2,
        "consents": {purpose: {**entry, "how": NOT_ASKED} for purpose, entry in consents.items()},
        "countable": Countable.guessed(said["answer"], on).to_document(),
        "merged": None,
        "aside": None,
    }
