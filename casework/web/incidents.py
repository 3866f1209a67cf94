"""Logging, changing, listing and tagging incidents."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services import cases, incidents, lists
from casework.services.membership.members import name_everybody
from casework.services.records import PersonView
from casework.web import drafts, filters, incident_form, namesakes, tagging
from casework.web.access import requires
from casework.web.changes import save_incident
from casework.web.comparing import Rows, tell_incident, tell_incident_form
from casework.web.conflicts import list_asked
from casework.web.forms.incidents import IncidentForm
from casework.web.forms.lists import TagForm
from casework.web.forms.posted import read_optional_id
from casework.web.identity import get_context
from casework.web.once import KeptAs, has_form_to_fill
from casework.web.scripts import lead

pages = Blueprint("incidents", __name__)

Answer = str | Response | tuple[str, int]


@pages.route("/incidents/new", methods=["GET", "POST"])
@pages.route("/cases/<uuid:case_id>/incidents/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="incident")
def log(case_id: UUID | None = None) -> Answer:
    """Log an incident: in a new case with its people, or in a case that exists."""
    context = get_context()
    case = cases.get_case(context, case_id) if case_id else None
    if request.method == "GET" and not has_form_to_fill():
        return incident_form.with_id(case_id, like=request.args.get("like"), view=request.args.get("view"))
    form = incident_form.for_logging(context, case.people if case else (), case_id)
    kind, record = ("incident_in_case", {"case_id": case.id}) if case else ("incident", {})
    if request.method == "POST":
        if "save_draft" in request.form:
            return drafts.lead_back(drafts.keep_form(kind, **record))
        is_whole = not incident_form.resize(form, context) and form.validate()
        if is_whole and not namesakes.ask(form, context, case_id):
            try:
                logged = incidents.log_incident(context, form.to_draft(), case_id, form.kept_as, form.form_id)
            except Invalid as invalid:
                form.show(invalid)
            else:
                namesakes.settle(form, context, logged)
                return lead(incident_form.after_logging(logged, form, (kind, record)))
    people = case.people if case else ()
    members = name_everybody(context) if form.told_before else {}
    page = "incidents/quick.html" if form.is_quick else "incidents/log.html"
    return _show(page, form, (kind, record), people, case=case, members=members)


@pages.route("/incidents/<uuid:incident_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="incident")
def edit(incident_id: UUID) -> Answer:
    """Change an incident and its people."""
    context = get_context()
    view = incidents.get_incident(context, incident_id)
    form = incident_form.for_editing(context, view)
    theirs: Rows = []
    if request.method == "POST":
        if "save_draft" in request.form:
            return drafts.lead_back(drafts.keep_form("incident_edit", incident_id=incident_id))
        if not incident_form.resize(form, context) and form.validate():
            if request.form.get("resolve") == "edit":
                theirs = list_asked(tell_incident_form(form), tell_incident(form, view))
            else:
                try:
                    return save_incident(context, form, view)
                except Invalid as invalid:
                    form.show(invalid)
    kept_as = "incident_edit", {"incident_id": incident_id}
    return _show("incidents/edit.html", form, kept_as, view.people, view=view, theirs=theirs)


def _show(
    template: str, form: IncidentForm, kept_as: KeptAs, people: Iterable[PersonView], **shown: Any
) -> Answer:
    kind, record = kept_as
    page = render_template(
        template,
        form=form,
        blank=incident_form.blank_person(get_context()),
        draft_url=drafts.draft_url(kind, **record),
        begun=drafts.list_begun(kind, record),
        kept_at=drafts.kept_at(),
        kept={person.id.hex: person for person in people},
        **shown,
    )
    return page, 422 if form.errors else 200


@pages.route("/incidents", methods=["GET", "POST"])
@requires(Permission.READ_CASES)
def index() -> Answer:
    """List the incidents that fit; a search is posted, and leads to an address that says nothing of it."""
    form, wanted = filters.read_filter(get_context())
    if request.method == "POST":
        return redirect(filters.address("incidents.index", wanted))
    page = lists.list_incidents(get_context(), wanted)
    return render_template(
        "incidents/index.html",
        listing=filters.lay_out(form, wanted, page, "incidents.index"),
        names=form.names,
        active=form.active,
        undo=tagging.take_undo(),
        may_import=get_context().may(Permission.IMPORT_INCIDENTS),
    )


@pages.post("/incidents/tag")
@requires(Permission.TAG_INCIDENTS)
def tag() -> Answer:
    """Set a pattern on incidents or take it off, and go back to where they were ticked."""
    context = get_context()
    tagging.tag(context, TagForm(), is_undo="undo" in request.form)
    case_id = read_optional_id(request.form.get("case"))
    if case_id:
        return redirect(url_for("cases.show", case_id=case_id))
    _form, wanted = filters.read_filter(context)
    return redirect(filters.address("incidents.index", wanted))
