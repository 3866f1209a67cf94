"""Incidents that two members probably told, side by side; and what a member says of them."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound
from casework.services.accounts.deciding import tell_one, tell_two, undecide
from casework.services.accounts.reviewing import list_accounts, review
from casework.services.accounts.whoiswho import ask_who, say_who
from casework.services.incidents import get_incident
from casework.services.membership.members import name_everybody
from casework.web.access import requires
from casework.web.comparing import compare_accounts
from casework.web.faults import flash_faults
from casework.web.forms.posted import read_id, read_optional_id
from casework.web.identity import get_context

pages = Blueprint("accounts", __name__)

_UNDO = "told_once"
_DEEDS = {
    "one": tell_one,
    "other": lambda context, main, other: tell_one(context, other, main),
    "two": tell_two,
    "undo": undecide,
}
_LINKING = "one", "other"
_SAY_WHO = "who"
_WHO = "who-"
_NOBODY = "nobody"
_NONE: Mapping[str, str] = MappingProxyType({})


@pages.get("/incidents/told-twice")
@requires(Permission.EDIT_CASES)
def index() -> str:
    """List which incidents two members probably told, those with most in common first."""
    context = get_context()
    names, undo = name_everybody(context), session.pop(_UNDO, None)
    return render_template("accounts/index.html", review=review(context), members=names, undo=undo)


@pages.get("/incidents/<uuid:incident_id>/beside/<uuid:other_incident_id>")
@requires(Permission.EDIT_CASES)
def compare(incident_id: UUID, other_incident_id: UUID) -> str:
    """Show two accounts side by side, each under its author."""
    return _show(incident_id, other_incident_id)


def _show(incident_id: UUID, other_incident_id: UUID, faults: Mapping[str, str] = _NONE) -> str:
    """Show two accounts, with what is wrong with what was posted of them, and that."""
    if incident_id == other_incident_id:
        raise NotFound("incident")
    context = get_context()
    views = [get_incident(context, each) for each in (incident_id, other_incident_id)]
    told = {one.id: one for one in list_accounts(context, [incident_id]).get(incident_id, ())}
    who = ask_who(context, *views)
    return render_template(
        "accounts/compare.html",
        views=views,
        who=who,
        chosen=request.form if faults else None,
        faults=faults,
        people={person.id: person for view in views for person in view.people},
        rows=compare_accounts(*views),
        members=name_everybody(context),
        is_linked=other_incident_id in told,
        main=next((one.id for one in told.values() if one.is_main), None),
    )


@pages.post("/incidents/told-twice")
@requires(Permission.EDIT_CASES)
def decide() -> Response | tuple[str, int]:
    """Say that two incidents are one, or are not, or take it back."""
    main, other = (read_id(request.form.get(name), "incident") for name in ("main", "other"))
    deed = request.form.get("deed", "")
    if deed not in (*_DEEDS, _SAY_WHO):
        raise NotFound("deed")
    # What is preset of people is no word of who says that these are two incidents.
    who = _read_who() if deed in (_SAY_WHO, *_LINKING) else {}
    beside = url_for("accounts.compare", incident_id=main, other_incident_id=other)
    try:
        if say_who(get_context(), main, other, who):
            flash(gettext("Noted: who is who in the two accounts."), "good")
    except Invalid as invalid:
        return _show(main, other, invalid.faults), 422
    try:
        if deed in _DEEDS:
            _DEEDS[deed](get_context(), main, other)
    except Invalid as invalid:
        flash_faults(invalid)
        return redirect(beside)
    if deed == "undo":
        flash(gettext("Taken back. Each of the two counts for itself."), "good")
    if "stay" in request.form:
        return redirect(beside)
    if deed != "undo":
        session[_UNDO] = {"main": main.hex, "other": other.hex, "is_one": deed == "one"}
    return redirect(url_for("accounts.index"))


def _read_who() -> dict[UUID, UUID | None]:
    """Return what was said of people, by the ids of those of the first account; None for nobody."""
    said: dict[UUID, UUID | None] = {}
    for name, value in request.form.items():
        person_id = read_optional_id(name.removeprefix(_WHO)) if name.startswith(_WHO) else None
        other_id = read_optional_id(value)
        if person_id and (other_id or value == _NOBODY):
            said[person_id] = other_id
    return said
