"""Before an incident is saved: who is here already, who told it before, and what the member says of that."""

from contextlib import suppress
from uuid import UUID, uuid4

from flask import flash, request
from flask_babel import gettext

from casework.domain.incident import IncidentFacts, Participation
from casework.errors import Invalid, NotFound
from casework.services.accounts.deciding import tell_one, tell_two
from casework.services.accounts.reviewing import LikelyAccounts, find_accounts
from casework.services.books import describe
from casework.services.context import Context
from casework.services.duplicates.deciding import tell_apart, tell_same
from casework.services.duplicates.entering import find_maybe
from casework.services.duplicates.reviewing import Somebody, find_likely
from casework.services.incidents import IncidentDraft, Logged
from casework.services.once import was_saved
from casework.web.forms.incidents import IncidentForm

TOLD, LIKELY = "told", "likely-"
"""What the questions are called: of the incident, and, before the place of a row, of a person."""

ANOTHER, UNSURE = "another", "unsure"

_MOST_SHOWN = 3


def ask(form: IncidentForm, context: Context, case_id: UUID | None) -> bool:
    """Put who is probably here already, and what was probably told already, onto the form.

    Returns whether there is something to ask about that was not answered: nothing of a form that was saved
    before, whose people are here already for that reason.
    """
    draft = form.to_draft()
    happened = _happened(context, draft, [])
    newcomers = [
        (place, describe(person.identity))
        for place, person in enumerate(draft.people)
        if person.person_id is None and person.identity is not None
    ]
    maybe = [
        (place, one)
        for place, told in newcomers
        for one in find_maybe(context, told, happened, find_likely(context, told))
    ]
    form.likely = _first_of_each([pair for pair in maybe if pair[1].case_id != case_id])
    form.told_before = _told_before(context, draft, maybe)
    form.newcomers = {
        place: one.identity.name for place, one in enumerate(draft.people) if one.identity is not None
    }
    questions = _list_questions(form)
    form.settled = {name: request.form.get(name, "") for name in questions}
    form.unsettled = [name for name, offered in questions.items() if form.settled[name] not in offered]
    form.is_unsettled = bool(form.unsettled) and "settle" in request.form
    return bool(form.unsettled) and not (form.form_id and was_saved(context, form.form_id))


def settle(form: IncidentForm, context: Context, logged: Logged) -> None:
    """Note what the member said of those who were shown: who is the same, and what was told before."""
    for name, offered in _list_questions(form).items():
        answer = form.settled[name]
        shown = [one for one in offered if one not in (ANOTHER, UNSURE)]
        decided = shown if answer == ANOTHER else [answer] if answer in shown else []
        for other in decided:
            if name == TOLD:
                _settle_incident(context, logged, UUID(hex=other), answer != ANOTHER)
            else:
                place = int(name.removeprefix(LIKELY))
                _settle_person(context, logged, place, UUID(hex=other), answer != ANOTHER)


def _list_questions(form: IncidentForm) -> dict[str, list[str]]:
    """Return by the name of each question what can be answered."""
    questions: dict[str, list[str]] = {TOLD: []} if form.told_before else {}
    for pair in form.told_before:
        questions[TOLD].append(pair.right.id.hex)
    for place, somebody in form.likely:
        questions.setdefault(f"{LIKELY}{place}", []).append(somebody.id.hex)
    return {name: [*shown, ANOTHER, UNSURE] for name, shown in questions.items()}


def _first_of_each(found: list[tuple[int, Somebody]]) -> list[tuple[int, Somebody]]:
    places = [place for place, _somebody in found]
    return [pair for at, pair in enumerate(found) if places[:at].count(pair[0]) < _MOST_SHOWN]


def _told_before(
    context: Context, draft: IncidentDraft, found: list[tuple[int, Somebody]]
) -> list[LikelyAccounts]:
    """Return what was probably told already: by who of the case is in it, and by who others may be."""
    ids = [person.person_id or uuid4() for person in draft.people]
    also = {ids[place]: [one.id for at, one in found if at == place] for place, _somebody in found}
    return find_accounts(context, _happened(context, draft, ids), also)[:_MOST_SHOWN]


def _happened(context: Context, draft: IncidentDraft, people: list[UUID]) -> IncidentFacts:
    return IncidentFacts(
        date=draft.date,
        participations=tuple(map(Participation, people)),
        logged_on=context.runtime.today(),
        logged_by=context.member_id,
        **draft.answers,  # type: ignore[arg-type]  # the form has checked each answer
    )


def _settle_person(context: Context, logged: Logged, place: int, other: UUID, is_same: bool) -> None:
    if place >= len(logged.people):
        return
    decide = tell_same if is_same else tell_apart
    with suppress(NotFound):  # it may have gone to the bin meanwhile; the incident is saved all the same
        decide(context, logged.people[place], other)
        if is_same:
            flash(gettext("Linked: each case says now where they also stand."), "good")


def _settle_incident(context: Context, logged: Logged, told: UUID, is_same: bool) -> None:
    if logged.repeated:
        return
    # Each of two cases may open to somebody whom the other does not open to: then nothing is linked.
    with suppress(NotFound, Invalid):
        if is_same:
            _link(context, told, logged.incident_id)
            flash(gettext("Linked: two accounts of one incident. Statistics count it once."), "good")
        else:
            tell_two(context, logged.incident_id, told)


def _link(context: Context, told: UUID, new: UUID) -> None:
    """Let the first account count; the new one where the case of the first opens to fewer people."""
    try:
        tell_one(context, told, new)
    except Invalid:
        tell_one(context, new, told)
