"""People who probably stand in two cases, and what a member says of them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.accounts.reviewing import find_between
from casework.services.duplicates.deciding import SaidBefore, take_back, tell_apart, tell_same
from casework.services.duplicates.reviewing import review
from casework.services.merging.already import find_merge
from casework.web.access import requires
from casework.web.forms.posted import read_id, read_optional_id
from casework.web.identity import get_context
from casework.web.spots import lead_back_to_spot

pages = Blueprint("duplicates", __name__)

_UNDO = "decided"
_DEEDS = {"same": tell_same, "apart": tell_apart}
_WAS = {"same": True, "apart": False}


@pages.get("/cases/same-people")
@requires(Permission.EDIT_CASES)
def index() -> str:
    """List who probably stands in two cases, the surest first."""
    context = get_context()
    found = review(context)
    told = find_between(context, [(pair.left.id, pair.right.id) for pair in found.pairs])
    return render_template("duplicates/index.html", review=found, told=told, undo=take_undo())


@pages.post("/cases/same-people")
@requires(Permission.EDIT_CASES)
def decide() -> Response:
    """Say that two are one person, or are not, or take it back."""
    one, other = (read_id(request.form.get(name), "person") for name in ("one", "other"))
    deed, case_id = request.form.get("deed", ""), read_optional_id(request.form.get("case"))
    if deed not in (*_DEEDS, "undo"):
        raise NotFound("deed")
    try:
        said = _do(deed, one, other)
    except NotFound:
        if find_merge(get_context(), one, other):
            return redirect(url_for("merging.compare", person_id=one, other_person_id=other))
        raise
    if case_id is None:
        if said:
            flash(said, "good")
        return redirect(url_for("duplicates.index"))
    spot = f"person-{one.hex}"
    if said:
        return lead_back_to_spot(case_id, spot, said)
    return redirect(url_for("cases.show", case_id=case_id, _anchor=spot))


def take_undo() -> dict[str, Any] | None:
    """Return what was said last, once: {"deed", "one", and "fields" that take it back}."""
    found: dict[str, Any] | None = session.pop(_UNDO, None)
    return found


def _do(deed: str, one: UUID, other: UUID) -> str:
    """Do it; returns what there is to say of an undo, "" where the page offers one and says it there."""
    if deed == "undo":
        take_back(get_context(), one, other, _read_before())
        said: str = gettext("Taken back. What was said of these two before stands again.")
        return said
    before = _DEEDS[deed](get_context(), one, other)
    # Random ids only: who it is, and of which case, stays out of the cookie.
    fields = {"one": one.hex, "other": other.hex, "deed": "undo", "was": "", "cut": ""}
    if before.is_same is not None:
        fields["was"] = "same" if before.is_same else "apart"
    fields["cut"] = " ".join(each.hex for each in before.cut)
    session[_UNDO] = {"deed": deed, "one": one.hex, "fields": fields}
    return ""


def _read_before() -> SaidBefore:
    cut = (read_id(each, "person") for each in request.form.get("cut", "").split())
    return SaidBefore(_WAS.get(request.form.get("was", "")), tuple(cut))
