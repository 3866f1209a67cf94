"""Two records of one person made into one: which answers differ, and what is kept of each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from casework.errors import Invalid

from .coded import PERSON_FIELDS, normalise_multi
from .messages import N_
from .person import IDENTITY_FIELDS, Consent, PersonFacts, PersonIdentity
from .vocabulary import NOT_ASKED, code_list

Side = tuple[PersonFacts, PersonIdentity]
"""One of the two records."""

LEFT = "left"
RIGHT = "right"
BOTH = "both"

CONSENT = "consent_"
"""What the name of a purpose of consent is preceded by."""

_STRICTEST = ("withdrawn", "refused", NOT_ASKED, "given")
_EMPTY = ("", NOT_ASKED, (NOT_ASKED,))
_SEVERAL = frozenset(field.name for field in PERSON_FIELDS if field.multiple)


def list_purposes() -> tuple[str, ...]:
    """Give the purposes that a person may have consented to."""
    return code_list("consent_purpose").codes


def read_field(side: Side, name: str) -> Any:
    """Give what a record says under a name: a text, a code, several codes, or a `Consent`."""
    facts, identity = side
    if name.startswith(CONSENT):
        return facts.consent(name.removeprefix(CONSENT))
    return getattr(identity if name in IDENTITY_FIELDS else facts, name)


def list_names() -> tuple[str, ...]:
    """Give the names of all that a record says."""
    coded = (field.name for field in PERSON_FIELDS)
    return (*IDENTITY_FIELDS, *coded, *(CONSENT + purpose for purpose in list_purposes()))


def list_differing(left: Side, right: Side) -> tuple[str, ...]:
    """Give the names under which the two records differ."""
    return tuple(name for name in list_names() if read_field(left, name) != read_field(right, name))


def offered_choices(name: str) -> tuple[str, ...]:
    """Give what can be kept of two answers: for a text and where several are possible, both too."""
    both = name in IDENTITY_FIELDS or name in _SEVERAL
    return (LEFT, RIGHT, BOTH) if both else (LEFT, RIGHT)


def propose_choice(name: str, left: Side, right: Side) -> str:
    """Give what is kept unless somebody chooses otherwise; "" where somebody has to choose.

    Of consents the stricter one: what was withdrawn or refused before what was not asked, that before a
    consent; of two that say the same, the later one. Else the filled one; of two filled ones both, where both
    can be kept.
    """
    one, other = read_field(left, name), read_field(right, name)
    if name.startswith(CONSENT):
        return LEFT if _strictness(one) <= _strictness(other) else RIGHT
    if one in _EMPTY or other in _EMPTY:
        return RIGHT if one in _EMPTY else LEFT
    return BOTH if BOTH in offered_choices(name) and _can_join(name, one, other) else ""


def merge_people(
    left: Side, right: Side, choices: Mapping[str, str], terms: Mapping[str, str]
) -> tuple[PersonFacts, PersonIdentity]:
    """Give the one record, by a choice for each name that differs.

    Of both texts the left one takes the field, and the other goes to the note after its term. Raises
    `Invalid` naming every field without a choice that is offered.
    """
    faults, kept, besides = dict[str, str](), dict[str, Any](), list[str]()
    for name in list_names():
        one, other = read_field(left, name), read_field(right, name)
        choice = choices.get(name, "") if one != other else LEFT
        if choice not in offered_choices(name):
            faults[name] = N_("Choose which of the two is right.")
        elif choice == BOTH and name in IDENTITY_FIELDS:
            kept[name] = _join_texts(one, other) if name == "note" else one
            besides += [f"{terms[name]} {other}"] if name != "note" and other else []
        elif choice == BOTH:
            kept[name] = _join_codes(name, one, other, faults)
        else:
            kept[name] = other if choice == RIGHT else one
    if faults:
        raise Invalid(**faults)
    kept["note"] = _join_texts(kept["note"], "\n".join(besides))
    consents = {purpose: kept.pop(CONSENT + purpose) for purpose in list_purposes()}
    asked = {purpose: consent for purpose, consent in consents.items() if consent != Consent()}
    identity = PersonIdentity(**{name: kept.pop(name) for name in IDENTITY_FIELDS})
    return PersonFacts(**kept, consents=MappingProxyType(asked)), identity


def _strictness(consent: Consent) -> tuple[int, int]:
    return _STRICTEST.index(consent.answer), -(consent.on.toordinal() if consent.on else 0)


def _can_join(name: str, one: Any, other: Any) -> bool:
    return name in IDENTITY_FIELDS or not ({*one, *other} & code_list(_list_of(name)).exclusive)


def _join_codes(name: str, one: Any, other: Any, faults: dict[str, str]) -> Any:
    try:
        return normalise_multi(name, (*one, *other))
    except Invalid as fault:
        faults.update(fault.faults)
        return one


def _join_texts(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _list_of(name: str) -> str:
    return next(field.list_name for field in PERSON_FIELDS if field.name == name)
