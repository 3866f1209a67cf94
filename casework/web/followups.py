"""Follow-ups of a case: adding, changing, ticking off; a detention, its reviews, its end."""

from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from casework.domain.followup import DETENTION, RELEASE, REVIEW
from casework.domain.permissions import Permission
from casework.services import cases
from casework.services.followups import writing
from casework.services.followups.reading import get_detention, get_follow_up
from casework.web import drafts
from casework.web.access import requires
from casework.web.changes import save_follow_up
from casework.web.comparing import Row, tell_follow_up, tell_follow_up_form
from casework.web.conflicts import list_asked
from casework.web.followup_form import Desk, lead_on, new_form, of_fields, serve
from casework.web.forms.followups import AHEAD, BEHIND, ReleaseForm, ReviewForm
from casework.web.identity import get_context
from casework.web.kept_form import Answer

pages = Blueprint("followups", __name__)


@pages.route("/cases/<uuid:case_id>/follow-ups/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="follow_up")
def add(case_id: UUID) -> Answer:
    """Add a note, a call, a task, a hearing."""
    context, posted = get_context(), drafts.posted_or_kept()
    case = cases.get_case(context, case_id)
    asked = (posted or request.args).get("kind", "")
    kind = asked if asked in (*AHEAD, *BEHIND) else BEHIND[0]
    form = new_form(context, case, kind, posted=posted)

    def save() -> Answer:
        added = writing.add_follow_up(context, case_id, form.to_draft(), form.kept_as, form.form_id)
        return lead_on(case_id, added, kind, "added")

    return serve(Desk(case, kind, form, "follow_up", {"case_id": case_id}), save)


@pages.route("/cases/<uuid:case_id>/detentions/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="detention")
def detain(case_id: UUID) -> Answer:
    """Record a detention: from then on its clock runs."""
    context = get_context()
    case = cases.get_case(context, case_id)
    data = {"person": case.people[0].id.hex} if len(case.people) == 1 else {}
    form = new_form(context, case, DETENTION, data, drafts.posted_or_kept())

    def save() -> Answer:
        added = writing.add_follow_up(context, case_id, form.to_draft(), form.kept_as, form.form_id)
        return lead_on(case_id, added, DETENTION, "added")

    return serve(Desk(case, DETENTION, form, "detention", {"case_id": case_id}), save)


@pages.route("/cases/<uuid:case_id>/detentions/<uuid:detention_id>/review", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="detention_review")
def review(case_id: UUID, detention_id: UUID) -> Answer:
    """Record that a review was held: the clock moves on."""
    return _belonging(REVIEW, case_id, detention_id)


@pages.route("/cases/<uuid:case_id>/detentions/<uuid:detention_id>/release", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="release")
def release(case_id: UUID, detention_id: UUID) -> Answer:
    """Record that somebody is released: the clock ends."""
    return _belonging(RELEASE, case_id, detention_id)


@pages.route("/cases/<uuid:case_id>/follow-ups/<uuid:follow_up_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="follow_up_edit")
def edit(case_id: UUID, follow_up_id: UUID) -> Answer:
    """Change a follow-up."""
    context = get_context()
    found, case = get_follow_up(context, case_id, follow_up_id), cases.get_case(context, case_id)
    view, record = found.view, {"case_id": case_id, "follow_up_id": follow_up_id}
    form, theirs = of_fields(context, case, view, drafts.posted_or_kept()), list[Row]()
    if request.form.get("resolve") == "edit" and form.validate():
        theirs = list_asked(tell_follow_up_form(form), tell_follow_up(form, view))
    desk = Desk(case, view.facts.kind, form, "follow_up_edit", record, {"view": view, "theirs": theirs})
    return serve(desk, lambda: save_follow_up(context, form, view, case))


@pages.post("/cases/<uuid:case_id>/follow-ups/<uuid:follow_up_id>/done")
@requires(Permission.EDIT_CASES)
def tick(case_id: UUID, follow_up_id: UUID) -> Response:
    """Tick a task off, or take it up again."""
    context = get_context()
    reopens = request.form.get("deed") == "reopen"
    (writing.take_up_again if reopens else writing.tick_off)(context, case_id, follow_up_id)
    return lead_on(case_id, follow_up_id, "task", "reopened" if reopens else "done")


@pages.post("/cases/<uuid:case_id>/follow-ups/<uuid:follow_up_id>/delete")
@requires(Permission.EDIT_CASES)
def delete(case_id: UUID, follow_up_id: UUID) -> Response:
    """Delete a follow-up, or bring it back."""
    context, kind = get_context(), request.form.get("kind", "")
    restores = request.form.get("deed") == "restore"
    (writing.restore_follow_up if restores else writing.delete_follow_up)(context, case_id, follow_up_id)
    return lead_on(case_id, follow_up_id, kind, "restored" if restores else "deleted")


def _belonging(kind: str, case_id: UUID, detention_id: UUID) -> Answer:
    context = get_context()
    found, case = get_detention(context, case_id, detention_id), cases.get_case(context, case_id)
    form = new_form(context, case, kind, posted=drafts.posted_or_kept())
    assert isinstance(form, ReviewForm | ReleaseForm)  # noqa: S101 - form_of gives these for these kinds

    def save() -> Answer:
        draft = form.to_draft(detention_id)
        added = writing.add_follow_up(context, case_id, draft, form.kept_as, form.form_id)
        return lead_on(case_id, added, kind, "added")

    record = {"case_id": case_id, "detention_id": detention_id}
    return serve(Desk(case, kind, form, kind, record, {"detention": found.view}), save)
