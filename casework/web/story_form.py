"""The form of a story, from its first showing to its saving; kept as somebody types, like other forms."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from casework.services.cases import CaseView
from casework.services.stories import reading
from casework.services.stories.agreeing import list_unasked
from casework.services.stories.reading import StoryView
from casework.services.stories.telling import offer_for
from casework.web import drafts, kept_form
from casework.web.forms.stories import StoryForm
from casework.web.identity import get_context
from casework.web.kept_form import Answer
from casework.web.once import KeptAs


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

    def save_and_lead() -> Answer:
        story_id = save()
        flash(_("Saved. Now go through what could identify somebody."), "good")
        return redirect(url_for("stories.show", case_id=case.id, story_id=story_id))

    def meet() -> dict[str, StoryView]:
        return {"view": _meet(form, case.id, kept_as[1]["story_id"])}

    page, unasked = "stories/write.html", list_unasked(get_context(), case)
    return kept_form.serve(
        page, form, kept_as, save_and_lead, meet=meet, case=case, view=view, unasked=unasked
    )


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
