"""The list of cases, and a case with its people and who may open it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services import cases, lists, newcomers
from casework.services.duplicates.reviewing import list_elsewhere
from casework.services.holding import hold_case, release_case
from casework.services.offers import list_accompaniers, list_colleagues
from casework.services.restricted.restricting import choose_access
from casework.services.stories.reading import find_stories
from casework.web import drafts, filters, followup_page, tagging
from casework.web.access import requires
from casework.web.act_form import take_undo as take_act
from casework.web.attachment_page import files_section
from casework.web.bin import take_undo
from casework.web.case_page import tell
from casework.web.case_timeline import arrange
from casework.web.changes import save_person
from casework.web.comparing import Rows, tell_person, tell_person_form
from casework.web.conflicts import list_asked
from casework.web.duplicates import take_undo as take_said
from casework.web.faults import show_faults
from casework.web.followup_form import take_undo as take_followed
from casework.web.forms.cases import AccessForm, HandOverForm, NewPersonForm, access_of
from casework.web.forms.closing import ReopeningForm
from casework.web.forms.people import days_of_consent
from casework.web.forms.posted import read_id, read_version
from casework.web.identity import get_context
from casework.web.kept_form import Place, serve
from casework.web.person_form import of_fields
from casework.web.scripts import lead
from casework.web.spots import lead_back_to_spot

pages = Blueprint("cases", __name__)

Answer = str | Response | tuple[str, int]


@pages.route("/cases", methods=["GET", "POST"])
@requires(Permission.READ_CASES)
def index() -> Answer:
    """List the cases that fit; a search is posted, and leads to an address that says nothing of it."""
    context = get_context()
    form, wanted = filters.read_filter(context)
    if request.method == "POST":
        return redirect(filters.address("cases.index", wanted))
    page = lists.list_cases(context, wanted)
    listing = filters.lay_out(form, wanted, page, "cases.index")
    return render_template("cases/index.html", listing=listing, binned=take_undo())


@pages.get("/cases/<uuid:case_id>")
@requires(Permission.READ_CASES)
def show(case_id: UUID) -> Answer:
    """Show a case: its story in time, its people, who may open it."""
    context = get_context()
    page = tell(context, cases.get_case(context, case_id))
    after = followup_page.describe(context, page.case)
    return render_template(
        "cases/show.html",
        page=page,
        undo=tagging.take_undo(),
        after=after,
        story=arrange(page, after),
        undo_after=take_followed(),
        undo_act=take_act(),
        undo_person=take_said(),
        unfinished=drafts.list_unfinished(case_id),
        reopening=ReopeningForm(formdata=None, data={"version": page.case.version}),
        elsewhere=list_elsewhere(context, case_id),
        stories=find_stories(context, page.case),
        bin_days=context.runtime.limits.bin_days,
        may_hold=context.may(Permission.HOLD_CASES),
        **files_section(context, case_id),
    )


@pages.route("/cases/<uuid:case_id>/people/<uuid:person_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="person")
def person(case_id: UUID, person_id: UUID) -> Answer:
    """Change a person: who they are, coded facts, consents."""
    context = get_context()
    view = cases.get_person(context, case_id, person_id)
    form = of_fields(context, view.person, drafts.posted_or_kept())
    theirs: Rows = []
    if request.method == "POST":
        if "save_draft" in request.form:
            return drafts.lead_back(drafts.keep_form("person", case_id=case_id, person_id=person_id))
        if form.validate():
            if request.form.get("resolve") == "edit":
                theirs = list_asked(tell_person_form(form), tell_person(form, view.person))
            else:
                return save_person(context, case_id, person_id, form, view.person.facts)
    record = {"case_id": case_id, "person_id": person_id}
    draft_url, begun = drafts.draft_url("person", **record), drafts.list_begun("person", record)
    shown = {"case_id": case_id, "view": view, "theirs": theirs, "kept_at": drafts.kept_at()}
    page = render_template("cases/person.html", form=form, draft_url=draft_url, begun=begun, **shown)
    return page, 422 if form.errors else 200


@pages.route("/cases/<uuid:case_id>/people/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="new_person")
def add_person(case_id: UUID) -> Answer:
    """Add somebody to an incident of a case."""
    context = get_context()
    case = cases.get_case(context, case_id)
    data = days_of_consent(context.runtime.today().isoformat())
    form = NewPersonForm(formdata=drafts.posted_or_kept(), data=dict(data))
    form.offer(case)

    def save() -> Response:
        incident_id = read_id(form.incident.data, "incident")
        person_id = newcomers.add_person(context, case_id, incident_id, form.to_draft(), form.kept_as)
        return lead(lead_back_to_spot(case_id, f"person-{person_id.hex}", gettext("Person added.")))

    kept_as, at = ("new_person", {"case_id": case_id}), Place(case_id, "person")
    return serve("cases/new_person.html", form, kept_as, save, at, case=case)


@pages.route("/cases/<uuid:case_id>/access", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES)
def access(case_id: UUID) -> Answer:
    """Change who may open a case."""
    context = get_context()
    case = cases.get_case(context, case_id)
    form = AccessForm(data=access_of(case))
    form.offer(list_colleagues(context))
    if form.validate_on_submit():
        try:
            choose_access(context, case_id, form.read_version, form.members, **form.chosen)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            said = gettext("Saved. Who may open this case has changed.")
            return lead(lead_back_to_spot(case_id, "access", said))
    return render_template("cases/access.html", form=form, case=case), 422 if form.errors else 200


@pages.post("/cases/<uuid:case_id>/hold")
@requires(Permission.HOLD_CASES)
def hold(case_id: UUID) -> Answer:
    """Put a case on legal hold, or lift the hold."""
    context, version = get_context(), read_version(request.form.get("version"))
    if request.form.get("deed") == "lift":
        release_case(context, case_id, version)
        flash(gettext("The hold is lifted. The case can be deleted again."), "good")
    else:
        hold_case(context, case_id, version)
        flash(gettext("On hold. Nobody can delete the case until a coordinator lifts the hold."), "good")
    return redirect(url_for("cases.show", case_id=case_id))


@pages.route("/cases/<uuid:case_id>/hand-over", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES)
def hand_over(case_id: UUID) -> Answer:
    """Let another member accompany a case."""
    context = get_context()
    page = tell(context, cases.get_case(context, case_id))
    form = HandOverForm(data={"was": page.case.facts.responsible.hex})
    form.offer(list_accompaniers(context, page.case.facts.responsible, page.case.heirs))
    if form.validate_on_submit():
        try:
            cases.hand_over(context, [case_id], form.chosen, form.read_was)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            said = gettext("Handed over. The case stands among the other member’s cases now.")
            return lead(lead_back_to_spot(case_id, "accompanied", said))
    return render_template("cases/hand_over.html", form=form, page=page), 422 if form.errors else 200
