"""The form of a step from its first showing to its saving, and the way back to where the step stands."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from casework.errors import Invalid
from casework.services.incidents import IncidentView
from casework.web import drafts
from casework.web.forms.acts import ActForm

Answer = Response | tuple[str, int]
_UNDO = "act"


def new_form(
    incident: IncidentView, shown: Mapping[str, object], posted: MultiDict[str, str] | None
) -> ActForm:
    """Make the form, filled from what was posted, else from `shown`."""
    form = ActForm(formdata=posted, data=shown)
    form.offer(incident)
    return form


def serve(
    incident: IncidentView,
    form: ActForm,
    kept_as: tuple[str, Mapping[str, UUID]],
    save: Callable[[], Answer],
    **shown: Any,
) -> Answer:
    """Show the form, keep it as a draft, or save it; what cannot be saved comes back as it was, with why.

    `kept_as` is the kind of its draft, and the record that the draft belongs to.
    """
    kind, record = kept_as
    if request.method == "POST":
        if "save_draft" in request.form:
            return drafts.lead_back(drafts.keep_form(kind, **record))
        if form.validate() and request.form.get("resolve") != "edit":
            try:
                return save()
            except Invalid as invalid:
                form.show(invalid)
    page = render_template(
        "acts/form.html",
        form=form,
        incident=incident,
        draft_url=drafts.draft_url(kind, **record),
        kept_at=drafts.kept_at(),
        **shown,
    )
    return page, 422 if form.errors else 200


def lead_back_to(case_id: UUID, incident_id: UUID, act_id: UUID, deed: str) -> Response:
    """Go back to where the step stands, or stood, with the way to take the deed back.

    Only random ids are kept for it: what the step says stays out of the cookie.
    """
    session[_UNDO] = {"incident": str(incident_id), "act": str(act_id), "deed": deed}
    spot = f"pathway-{incident_id.hex}" if deed == "removed" else f"act-{act_id.hex}"
    return redirect(url_for("cases.show", case_id=case_id, _anchor=spot))


def take_undo() -> Mapping[str, str] | None:
    """Return what was done last, once: the ids and the deed."""
    found: Mapping[str, str] | None = session.pop(_UNDO, None)
    return found
