"""Two records of one person made into one: which answers differ, and what is kept of each."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from casework.errors import Invalid

from .coded import PERSON_FIELDS, normalise_multi
from .messages import N_
from .ownterm import choose_terms, chosen_of
from .person import IDENTITY_FIELDS, Consent, PersonFacts, PersonIdentity
from .vocabulary import NOT_ASKED, code_list

Side = tuple[PersonFacts, PersonIdentity]
"""One of the two records."""

LEFT = "left"
RIGHT = "right"
BOTH = "both"
EACH = "each"

OF_ITS_TIME = frozenset({"age_band", "immigration_status"})
"""What a record says of the time of its case's incidents: of two cases each may keep its own."""

CONSENT = "consent_"
"""What the name of a purpose of consent is preceded by."""

_NUMBERS = frozenset({"phone", "uci"})
_BETWEEN_DIGITS = re.compile(r"[\s().+-]")
_COUNTRY = re.compile(r"\A1(?=[0-9]{10}\Z)")
_YEAR = re.compile(r"[0-9]{4}")
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
    return tuple(name for name in list_names() if _differ(left, right, name))


def offered_choices(name: str, left: Side, right: Side, *, of_two_cases: bool = False) -> tuple[str, ...]:
    """Give what can be kept of two answers: both too, of two texts, or of codes that go together.

    Records `of_two_cases` may each keep what they say of their own time.
    """
    if of_two_cases and name in OF_ITS_TIME:
        return (LEFT, RIGHT, EACH)
    one, other = read_field(left, name), read_field(right, name)
    both = (name in IDENTITY_FIELDS or name in _SEVERAL) and one not in _EMPTY and other not in _EMPTY
    return (LEFT, RIGHT, BOTH) if both and _can_join(name, one, other) else (LEFT, RIGHT)


def propose_choice(name: str, left: Side, right: Side, *, of_two_cases: bool = False) -> str:
    """Give what is kept unless somebody chooses otherwise; "" where somebody has to choose.

    Of consents the stricter one: what was withdrawn or refused before what was not asked, that before a
    consent; of two that say the same, the later one. Of what is told of its time each case's own. Else the
    filled one; of two filled ones both, where both can be kept, but of two birth dates the finer.
    """
    one, other = read_field(left, name), read_field(right, name)
    offered = offered_choices(name, left, right, of_two_cases=of_two_cases)
    if name.startswith(CONSENT):
        return LEFT if _strictness(one) <= _strictness(other) else RIGHT
    if EACH in offered:
        return EACH
    if one == other and name not in IDENTITY_FIELDS:
        return _propose_terms(name, left, right, offered)
    if one in _EMPTY or other in _EMPTY:
        return RIGHT if one in _EMPTY else LEFT
    if name == "birth_date" and (finer := _find_finer(one, other)):
        return finer
    return BOTH if BOTH in offered else ""


def merge_people(
    left: Side,
    right: Side,
    choices: Mapping[str, str],
    terms: Mapping[str, str],
    *,
    of_two_cases: bool = False,
) -> tuple[PersonFacts, PersonIdentity]:
    """Give the one record, by a choice for each name that differs.

    Of both texts the left one takes the field, and the other goes to the note after its term. Where each case
    keeps its own, it is the left one's. Raises `Invalid` naming every field without a choice that is offered.
    """
    faults, kept, besides = dict[str, str](), dict[str, Any](), list[str]()
    for name in list_names():
        one, other = read_field(left, name), read_field(right, name)
        choice = choices.get(name, "") if _differ(left, right, name) else LEFT
        if choice not in offered_choices(name, left, right, of_two_cases=of_two_cases):
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
    own = {field.name: _keep_terms(field.name, left, right, choices) for field in PERSON_FIELDS}
    return PersonFacts(**kept, consents=MappingProxyType(asked), own_terms=choose_terms(own)), identity


def _differ(left: Side, right: Side, name: str) -> bool:
    return _says(left, name) != _says(right, name)


def _says(side: Side, name: str) -> tuple[Any, tuple[UUID, ...]]:
    """Give what a record says under a name, with the own terms beside it; a number however it is written."""
    said = read_field(side, name)
    return _digits(said) if name in _NUMBERS else said, chosen_of(side[0].own_terms, name)


def _digits(text: str) -> str:
    """Give the digits of a number, without the code of this country; any other text as it is."""
    digits = _BETWEEN_DIGITS.sub("", text)
    return _COUNTRY.sub("", digits) if digits.isdecimal() else text


def _propose_terms(name: str, left: Side, right: Side, offered: Collection[str]) -> str:
    """Give which own terms of one answer are kept: those of the record that has any, or both."""
    one, other = (chosen_of(side[0].own_terms, name) for side in (left, right))
    if not one or not other:
        return LEFT if one else RIGHT
    return BOTH if BOTH in offered else ""


def _keep_terms(name: str, left: Side, right: Side, choices: Mapping[str, str]) -> tuple[UUID, ...]:
    """Give the own terms of the answer that was chosen."""
    one, other = (chosen_of(side[0].own_terms, name) for side in (left, right))
    choice = choices.get(name, "") if _differ(left, right, name) else LEFT
    return (*one, *other) if choice == BOTH else other if choice == RIGHT else one


def _strictness(consent: Consent) -> tuple[int, int]:
    return _STRICTEST.index(consent.answer), -(consent.on.toordinal() if consent.on else 0)


def _find_finer(one: str, other: str) -> str:
    """Give which of two birth dates says more: beside a year alone, the date of that year."""
    if _YEAR.fullmatch(one) and re.search(rf"\b{one}\b", other):
        return RIGHT
    if _YEAR.fullmatch(other) and re.search(rf"\b{other}\b", one):
        return LEFT
    if other.startswith(f"{one}-") or one.startswith(f"{other}-"):
        return RIGHT if other.startswith(one) else LEFT
    return ""


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
