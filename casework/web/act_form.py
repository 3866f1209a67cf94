"""The form of a step from its first showing to its saving, and the way back to where the step stands."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import redirect, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from casework.services.acts import ActView
from casework.services.incidents import IncidentView
from casework.web import kept_form
from casework.web.comparing import tell_act
from casework.web.forms.acts import ActForm, shown_of
from casework.web.kept_form import Answer, Place
from casework.web.once import KeptAs
from casework.web.scripts import lead
from casework.web.threeway import start

_UNDO = "act"


def new_form(
    incident: IncidentView, shown: Mapping[str, object], posted: MultiDict[str, str] | None
) -> ActForm:
    """Make the form, filled from what was posted, else from `shown`."""
    form = ActForm(formdata=posted, data=shown)
    form.offer(incident)
    return form


def of_fields(view: ActView, fields: MultiDict[str, str] | None) -> ActForm:
    """Return the form of a step as it was posted or kept; without `fields` as the step stands."""
    form = new_form(view.incident, shown_of(view), fields)
    if fields is None:
        start(form, tell_act(form, view))
    return form


def serve(
    incident: IncidentView,
    form: ActForm,
    kept_as: KeptAs,
    save: Callable[[], Answer],
    **shown: Any,
) -> Answer:
    """Show the form, keep it as a draft, or save it, as `kept_form.serve`."""
    at = Place(incident.case_id, "act")
    return kept_form.serve("acts/form.html", form, kept_as, save, at, incident=incident, **shown)


def lead_back_to(case_id: UUID, incident_id: UUID, act_id: UUID, deed: str) -> Response:
    """Go back to where the step stands, or stood, with the way to take the deed back.

    Only random ids are kept for it: what the step says stays out of the cookie.
    """
    session[_UNDO] = {"incident": str(incident_id), "act": str(act_id), "deed": deed}
    spot = f"pathway-{incident_id.hex}" if deed == "removed" else f"act-{act_id.hex}"
    return lead(redirect(url_for("cases.show", case_id=case_id, _anchor=spot)))


def take_undo() -> Mapping[str, str] | None:
    """Return what was done last, once: the ids and the deed."""
    found: Mapping[str, str] | None = session.pop(_UNDO, None)
    return found
