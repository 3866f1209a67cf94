"""Bringing in a list of official counts: the file, its columns with a dry run, the list; and out again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.official import listing
from casework.services.official.counts import OfficialCountView
from casework.services.official.requests import get_request
from casework.services.official.sentlist import ListPlan, SentList, guess_plan, read_list
from casework.web.access import requires
from casework.web.faults import show_faults
from casework.web.forms.officiallists import NAMES, ListFileForm, make_list_form
from casework.web.forms.posted import read_optional_id
from casework.web.identity import get_context
from casework.web.language import format_number
from casework.web.official_page import tell

pages = Blueprint("officiallists", __name__)

Answer = str | Response | tuple[str, int]

_NO_FILE = N_("Choose a file first.")
_LOST = N_("The screen had locked: the list was not received. Sign in, and send the file again.")
_SHOWN = 200
"""So many rows of a dry run are shown; the number of all is told."""


@pages.get("/official-counts/lists")
@requires(Permission.MANAGE_OFFICIAL_COUNTS)
def ask() -> Answer:
    """Ask for a list, and show those that came in."""
    form = ListFileForm(formdata=None)
    form.asked.data = request.args.get("request", "")
    return _ask(form)


@pages.post("/official-counts/lists/file")
@requires(Permission.MANAGE_OFFICIAL_COUNTS)
def take() -> Answer:
    """Read a list from memory, guess its columns, and try it; nothing of it is kept."""
    form, sent_file = ListFileForm(), request.files.get("file")
    try:
        if sent_file is None or not sent_file.filename:
            raise Invalid(file=_NO_FILE)
        sent = read_list(sent_file.filename, sent_file.read())
    except Invalid as invalid:
        show_faults(form, invalid)
        return _ask(form), 422
    return _show(sent, _plan_of(sent, read_optional_id(form.asked.data)), is_new=True)


@pages.post("/official-counts/lists")
@requires(Permission.MANAGE_OFFICIAL_COUNTS, lost=_LOST)
def bring() -> Answer:
    """Try a list again with what was decided of it, or import it."""
    try:
        sent = SentList.decode(request.form.get("listed", ""))
    except Invalid as invalid:
        form = ListFileForm(formdata=None)
        show_faults(form, invalid)
        return _ask(form), 422
    first = make_list_form(sent, guess_plan(sent, get_context().runtime.today().year), request.form)
    plan = first.to_plan(sent)
    if "import" not in request.form:
        return _show(sent, plan)
    try:
        _batch, total = listing.import_list(
            get_context(), sent, make_list_form(sent, plan, request.form).to_plan(sent)
        )
    except Invalid as invalid:
        return _show(sent, plan, invalid)
    number = format_number(total)
    flash(
        ngettext("%(number)s figure imported.", "%(number)s figures imported.", total, number=number), "good"
    )
    return redirect(url_for("official.index"))


@pages.post("/official-counts/lists/<uuid:batch_id>/undo")
@requires(Permission.MANAGE_OFFICIAL_COUNTS)
def undo(batch_id: UUID) -> Response:
    """Take a list out again; what was changed since stays."""
    gone, kept = listing.undo_batch(get_context(), batch_id)
    said = ngettext(
        "%(number)s figure taken out.", "%(number)s figures taken out.", gone, number=format_number(gone)
    )
    if kept:
        said += " " + ngettext(
            "%(number)s that was changed since stays.",
            "%(number)s that were changed since stay.",
            kept,
            number=format_number(kept),
        )
    flash(said, "good")
    return redirect(url_for("officiallists.ask"))


def _plan_of(sent: SentList, request_id: UUID | None) -> ListPlan:
    """Guess the plan; an answer to a request brings its source along."""
    context = get_context()
    plan = guess_plan(sent, context.runtime.today().year)
    if request_id is None:
        return plan
    asked = get_request(context, request_id).request
    source = {"publisher": asked.body, "title": asked.subject, "number": asked.number}
    return ListPlan(
        targets=plan.targets, order=plan.order, meanings=plan.meanings, source=source, request=request_id
    )


def _ask(form: ListFileForm) -> str:
    batches = listing.list_batches(get_context())
    return render_template("official/file.html", form=form, batches=batches)


def _show(sent: SentList, plan: ListPlan, fault: Invalid | None = None, is_new: bool = False) -> Answer:
    """Show the columns, the words and the dry run of a list."""
    posted = None if is_new else request.form
    form = make_list_form(sent, plan, posted)
    if fault is not None:
        show_faults(form, fault)
    rows = listing.try_list(get_context(), sent, form.to_plan(sent))
    refused = [row for row in rows if row.count is None]
    ready = [tell(OfficialCountView(row.count)) for row in rows if row.count is not None]
    page = render_template(
        "official/list.html",
        form=form,
        sent=sent,
        names={**NAMES, "period": _("Period")},
        refused=refused[:_SHOWN],
        ready=ready[:_SHOWN],
        counted=(len(ready), len(refused)),
    )
    return page, 422 if fault else 200
