"""The form of a story, from its first showing to its saving; kept as somebody types, like other forms."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.errors import Conflict, Invalid
from casework.services.cases import CaseView
from casework.services.stories import reading
from casework.services.stories.agreeing import list_unasked
from casework.services.stories.reading import StoryView
from casework.services.stories.telling import offer_for
from casework.web import drafts, once
from casework.web.forms.stories import StoryForm
from casework.web.identity import get_context
from casework.web.once import KeptAs

Answer = Response | tuple[str, int]


def begin(case: CaseView, view: StoryView | None = None) -> StoryForm:
    """Return the form as it was posted or kept, else filled from a story, or empty."""
    fields = drafts.posted_or_kept()
    form = StoryForm(formdata=fields).offer(offer_for(case))
    if fields is None and view is not None:
        form.fill(view.story.draft, view.version)
    return form


def serve(
    form: StoryForm, kept_as: KeptAs, save: Callable[[], UUID], case: CaseView, view: StoryView | None = None
) -> Answer:
    """Show the form, keep it as a draft, or save it; what cannot be saved comes back as it was, with why."""
    kind, record = kept_as
    is_met = False
    if request.method == "POST":
        if "save_draft" in request.form:
            return drafts.lead_back(drafts.keep_form(kind, **record))
        if form.validate():
            try:
                story_id = save()
            except Invalid as invalid:
                form.show(invalid)
            except Conflict:
                view, is_met = _meet(form, case.id, record["story_id"]), True
            else:
                flash(_("Saved. Now go through what could identify somebody."), "good")
                return redirect(url_for("stories.show", case_id=case.id, story_id=story_id))
    once.name_form(form)
    page = render_template(
        "stories/write.html",
        form=form,
        case=case,
        view=view,
        unasked=list_unasked(get_context(), case),
        is_met=is_met,
        draft_url=drafts.draft_url(kind, **record),
        kept_at=drafts.kept_at(),
        begun=drafts.list_begun(kind, record),
    )
    return page, 409 if is_met else 422 if form.errors else 200


def _meet(form: StoryForm, case_id: UUID, story_id: UUID) -> StoryView:
    """Give back what was written, to be saved over what somebody else saved meanwhile."""
    view = reading.get_story(get_context(), case_id, story_id)
    form.version.data = str(view.version)
    form.form_errors.append(
        _(
            "Somebody else changed the story meanwhile. Below stands what you wrote: look at theirs,"
            " then save."
        )
    )
    return view
