"""Saved views of the explorer: shown by their id alone, kept, renamed, removed and brought back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Conflict, Invalid
from casework.services.context import Context
from casework.services.exploring import views
from casework.services.exploring.questions import Question
from casework.services.exploring.views import View, ViewDraft
from casework.web import conflicts, explore, explore_words
from casework.web.access import requires
from casework.web.explore_words import Words
from casework.web.faults import show_faults
from casework.web.forms.explore import ViewForm, read_question, write_question
from casework.web.forms.posted import read_optional_id, read_version
from casework.web.identity import get_context

pages = Blueprint("views", __name__)

Answer = str | Response | tuple[str, int]

EXPLORE, PATHWAY = "explore", "pathway"


@pages.get("/explore/views/<uuid:view_id>")
@requires(Permission.READ_CASES)
def show(view_id: UUID) -> Answer:
    """Answer the question of a view."""
    context = get_context()
    view = views.get_view(context, view_id)
    fields = MultiDict(write_question(view.question))
    ask = explore.show_pathway if view.page == PATHWAY else explore.show_explorer
    return ask(context, fields, view)


@pages.post("/explore/views")
@requires(Permission.READ_CASES)
def keep() -> Answer:
    """Keep a question as a view, a new one or over the one that it began from."""
    context, form = get_context(), ViewForm()
    page = PATHWAY if request.form.get("page") == PATHWAY else EXPLORE
    question = read_question(request.form, page == PATHWAY)
    draft = ViewDraft(form.name.data or "", page, question, form.is_shared)
    asked = write_question(question)
    if request.form.get("resolve") == "edit":
        return _ask_again(form, asked, page, action=url_for("views.keep"))
    try:
        return _keep(context, form, draft, read_optional_id(form.view.data), asked)
    except Invalid as invalid:
        show_faults(form, invalid)
        return _ask_again(form, asked, page, action=url_for("views.keep"))


@pages.route("/explore/views/<uuid:view_id>/edit", methods=["GET", "POST"])
@requires(Permission.READ_CASES)
def edit(view_id: UUID) -> Answer:
    """Rename a view, or keep it for others."""
    context = get_context()
    view = views.get_view(context, view_id)
    kept = {"name": view.name, "whose": _whose(view.is_shared), "version": str(view.version)}
    form = ViewForm() if request.method == "POST" else ViewForm(data=kept)
    if request.method == "POST" and request.form.get("resolve") != "edit":
        draft = ViewDraft(form.name.data or "", view.page, view.question, form.is_shared)
        try:
            return _keep(context, form, draft, view_id, [])
        except Invalid as invalid:
            show_faults(form, invalid)
    return _ask_again(form, [], view.page, action=url_for("views.edit", view_id=view_id), view=view)


@pages.post("/explore/views/<uuid:view_id>/remove")
@requires(Permission.READ_CASES)
def remove(view_id: UUID) -> Answer:
    """Remove a view; the page that follows offers the way back."""
    views.remove_view(get_context(), view_id)
    return redirect(url_for("explore.index", removed=view_id.hex))


@pages.post("/explore/views/<uuid:view_id>/restore")
@requires(Permission.READ_CASES)
def restore(view_id: UUID) -> Answer:
    """Bring a removed view back."""
    views.restore_view(get_context(), view_id)
    flash(_("The view is back."), "good")
    is_open = any(view.id == view_id for view in views.list_views(get_context()))
    return redirect(url_for("views.show", view_id=view_id) if is_open else url_for("explore.index"))


def _keep(
    context: Context, form: ViewForm, draft: ViewDraft, view_id: UUID | None, asked: Sequence[tuple[str, str]]
) -> Answer:
    """Keep a view, or show both versions of it; raises Invalid."""
    try:
        kept_id = views.keep_view(context, draft, view_id, read_version(form.version.data))
    except Conflict as conflict:
        if view_id is None or conflict.args[0] != "view":
            raise
        words = explore.read_words(context)
        return conflicts.show(_meet(views.get_view(context, view_id), draft, asked, words))
    flash(_("The view is kept."), "good")
    return redirect(url_for("views.show", view_id=kept_id))


def _meet(now: View, draft: ViewDraft, asked: Sequence[tuple[str, str]], words: Words) -> conflicts.Meeting:
    """Put a view as it stands beside what was to be kept over it."""
    rows = [
        (_("Name"), draft.name, now.name),
        (_("For whom"), _whose_in_words(draft.is_shared), _whose_in_words(now.is_shared)),
        (_("What it asks"), _tell(words, draft.question), _tell(words, now.question)),
    ]
    fields = [*asked, ("name", draft.name), ("whose", _whose(draft.is_shared))]
    fields += [("page", draft.page), ("view", now.id.hex)] if asked else []
    return conflicts.Meeting(
        what=_("Explorer"),
        rows=[row for row in rows if row[1] != row[2]],
        action_url=request.path,
        fields=fields,
        version=now.version,
        theirs_url=url_for("views.show", view_id=now.id),
    )


def _tell(words: Words, question: Question) -> str:
    """Say what is asked, over which period, and of whom."""
    filters = (str(value) for _name, _facet, value in words.filters(question))
    said = (explore_words.name_question(question), explore_words.say_period(question), *filters)
    return " · ".join(filter(None, said))


def _whose(is_shared: bool) -> str:
    return "shared" if is_shared else "own"


def _whose_in_words(is_shared: bool) -> str:
    return str(_("For everybody who opens cases") if is_shared else _("For me"))


def _ask_again(form: ViewForm, asked: list[tuple[str, str]], page: str, **shown: Any) -> Answer:
    shown.setdefault("view", None)
    answer = render_template("explore/view.html", form=form, asked=asked, page=page, **shown)
    return answer, 422 if form.errors else 200
