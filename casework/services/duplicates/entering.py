"""Who somebody new may be, asked on entry: a question costs one press there, and more is asked than later."""

from collections.abc import Iterable, Set
from uuid import UUID

from casework.analysis.duplicates.people import NONE, PHONE_DIGITS, Described, read_phone
from casework.analysis.duplicates.reasons import find_near, find_same
from casework.domain.incident import IncidentFacts
from casework.services.access import list_hidden
from casework.services.accounts.reviewing import list_meeting, read_known
from casework.services.books import FactBook, TextBook
from casework.services.context import Context
from casework.services.duplicates.reviewing import Somebody, find_somebody
from casework.services.namebook import list_words

_LEAST_WORDS = 2
"""One word alone is many people's name."""
_WITH_AREA_CODE = 10


def find_maybe(
    context: Context, told: Described, happened: IncidentFacts, likely: Iterable[Somebody]
) -> list[Somebody]:
    """Return who, in the cases that the member may open, may be somebody new of this incident, surest first.

    Those who are `likely` by all that is known; then who has the same telephone; then who is called the same,
    in two words or more; then who is called alike in an incident of the same day, service and opening.
    """
    found = {one.id: one for one in likely}
    facts, texts = context.runtime.casebook.both(context.keyring, context.runtime.now_seconds())
    hidden, beside = list_hidden(context, facts), _list_in_alike(facts, happened)
    called, reached = _list_called(texts, told.name), _list_reached(texts, told.phone)
    everybody = called | beside | reached
    order = (reached, called, beside)
    for person_id in sorted(everybody, key=lambda one: (*(one not in each for each in order), one)):
        one = find_somebody(facts, texts, hidden, person_id)
        if one is not None and (person_id in called | reached or _are_alike(told, one.told)):
            found.setdefault(person_id, one)
    return list(found.values())


def _list_called(texts: TextBook, name: str) -> frozenset[UUID]:
    """Return who has exactly these words as their name, in any order."""
    words = list_words(name)
    if min(len(name.split()), len(words)) < _LEAST_WORDS:
        return frozenset()
    having = frozenset.intersection(*(texts.called.get(word, frozenset()) for word in words))
    return frozenset(one for one in having if list_words(texts.names[one]) == words)


def _list_reached(texts: TextBook, phone: str) -> frozenset[UUID]:
    """Return who has this telephone number; the area code counts where both have it."""
    digits = _digits(phone)
    if read_phone(phone) == NONE:
        return frozenset()
    found = texts.identities.find(digits[-PHONE_DIGITS:])
    return frozenset(
        one for one in found if (told := texts.described.get(one)) and _fit(digits, _digits(told.phone))
    )


def _digits(phone: str) -> str:
    return "".join(filter(str.isdecimal, phone))[-_WITH_AREA_CODE:]


def _fit(one: str, other: str) -> bool:
    length = min(len(one), len(other))
    return length >= PHONE_DIGITS and one[-length:] == other[-length:]


def _list_in_alike(facts: FactBook, happened: IncidentFacts) -> Set[UUID]:
    """Return who was in an incident of this day, service and opening, where all of it is known."""
    span, kind = happened.date.span(), _kind(happened)
    if span is None or span[0] != span[1] or "" in kind:
        return frozenset()
    return {
        part.person_id
        for incident in list_meeting(facts, span)
        if incident.facts.date.span() == span and _kind(incident.facts) == kind
        for part in incident.facts.participations
    }


def _kind(facts: IncidentFacts) -> tuple[str, str]:
    service = read_known("police_service", facts.police_service)
    return service, read_known("contact_type", facts.contact_type)


def _are_alike(one: Described, other: Described) -> bool:
    return "name" in find_same(one, other) | find_near(one, other)
