"""Before somebody new is saved: who in other cases they probably are, and what the member says of that."""

from contextlib import suppress
from uuid import UUID

from flask import flash, request
from flask_babel import gettext

from casework.errors import NotFound
from casework.services.books import describe
from casework.services.context import Context
from casework.services.duplicates.deciding import tell_apart, tell_same
from casework.services.duplicates.reviewing import find_likely
from casework.services.incidents import Logged
from casework.web.forms.incidents import IncidentForm
from casework.web.forms.posted import read_optional_id

_MOST_SHOWN = 3


def ask(form: IncidentForm, context: Context, case_id: UUID | None) -> bool:
    """Put who is probably here already onto the form, each with the place of whom they may be.

    Returns whether there is somebody to ask about; not once it was answered.
    """
    if "settle" in request.form:
        return False
    form.likely = [
        (place, somebody)
        for place, person in enumerate(form.to_draft().people)
        if person.person_id is None and person.identity is not None
        for somebody in find_likely(context, describe(person.identity), case_id)[:_MOST_SHOWN]
    ]
    return bool(form.likely)


def settle(context: Context, logged: Logged) -> None:
    """Note what the member said of those who were shown: one of them is the same, or none is."""
    answer, _, same = request.form.get("settle", "").partition(" ")
    for shown in [same] if answer == "same" else request.form.getlist("likely"):
        place, _, other = shown.partition(" ")
        other_id = read_optional_id(other)
        if other_id is None or place not in map(str, range(len(logged.people))):
            continue
        decide = tell_same if answer == "same" else tell_apart
        with suppress(NotFound):  # it may have gone to the bin meanwhile; the incident is saved all the same
            decide(context, logged.people[int(place)], other_id)
            if answer == "same":
                flash(gettext("Linked: each case says now where they also stand."), "good")
