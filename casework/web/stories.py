"""Pages of a story in its case: written, gone through, approved by somebody else."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.cases import get_case
from casework.services.context import Context
from casework.services.membership.members import name_everybody
from casework.services.stories import approving, reading, writing
from casework.web import story_form, story_words
from casework.web.access import requires
from casework.web.forms.posted import read_version
from casework.web.forms.stories import ChecksForm, LookedForm, WordsForm
from casework.web.identity import get_context

pages = Blueprint("stories", __name__)

Answer = Response | tuple[str, int]


@pages.route("/cases/<uuid:case_id>/stories/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="story_new")
def new(case_id: UUID) -> Answer:
    """Begin the story of a case."""
    context = get_context()
    case = get_case(context, case_id)
    form = story_form.begin(case)

    def save() -> UUID:
        return writing.create_story(context, case_id, form.to_draft(), form.kept_as, form.form_id)

    return story_form.serve(form, ("story_new", {"case_id": case_id}), save, case)


@pages.route("/cases/<uuid:case_id>/stories/<uuid:story_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES, keeps="story_edit")
def edit(case_id: UUID, story_id: UUID) -> Answer:
    """Write it anew."""
    context = get_context()
    view = reading.get_open_story(context, case_id, story_id)
    form = story_form.begin(view.case, view)

    def save() -> UUID:
        version = read_version(form.version.data)
        draft = form.to_draft()
        writing.change_story(context, case_id, story_id, version, draft, form.kept_as, form.form_id)
        return story_id

    kept_as = ("story_edit", {"case_id": case_id, "story_id": story_id})
    return story_form.serve(form, kept_as, save, view.case, view)


@pages.get("/cases/<uuid:case_id>/stories/<uuid:story_id>")
@requires(Permission.EDIT_CASES)
def show(case_id: UUID, story_id: UUID) -> Answer:
    """Show a story with what was found in it, and what can be done."""
    return _show(get_context(), case_id, story_id)


@pages.post("/cases/<uuid:case_id>/stories/<uuid:story_id>/submit")
@requires(Permission.EDIT_CASES)
def submit(case_id: UUID, story_id: UUID) -> Answer:
    """Ask somebody else to approve it."""
    context, form = get_context(), ChecksForm()
    try:
        version = read_version(form.version.data)
        writing.submit_story(context, case_id, story_id, version, form.checks, form.reasons)
    except Invalid as invalid:
        return _show(context, case_id, story_id, invalid)
    flash(_("Submitted. A coordinator who wrote nothing of the story can approve it now."), "good")
    return redirect(url_for("stories.show", case_id=case_id, story_id=story_id))


@pages.post("/cases/<uuid:case_id>/stories/<uuid:story_id>/pull-back")
@requires(Permission.EDIT_CASES)
def pull_back(case_id: UUID, story_id: UUID) -> Answer:
    """Make what waits for approval a draft again."""
    version = read_version(request.form.get("version"))
    writing.pull_back_story(get_context(), case_id, story_id, version)
    flash(_("Taken back. The story is a draft again, as you wrote it."), "good")
    return redirect(url_for("stories.show", case_id=case_id, story_id=story_id))


@pages.post("/cases/<uuid:case_id>/stories/<uuid:story_id>/return")
@requires(Permission.APPROVE_RELEASES)
def give_back(case_id: UUID, story_id: UUID) -> Answer:
    """Give it back to its writers, with a note."""
    context, form = get_context(), WordsForm()
    version = read_version(form.version.data)
    try:
        writing.return_story(context, case_id, story_id, version, form.note.data or "")
    except Invalid as invalid:
        return _show(context, case_id, story_id, invalid)
    flash(_("The story went back to its writers, with your note."), "good")
    return redirect(url_for("stories.show", case_id=case_id, story_id=story_id))


@pages.post("/cases/<uuid:case_id>/stories/<uuid:story_id>/approve")
@requires(Permission.APPROVE_RELEASES)
def approve(case_id: UUID, story_id: UUID) -> Answer:
    """Publish it as it was seen."""
    context, form = get_context(), LookedForm()
    version, looked = read_version(form.version.data), form.looked.data or ()
    try:
        approving.approve_story(context, case_id, story_id, version, form.mark.data or "", looked)
    except Invalid as invalid:
        return _show(context, case_id, story_id, invalid)
    flash(_("Approved. Its files stand below."), "good")
    return redirect(url_for("storybook.show", story_id=story_id))


@pages.post("/cases/<uuid:case_id>/stories/<uuid:story_id>/discard")
@requires(Permission.EDIT_CASES)
def discard(case_id: UUID, story_id: UUID) -> Answer:
    """Throw a draft away."""
    writing.discard_story(get_context(), case_id, story_id, read_version(request.form.get("version")))
    flash(_("Draft thrown away."), "good")
    return redirect(url_for("cases.show", case_id=case_id, _anchor="stories"))


def _show(context: Context, case_id: UUID, story_id: UUID, invalid: Invalid | None = None) -> Answer:
    view, names = reading.get_story(context, case_id, story_id), name_everybody(context)
    checks = ChecksForm.of(view.story, view.asked)
    looked, words = LookedForm().ask(view.story, view.asked, names), WordsForm()
    if invalid:
        form = next(
            (form for form in (looked, words) if any(name in form for name in invalid.faults)), checks
        )
        form.show(invalid)
    page = render_template(
        "stories/show.html",
        view=view,
        checks=checks,
        looked=looked,
        form=words,
        may_approve=view.may_be_approved_by(context),
        is_own=context.member_id in view.story.writers,
        is_coordinator=context.may(Permission.APPROVE_RELEASES),
        names=names,
        words=story_words,
    )
    return page, 422 if invalid else 200
