"""A lost race: both versions side by side, so that neither is lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.person import PersonFacts
from casework.errors import Conflict
from casework.services import acts, cases, incidents
from casework.services.acts import ActView
from casework.services.context import Context
from casework.services.followups import writing
from casework.services.followups.reading import FollowUpView, get_follow_up
from casework.services.incidents import IncidentView
from casework.web.act_form import lead_back_to
from casework.web.comparing import Rows, compare_act, compare_follow_up, compare_incident, compare_person
from casework.web.consent_days import hint_at_days
from casework.web.followup_form import lead_on
from casework.web.forms.acts import ActForm
from casework.web.forms.cases import PersonForm
from casework.web.forms.followups import FollowUpForm
from casework.web.forms.incidents import IncidentForm
from casework.web.forms.posted import read_drafts, read_optional_id
from casework.web.scripts import lead
from casework.web.spots import lead_back_to_spot

Answer = Response | tuple[str, int]

_RECORDS = {"act", "follow_up", "incident", "person"}
# What says which version was read, not what was written.
_NOT_WRITTEN = {"csrf_token", "version", "resolve"}


@dataclass(frozen=True)
class Meeting:
    """Two versions of a record, as errors/409.html shows them; `fields` and `version` save mine."""

    what: str
    rows: Rows
    action_url: str
    fields: Sequence[tuple[str, str]]
    version: int
    theirs_url: str


def save_incident(context: Context, form: IncidentForm, view: IncidentView) -> Answer:
    """Save a changed incident, or show both versions; raises Invalid."""
    draft = form.to_draft()
    if _wins(lambda: incidents.change_incident(context, view.id, form.read_version, draft, form.kept_as)):
        return lead(lead_back_to_spot(view.case_id, f"incident-{view.id.hex}", gettext("Incident saved.")))
    now = incidents.get_incident(context, view.id)
    return show(
        Meeting(
            what=now.reference,
            rows=compare_incident(form, now),
            action_url=request.path,
            fields=_written({each: person.version for person in now.people for each in person.ids}),
            version=now.version,
            theirs_url=url_for("cases.show", case_id=now.case_id, _anchor=f"incident-{view.id.hex}"),
        )
    )


def save_person(
    context: Context, case_id: UUID, person_id: UUID, form: PersonForm, before: PersonFacts
) -> Answer:
    """Save a changed person, or show both versions; raises Invalid."""
    identity, facts = form.to_identity(), form.to_facts()
    read, kept_as = form.read_version, read_drafts(form)
    if _wins(lambda: cases.change_person(context, case_id, person_id, read, facts, identity, kept_as)):
        said = gettext("Saved. What you changed of the person is kept.")
        hint_at_days(before, facts)
        return lead(lead_back_to_spot(case_id, f"person-{person_id.hex}", said))
    now = cases.get_person(context, case_id, person_id)
    return show(
        Meeting(
            what=now.reference,
            rows=compare_person(form, now.person),
            action_url=request.path,
            fields=_written({}),
            version=now.person.version,
            theirs_url=url_for("cases.show", case_id=case_id, _anchor=f"person-{person_id.hex}"),
        )
    )


def save_follow_up(context: Context, form: FollowUpForm, view: FollowUpView) -> Answer:
    """Save a changed follow-up, or show both versions; raises Invalid."""
    draft, place = form.to_draft(), (view.case_id, view.id)
    if _wins(lambda: writing.change_follow_up(context, *place, form.read_version, draft, form.kept_as)):
        return lead_on(*place, view.facts.kind, "changed")
    now = get_follow_up(context, *place)
    return show(
        Meeting(
            what=now.reference,
            rows=compare_follow_up(form, now.view),
            action_url=request.path,
            fields=_written({}),
            version=now.view.version,
            theirs_url=url_for("cases.show", case_id=view.case_id, _anchor=f"follow-up-{view.id.hex}"),
        )
    )


def save_act(context: Context, form: ActForm, view: ActView) -> Answer:
    """Save a changed step of the pathway, or show both versions; raises Invalid."""
    draft, place = form.to_draft(), (view.incident.id, view.act.id)
    if _wins(lambda: acts.change_act(context, *place, form.read_version, draft, form.kept_as)):
        return lead_back_to(view.incident.case_id, *place, "changed")
    now = acts.get_act(context, *place)
    return show(
        Meeting(
            what=now.incident.reference,
            rows=compare_act(form, now),
            action_url=request.path,
            fields=_written({}),
            version=now.act.version,
            theirs_url=url_for("cases.show", case_id=view.incident.case_id, _anchor=f"act-{view.act.id.hex}"),
        )
    )


def show(meeting: Meeting) -> Answer:
    """Render the page of a lost race."""
    return render_template("errors/409.html", conflict=meeting), 409


def _wins(save: Callable[[], object]) -> bool:
    try:
        save()
    except Conflict as conflict:
        if conflict.args[0] not in _RECORDS:
            raise
        return False
    return True


def _written(versions: Mapping[UUID, int]) -> list[tuple[str, str]]:
    """Return all that was posted, each known person with the version that stands now."""
    fields = []
    for name, value in request.form.items(multi=True):
        if name.endswith("-version"):
            person_id = read_optional_id(request.form.get(name.removesuffix("version") + "person_id"))
            value = str(versions.get(person_id, value)) if value and person_id else value
        if name not in _NOT_WRITTEN:
            fields.append((name, value))
    return fields
