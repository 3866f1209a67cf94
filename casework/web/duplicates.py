"""People who probably stand in two cases, and what a member says of them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.accounts.reviewing import find_between
from casework.services.duplicates.deciding import forget_decision, tell_apart, tell_same
from casework.services.duplicates.reviewing import review
from casework.services.merging.already import find_merge
from casework.web.access import requires
from casework.web.forms.posted import read_id, read_optional_id
from casework.web.identity import get_context

pages = Blueprint("duplicates", __name__)

_UNDO = "decided"
_DEEDS = {"same": tell_same, "apart": tell_apart, "undo": forget_decision}


@pages.get("/cases/same-people")
@requires(Permission.EDIT_CASES)
def index() -> str:
    """List who probably stands in two cases, the surest first."""
    context = get_context()
    found = review(context)
    told = find_between(context, [(pair.left.id, pair.right.id) for pair in found.pairs])
    return render_template("duplicates/index.html", review=found, told=told, undo=session.pop(_UNDO, None))


@pages.post("/cases/same-people")
@requires(Permission.EDIT_CASES)
def decide() -> Response:
    """Say that two are one person, or are not, or take it back."""
    one, other = (read_id(request.form.get(name), "person") for name in ("one", "other"))
    deed = request.form.get("deed", "")
    if deed not in _DEEDS:
        raise NotFound("deed")
    try:
        _DEEDS[deed](get_context(), one, other)
    except NotFound:
        if find_merge(get_context(), one, other):
            return redirect(url_for("merging.compare", person_id=one, other_person_id=other))
        raise
    if deed == "undo":
        flash(gettext("Taken back. Nothing is said of these two any more."), "good")
    else:
        session[_UNDO] = {"one": one.hex, "other": other.hex, "is_same": deed == "same"}
    case_id: UUID | None = read_optional_id(request.form.get("case"))
    if case_id:
        return redirect(url_for("cases.show", case_id=case_id))
    return redirect(url_for("duplicates.index"))
