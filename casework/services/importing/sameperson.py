"""One person over several rows of an incident: what one row says of them and another leaves out is one."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from uuid import UUID

from casework.domain.coded import PERSON_FIELDS, ROLES_FIELD, CodedField, normalise_multi
from casework.domain.consent import Consent
from casework.domain.folding import fold
from casework.domain.ownterm import Chosen, choose_terms, find_surplus
from casework.domain.person import PersonFacts, PersonIdentity
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN
from casework.errors import Invalid
from casework.services.importing.answers import ReadPerson

_SAYS_NOTHING = ("", NOT_ASKED, UNKNOWN)
_JOINED_BY_LINES = ("note",)


class _Contradiction(Exception):
    """Two rows say different things of them: they are two people."""


def add_person(people: list[ReadPerson], new: ReadPerson) -> None:
    """Add somebody to the people of an incident, or what is said of them to who is called the same.

    Two who are called the same are two where anything else that is said of both differs, an answer about
    consent too; so are two without a name.
    """
    for place, known in enumerate(people):
        if new.identity.name and _words(known.identity.name) == _words(new.identity.name):
            try:
                people[place] = _combine(known, new)
            except (_Contradiction, Invalid):
                continue
            return
    people.append(new)


def _words(name: str) -> list[str]:
    return sorted(fold(name).split())


def _combine(known: ReadPerson, new: ReadPerson) -> ReadPerson:
    """Raises _Contradiction, or Invalid where several answers do not go together."""
    facts, others = known.person, new.person
    answers = {
        field.name: _join_codes(field, getattr(facts, field.name), getattr(others, field.name))
        for field in PERSON_FIELDS
    }
    combined: PersonFacts = replace(
        facts,
        consents=_join_consents(facts.consents, others.consents),
        own_terms=_join_terms(facts.own_terms, others.own_terms),
        **answers,  # type: ignore[arg-type]
    )
    roles = _join_codes(ROLES_FIELD, known.roles, new.roles)
    return ReadPerson(combined, _join_identities(known.identity, new.identity), tuple(roles))


def _join_identities(known: PersonIdentity, new: PersonIdentity) -> PersonIdentity:
    told = {}
    for name, text in asdict(new).items():
        before = getattr(known, name)
        if name in _JOINED_BY_LINES:
            told[name] = "\n".join(dict.fromkeys(filter(None, (before, text))))
        elif name == "name":
            told[name] = before
        else:
            told[name] = _either(before, text, is_same=fold(before) == fold(text))
    return PersonIdentity(**told)


def _join_codes(
    field: CodedField, known: str | tuple[str, ...], new: str | tuple[str, ...]
) -> str | tuple[str, ...]:
    if isinstance(known, str) or isinstance(new, str):
        return _either(str(known), str(new), is_same=known == new)
    said = {*known, *new}
    return normalise_multi(field.name, (said - set(_SAYS_NOTHING)) or (said - {NOT_ASKED}))


def _join_consents(known: Mapping[str, Consent], new: Mapping[str, Consent]) -> Mapping[str, Consent]:
    joined = dict(known)
    for purpose, consent in new.items():
        before = known.get(purpose, Consent())
        if before != consent and NOT_ASKED not in (before.answer, consent.answer):
            raise _Contradiction
        joined[purpose] = consent if before.answer == NOT_ASKED else before
    return joined


def _join_terms(*chosen: Chosen) -> Chosen:
    given: dict[str, set[UUID]] = {}
    for field, ids in (entry for one in chosen for entry in one):
        given.setdefault(field, set()).update(ids)
    joined = choose_terms(given)
    if find_surplus(joined):
        raise _Contradiction
    return joined


def _either(known: str, new: str, *, is_same: bool) -> str:
    if is_same or new in _SAYS_NOTHING:
        return known
    if known not in _SAYS_NOTHING:
        raise _Contradiction
    return new
