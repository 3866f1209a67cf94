"""A form of a follow-up from its first showing to its saving, the same way for every kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import redirect, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from casework.domain.followup import DETENTION, OF_DETENTION
from casework.services.cases import CaseView
from casework.services.context import Context
from casework.services.followups.reading import FollowUpView
from casework.services.offers import list_able
from casework.web import kept_form
from casework.web.comparing import tell_follow_up
from casework.web.forms.followups import FollowUpForm, form_of, shown_of
from casework.web.kept_form import Answer, Place
from casework.web.scripts import lead
from casework.web.threeway import start

_UNDO = "followed"


@dataclass(frozen=True)
class Desk:
    """A form with all that its page needs.

    `kind` is of the follow-up, `draft_kind` and `record` of the draft that the form is kept as. `shown` goes
    to the template beside them.
    """

    case: CaseView
    kind: str
    form: FollowUpForm
    draft_kind: str
    record: Mapping[str, UUID]
    shown: Mapping[str, Any] = field(default_factory=dict)


def new_form(
    context: Context,
    case: CaseView,
    kind: str,
    data: Mapping[str, object] | None = None,
    posted: MultiDict[str, str] | None = None,
) -> FollowUpForm:
    """Make a form of this kind, filled from what was posted, else from `data`, with today's date at least."""
    filled = {"kind": kind, "day": context.runtime.today().isoformat(), **(data or {})}
    form = form_of(kind)(formdata=posted, data=filled)
    form.offer(case, list_able(context, case.team_only, case.team - case.keyless, case.restricted))
    return form


def of_fields(
    context: Context, case: CaseView, view: FollowUpView, fields: MultiDict[str, str] | None
) -> FollowUpForm:
    """Return the form of a follow-up as it was posted or kept; without `fields` as it stands."""
    form = new_form(context, case, view.facts.kind, shown_of(view, context.runtime.today()), fields)
    if fields is None:
        start(form, tell_follow_up(form, view))
    return form


def serve(desk: Desk, save: Callable[[], Answer]) -> Answer:
    """Show the form, keep it as a draft, or save it, as `kept_form.serve`."""
    kept_as = desk.draft_kind, desk.record
    at = Place(desk.case.id, "follow-up")
    return kept_form.serve("followups/form.html", desk.form, kept_as, save, at, desk=desk, **desk.shown)


def lead_on(case_id: UUID, follow_up_id: UUID, kind: str, deed: str) -> Response:
    """Go back to where the follow-up stands, with the way to take the deed back.

    Only random ids are kept for it: what it says, and when it is due, stays out of the cookie.
    """
    if deed == "changed":
        spot = f"follow-up-{follow_up_id.hex}"
    else:
        spot = "clocks" if kind in {DETENTION, *OF_DETENTION} else "follow-ups"
    session[_UNDO] = {"case": str(case_id), "follow_up": str(follow_up_id), "deed": deed, "spot": spot}
    if request.form.get("back") == "today":
        return redirect(url_for("home.today"))
    return lead(redirect(url_for("cases.show", case_id=case_id, _anchor=spot)))


def take_undo() -> Mapping[str, str] | None:
    """Return what was done last, once: the ids, the deed, and the part of the page where it was."""
    found: Mapping[str, str] | None = session.pop(_UNDO, None)
    return found
