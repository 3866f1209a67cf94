"""Saved views of the explorer: shown by their id alone, kept, renamed, removed and brought back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.exploring import views
from casework.services.exploring.views import ViewDraft
from casework.web import explore
from casework.web.access import requires
from casework.web.faults import show_faults
from casework.web.forms.explore import ViewForm, read_question, write_question
from casework.web.forms.posted import read_optional_id
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
    try:
        view_id = views.keep_view(context, draft, read_optional_id(form.view.data))
    except Invalid as invalid:
        show_faults(form, invalid)
        return _ask_again(form, write_question(question), page, action=url_for("views.keep"))
    flash(_("The view is kept."), "good")
    return redirect(url_for("views.show", view_id=view_id))


@pages.route("/explore/views/<uuid:view_id>/edit", methods=["GET", "POST"])
@requires(Permission.READ_CASES)
def edit(view_id: UUID) -> Answer:
    """Rename a view, or keep it for others."""
    context = get_context()
    view = views.get_view(context, view_id)
    kept = {"name": view.name, "whose": "shared" if view.is_shared else "own"}
    form = ViewForm() if request.method == "POST" else ViewForm(data=kept)
    if request.method == "POST":
        draft = ViewDraft(form.name.data or "", view.page, view.question, form.is_shared)
        try:
            views.keep_view(context, draft, view_id)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            flash(_("The view is kept."), "good")
            return redirect(url_for("views.show", view_id=view_id))
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
    return redirect(url_for("views.show", view_id=view_id))


def _ask_again(form: ViewForm, asked: list[tuple[str, str]], page: str, **shown: Any) -> Answer:
    shown.setdefault("view", None)
    answer = render_template("explore/view.html", form=form, asked=asked, page=page, **shown)
    return answer, 422 if form.errors else 200
