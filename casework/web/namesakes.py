"""Before an incident is saved: who is here already, who told it before, and what the member says of that."""

from contextlib import suppress
from uuid import UUID, uuid4

from flask import flash, request
from flask_babel import gettext

from casework.domain.incident import IncidentFacts, Participation
from casework.errors import NotFound
from casework.services.accounts.deciding import tell_one, tell_two
from casework.services.accounts.reviewing import LikelyAccounts, find_accounts
from casework.services.books import describe
from casework.services.context import Context
from casework.services.duplicates.deciding import tell_apart, tell_same
from casework.services.duplicates.reviewing import Somebody, find_likely
from casework.services.incidents import IncidentDraft, Logged
from casework.web.forms.incidents import IncidentForm
from casework.web.forms.posted import read_optional_id

_MOST_SHOWN = 3


def ask(form: IncidentForm, context: Context, case_id: UUID | None) -> bool:
    """Put who is probably here already, and what was probably told already, onto the form.

    Returns whether there is something to ask about; not once it was answered.
    """
    if "settle" in request.form:
        return False
    draft = form.to_draft()
    found = [
        (place, somebody)
        for place, person in enumerate(draft.people)
        if person.person_id is None and person.identity is not None
        for somebody in find_likely(context, describe(person.identity))
    ]
    form.likely = _first_of_each([pair for pair in found if pair[1].case_id != case_id])
    form.told_before = _told_before(context, draft, found)
    return bool(form.likely or form.told_before)


def settle(context: Context, logged: Logged) -> None:
    """Note what the member said of those who were shown: one person or incident is the same, or none is."""
    answer, _, one = request.form.get("settle", "").partition(" ")
    are_others = answer == "different"
    for shown in [one] if answer == "same" else request.form.getlist("likely") if are_others else ():
        _settle_person(context, logged, shown, answer == "same")
    for told in [one] if answer == "told" else request.form.getlist("told") if are_others else ():
        _settle_incident(context, logged, told, answer == "told")


def _first_of_each(found: list[tuple[int, Somebody]]) -> list[tuple[int, Somebody]]:
    places = [place for place, _somebody in found]
    return [pair for at, pair in enumerate(found) if places[:at].count(pair[0]) < _MOST_SHOWN]


def _told_before(
    context: Context, draft: IncidentDraft, found: list[tuple[int, Somebody]]
) -> list[LikelyAccounts]:
    """Return what was probably told already: by who of the case is in it, and by who others probably are."""
    ids = [person.person_id or uuid4() for person in draft.people]
    also = {ids[place]: [one.id for at, one in found if at == place] for place, _somebody in found}
    facts = IncidentFacts(
        date=draft.date,
        participations=tuple(map(Participation, ids)),
        logged_on=context.runtime.today(),
        logged_by=context.member_id,
        **draft.answers,  # type: ignore[arg-type]  # the form has checked each answer
    )
    return find_accounts(context, facts, also)[:_MOST_SHOWN]


def _settle_person(context: Context, logged: Logged, shown: str, is_same: bool) -> None:
    place, _, other = shown.partition(" ")
    other_id = read_optional_id(other)
    if other_id is None or place not in map(str, range(len(logged.people))):
        return
    decide = tell_same if is_same else tell_apart
    with suppress(NotFound):  # it may have gone to the bin meanwhile; the incident is saved all the same
        decide(context, logged.people[int(place)], other_id)
        if is_same:
            flash(gettext("Linked: each case says now where they also stand."), "good")


def _settle_incident(context: Context, logged: Logged, told: str, is_same: bool) -> None:
    other_id = read_optional_id(told)
    if other_id is None or logged.repeated:
        return
    with suppress(NotFound):
        if is_same:
            tell_one(context, other_id, logged.incident_id)
            flash(gettext("Linked: two accounts of one incident. Statistics count it once."), "good")
        else:
            tell_two(context, logged.incident_id, other_id)
