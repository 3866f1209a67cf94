"""Saving a changed incident, person, follow-up or step; where somebody else changed it too, both changes."""

from uuid import UUID

from flask_babel import gettext

from casework.domain.person import PersonFacts
from casework.services import acts, cases, incidents
from casework.services.acts import ActView
from casework.services.cases import CaseView
from casework.services.context import Context
from casework.services.followups import writing
from casework.services.followups.reading import FollowUpView, get_follow_up
from casework.services.incidents import IncidentView
from casework.web import act_form, followup_form, incident_form, person_form
from casework.web import comparing as told
from casework.web.conflicts import Answer, Standing, save
from casework.web.consent_days import hint_at_days, redate_facts, redate_people, tell_redated
from casework.web.forms.acts import ActForm
from casework.web.forms.cases import PersonForm
from casework.web.forms.followups import FollowUpForm
from casework.web.forms.incidents import IncidentForm
from casework.web.forms.posted import read_drafts
from casework.web.scripts import lead
from casework.web.spots import lead_back_to_spot


def save_incident(context: Context, form: IncidentForm, view: IncidentView) -> Answer:
    """Save a changed incident, or ask about both versions; raises Invalid."""
    spot = f"incident-{view.id.hex}"

    def write(form: IncidentForm) -> None:
        version, kept_as = form.read_version, form.kept_as
        asked = form.to_draft()
        draft = redate_people(view.people, asked)
        incidents.change_incident(context, view.id, version, draft, kept_as)
        tell_redated((one.facts for one in asked.people), (one.facts for one in draft.people))

    def read() -> Standing:
        now = incidents.get_incident(context, view.id)
        standing = incident_form.of_fields(context, now, None)
        return Standing(
            what=now.reference,
            case_id=now.case_id,
            record_id=now.id,
            version=now.version,
            spot=spot,
            form=standing,
            sheet=told.tell_incident(standing, now),
            refill=lambda fields: incident_form.of_fields(context, now, fields),
            tidy=lambda fields: incident_form.without_repeated(context, now, fields),
            tell=told.tell_incident_form,
            people={each: (one.id, one.version) for one in now.people for each in one.ids},
        )

    said = gettext("Incident saved.")
    return save(context, form, write, read, lambda: lead(lead_back_to_spot(view.case_id, spot, said)))


def save_person(
    context: Context, case_id: UUID, person_id: UUID, form: PersonForm, before: PersonFacts
) -> Answer:
    """Save a changed person, or ask about both versions; raises Invalid."""

    def write(form: PersonForm) -> None:
        version, asked, identity = form.read_version, form.to_facts(), form.to_identity()
        facts = redate_facts(before, asked)
        cases.change_person(context, case_id, person_id, version, facts, identity, read_drafts(form))
        tell_redated([asked], [facts])
        hint_at_days(before, facts)

    def read() -> Standing:
        now = cases.get_person(context, case_id, person_id)
        standing = person_form.of_fields(context, now.person, None)
        return Standing(
            what=now.reference,
            case_id=case_id,
            record_id=now.person.id,
            version=now.person.version,
            spot=f"person-{now.person.id.hex}",
            form=standing,
            sheet=told.tell_person(standing, now.person),
            refill=lambda fields: person_form.of_fields(context, now.person, fields),
            tell=told.tell_person_form,
        )

    said = gettext("Saved. What you changed of the person is kept.")
    spot = f"person-{person_id.hex}"
    return save(context, form, write, read, lambda: lead(lead_back_to_spot(case_id, spot, said)))


def save_follow_up(context: Context, form: FollowUpForm, view: FollowUpView, case: CaseView) -> Answer:
    """Save a changed follow-up, or ask about both versions; raises Invalid."""
    place = view.case_id, view.id

    def write(form: FollowUpForm) -> None:
        writing.change_follow_up(context, *place, form.read_version, form.to_draft(), form.kept_as)

    def read() -> Standing:
        now = get_follow_up(context, *place)
        standing = followup_form.of_fields(context, case, now.view, None)
        return Standing(
            what=now.reference,
            case_id=view.case_id,
            record_id=view.id,
            version=now.view.version,
            spot=f"follow-up-{view.id.hex}",
            form=standing,
            sheet=told.tell_follow_up(standing, now.view),
            refill=lambda fields: followup_form.of_fields(context, case, now.view, fields),
            tell=told.tell_follow_up_form,
        )

    return save(context, form, write, read, lambda: followup_form.lead_on(*place, view.facts.kind, "changed"))


def save_act(context: Context, form: ActForm, view: ActView) -> Answer:
    """Save a changed step of the pathway, or ask about both versions; raises Invalid."""
    place = view.incident.id, view.act.id

    def write(form: ActForm) -> None:
        acts.change_act(context, *place, form.read_version, form.to_draft(), form.kept_as)

    def read() -> Standing:
        now = acts.get_act(context, *place)
        standing = act_form.of_fields(now, None)
        return Standing(
            what=now.incident.reference,
            case_id=now.incident.case_id,
            record_id=now.incident.id,
            part=now.act.id,
            version=now.act.version,
            spot=f"act-{now.act.id.hex}",
            form=standing,
            sheet=told.tell_act(standing, now),
            refill=lambda fields: act_form.of_fields(now, fields),
            tell=told.tell_act_form,
        )

    return save(
        context, form, write, read, lambda: act_form.lead_back_to(view.incident.case_id, *place, "changed")
    )
