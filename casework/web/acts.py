"""Steps of an incident's pathway: recording, changing, removing them, and bringing them back."""

from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.services import acts
from casework.services.incidents import get_incident
from casework.web import drafts
from casework.web.access import requires
from casework.web.act_form import lead_back_to, new_form, of_fields, serve
from casework.web.changes import save_act
from casework.web.comparing import tell_act, tell_act_form
from casework.web.conflicts import list_asked
from casework.web.forms.acts import name_kind, shown_of_new
from casework.web.identity import get_context
from casework.web.kept_form import Answer

pages = Blueprint("acts", __name__)
pages.add_app_template_filter(name_kind, "step")


@pages.route("/incidents/<uuid:incident_id>/acts/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="act")
def add(incident_id: UUID) -> Answer:
    """Record a step of an incident's pathway."""
    context = get_context()
    incident = get_incident(context, incident_id)
    form = new_form(incident, shown_of_new(incident), drafts.posted_or_kept())

    def save() -> Answer:
        act_id = acts.record_act(context, incident_id, form.to_draft(), form.kept_as, form.form_id)
        return lead_back_to(incident.case_id, incident_id, act_id, "recorded")

    return serve(incident, form, ("act", {"incident_id": incident_id}), save)


@pages.route("/incidents/<uuid:incident_id>/acts/<uuid:act_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="act_edit")
def edit(incident_id: UUID, act_id: UUID) -> Answer:
    """Change a step."""
    context = get_context()
    view = acts.get_act(context, incident_id, act_id)
    form = of_fields(view, drafts.posted_or_kept())
    edits = request.form.get("resolve") == "edit" and form.validate()
    theirs = list_asked(tell_act_form(form), tell_act(form, view)) if edits else []
    kept_as = ("act_edit", {"incident_id": incident_id, "act_id": act_id})
    return serve(
        view.incident,
        form,
        kept_as,
        lambda: save_act(context, form, view),
        view=view,
        theirs=theirs,
    )


@pages.post("/incidents/<uuid:incident_id>/acts/<uuid:act_id>/remove")
@requires(Permission.EDIT_CASES)
def remove(incident_id: UUID, act_id: UUID) -> Response:
    """Remove a step, or bring it back."""
    restores = request.form.get("deed") == "restore"
    case_id = (acts.restore_act if restores else acts.remove_act)(get_context(), incident_id, act_id)
    return lead_back_to(case_id, incident_id, act_id, "restored" if restores else "removed")
