"""Asking one number: a question, its protected answer, and the release that it can become."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Conflict, Invalid
from casework.reports.layout import Layout
from casework.reports.publication.grids import lay_out_release
from casework.services.context import Context
from casework.services.releases import asking, numbers
from casework.services.releases.looks import Look, Preview
from casework.services.releases.losses import find_losses
from casework.services.releases.offering import offer
from casework.services.releases.reading import read_release
from casework.web import figures, refusal_words, release_look, release_page
from casework.web.access import requires
from casework.web.forms.statistics import QuestionForm, spell
from casework.web.identity import get_context
from casework.web.language import format_number, language

pages = Blueprint("statistics", __name__)


@pages.get("/statistics")
@requires(Permission.COMPOSE_RELEASES)
def index() -> Response:
    """Ask, and see how far the answer is, or the answer."""
    context = get_context()
    look = release_look.take(context, None)
    form = QuestionForm(formdata=None)
    page = make_response(_show(context, form, look))
    if look and not look.is_finished:
        page.headers["Refresh"] = release_look.REFRESH_SECONDS
    return page


@pages.post("/statistics")
@requires(Permission.COMPOSE_RELEASES)
def ask() -> Response | tuple[str, int]:
    """Begin to answer a question, which counts as a look at a release."""
    context, form = get_context(), QuestionForm()
    try:
        release_look.begin_question(context, form.to_question())
    except Invalid as invalid:
        form.show(invalid)
        return _show(context, form), 422
    return redirect(url_for("statistics.index"))


@pages.post("/statistics/stop")
@requires(Permission.COMPOSE_RELEASES)
def stop() -> Response:
    """Do not look for the answer any further."""
    release_look.stop(get_context(), None)
    return redirect(url_for("statistics.index"))


@pages.post("/statistics/release")
@requires(Permission.COMPOSE_RELEASES)
def make_release() -> Response:
    """Begin a release with the table that has the answer; its words come next."""
    try:
        release_id = asking.make_release(get_context())
    except Conflict:
        flash(_("The answer is no longer there. Ask again."), "info")
        return redirect(url_for("statistics.index"))
    flash(_("It is a draft now. Write the words around the number."), "good")
    return redirect(url_for("releases.edit", release_id=release_id))


def _show(context: Context, form: QuestionForm, look: Look | None = None) -> str:
    offered = offer(context)
    question = look.question if look else None
    form.offer(offered.years, offered.unit)
    if not form.is_submitted():
        form.fill(question or asking.list_examples(offered)[0])
    seen = look.seen if look else None
    protected = seen.release if seen else None
    return render_template(
        "statistics/index.html",
        form=form,
        offered=offered,
        look=look,
        question=question,
        seen=seen,
        number=numbers.find_number(protected, question) if protected and question else None,
        tables=lay_out_release(protected, [question.names], question.period, language())
        if protected and question
        else (),
        examples=asking.list_examples(offered),
        told=_lay_out_released(context, seen),
        lost=find_losses(context).get(seen.released.id) if seen and seen.released else None,
        nearest=numbers.nearest,
        spell=spell,
        words=release_page,
        looks=release_look,
        figures=figures,
        refusals=refusal_words,
        format_number=format_number,
    )


def _lay_out_released(context: Context, seen: Preview | None) -> tuple[Layout, ...]:
    """Lay out what the release of the same time says; nothing where there is none."""
    if seen is None or seen.released is None:
        return ()
    told = read_release(context, seen.released.id)
    return lay_out_release(told.protected, told.tables, told.period, language())
