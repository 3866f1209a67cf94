"""Pages of the stories that were approved: read, taken along as files, withdrawn."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.reports.stories.files import list_files
from casework.services.context import Context
from casework.services.releases.doubt import find_doubt
from casework.services.stories import approving, reading
from casework.services.stories.files import give_file
from casework.web import story_words
from casework.web.access import requires
from casework.web.casefile import send
from casework.web.faults import show_faults
from casework.web.forms.posted import read_version
from casework.web.forms.stories import WordsForm
from casework.web.identity import get_context

pages = Blueprint("storybook", __name__)

Answer = AnyResponse | tuple[str, int]


@pages.get("/stories")
@requires(Permission.COMPOSE_RELEASES)
def index() -> str:
    """List the stories that were approved, and to who may open their cases those on their way."""
    context = get_context()
    return render_template(
        "stories/index.html",
        published=reading.list_published(context),
        coming=reading.list_on_their_way(context),
        doubt=find_doubt(context),
        may_write=context.may(Permission.EDIT_CASES),
        words=story_words,
    )


@pages.get("/stories/<uuid:story_id>")
@requires(Permission.COMPOSE_RELEASES)
def show(story_id: UUID) -> Answer:
    """Show an approved story and its files."""
    return _show(get_context(), story_id, WordsForm())


@pages.get("/stories/<uuid:story_id>/files/<name>")
@requires(Permission.COMPOSE_RELEASES)
def download(story_id: UUID, name: str) -> Response:
    """Give out a file of a story."""
    return send(*give_file(get_context(), story_id, name))


@pages.post("/stories/<uuid:story_id>/withdraw")
@requires(Permission.APPROVE_RELEASES)
def withdraw(story_id: UUID) -> Answer:
    """Withdraw it, with a reason that everybody may read."""
    context, form = get_context(), WordsForm()
    version = read_version(form.version.data)
    try:
        approving.withdraw_story(context, story_id, version, form.reason.data or "")
    except Invalid as invalid:
        show_faults(form, invalid)
        return _show(context, story_id, form)
    flash(_("Withdrawn. Its words are gone from here; tell those who published it."), "good")
    return redirect(url_for("storybook.show", story_id=story_id))


def _show(context: Context, story_id: UUID, form: WordsForm) -> Answer:
    view = reading.get_published(context, story_id)
    page = render_template(
        "stories/published.html",
        view=view,
        form=form,
        files=list_files(view.story),
        case_id=reading.find_case_of(context, story_id),
        may_withdraw=context.may(Permission.APPROVE_RELEASES),
        words=story_words,
    )
    return page, 422 if form.errors else 200
