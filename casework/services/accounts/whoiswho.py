"""Who of one account of an incident is who of the other: what members said, what is still to be said."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from casework.analysis.duplicates.reasons import find_same
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound
from casework.services.books import FactBook, describe
from casework.services.context import Context
from casework.services.duplicates.deciding import tell_apart, tell_same
from casework.services.duplicates.reaching import Reach
from casework.services.incidents import IncidentView
from casework.services.records import PersonView

_TWICE = N_(
    "Two people of one account cannot both be the same person of the other. Choose them once; for the other "
    "one choose somebody else or nobody. If somebody stands in one account twice, merge the two records "
    "first."
)


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody of the first account; of `others`, in the second one, nobody has said whether they are them.

    `likely` is the one of them who seems to be.
    """

    person_id: UUID
    others: Sequence[UUID]
    likely: UUID | None


@dataclass(frozen=True, slots=True)
class WhoIsWho:
    """Two accounts: who is known to be one person, each of the first before the second, and what is asked."""

    known: Sequence[tuple[UUID, UUID]]
    questions: Sequence[Question]


def ask_who(context: Context, one: IncidentView, other: IncidentView) -> WhoIsWho:
    """Return who is one person in two accounts that the member has opened, and of whom that is not said."""
    context.require(Permission.EDIT_CASES)
    facts, texts = context.runtime.casebook.both(context.keyring, context.runtime.now_seconds())
    mine, theirs = _named(one), _named(other)
    probable = {frozenset(pair[:2]) for pair in texts.comparisons.pairs() or ()}
    reach = Reach(context, facts)
    known, questions = _list_known(reach, mine, theirs), []
    for person_id, others in _list_unsaid(reach, facts, known, mine, theirs).items():
        likely = [
            each
            for each in others
            if frozenset((person_id, each)) in probable or _are_called_alike(mine[person_id], theirs[each])
        ]
        questions.append(Question(person_id, others, likely[0] if len(likely) == 1 else None))
    return WhoIsWho(known, questions)


def is_unsaid(context: Context, incident: UUID, other: UUID) -> bool:
    """Tell whether somebody in one account may be somebody in the other, and nobody has said whether."""
    context.require(Permission.READ_CASES)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    mine, theirs = (_ids(facts, incident_id) for incident_id in (incident, other))
    return bool(_list_open(context, facts, mine, theirs))


def say_who(context: Context, incident: UUID, other: UUID, answers: Mapping[UUID, UUID | None]) -> int:
    """Say of people of one account who of the other they are, None where nobody; returns how many were said.

    Each is a deed of its own. Left out is who is no longer in either account, or not the member's, and what
    somebody said meanwhile. Raises Invalid naming `who` where two of them are said to be the same.
    """
    context.require(Permission.EDIT_CASES)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    mine, theirs = (_ids(facts, incident_id) for incident_id in (incident, other))
    unsaid = _list_open(context, facts, mine, theirs)
    answered = {each: same for each, same in answers.items() if same in (None, *unsaid.get(each, ()))}
    named = [same for same in answered.values() if same is not None]
    if len(set(named)) < len(named):
        raise Invalid(who=_TWICE)
    said = 0
    for person_id, same in answered.items():
        with suppress(NotFound):
            if same is not None:
                tell_same(context, person_id, same)
            for each in unsaid.get(person_id, ()) if same is None else ():
                tell_apart(context, person_id, each)
            said += person_id in unsaid
    return said


def _named(view: IncidentView) -> Mapping[UUID, PersonView]:
    named = {part.person_id for part in view.facts.participations}
    return {person.id: person for person in view.people if person.id in named}


def _ids(facts: FactBook, incident_id: UUID) -> Sequence[UUID]:
    incident = facts.incidents.get(incident_id)
    return [part.person_id for part in incident.facts.participations] if incident else []


def _list_open(
    context: Context, facts: FactBook, mine: Iterable[UUID], theirs: Iterable[UUID]
) -> Mapping[UUID, Sequence[UUID]]:
    reach = Reach(context, facts)
    return _list_unsaid(reach, facts, _list_known(reach, mine, theirs), mine, theirs)


def _list_known(reach: Reach, mine: Iterable[UUID], theirs: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """Return who is who, as far as the member may know: over nobody of a case that they may not open."""
    return [(one, each) for one in mine for each in theirs if one == each or reach.are_same(one, each)]


def _list_unsaid(
    reach: Reach,
    facts: FactBook,
    known: Iterable[tuple[UUID, UUID]],
    mine: Iterable[UUID],
    theirs: Iterable[UUID],
) -> Mapping[UUID, Sequence[UUID]]:
    """Return for people of the first account whom they may be in the second, where nobody said whether."""
    taken = {person for pair in known for person in pair}
    apart = facts.different_people

    def are_two(one: UUID, other: UUID) -> bool:
        records = (one, *reach.list_same(one)), (other, *reach.list_same(other))
        return any((min(pair), max(pair)) in apart for pair in product(*records))

    unsaid = {
        person_id: [each for each in theirs if each not in taken and not are_two(person_id, each)]
        for person_id in mine
        if person_id not in taken
    }
    return {person_id: others for person_id, others in unsaid.items() if others}


def _are_called_alike(one: PersonView, other: PersonView) -> bool:
    return "name" in find_same(describe(one.identity), describe(other.identity))
