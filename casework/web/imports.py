"""What was brought in: how far it is, what came, and taking it out again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.ownterm import ACTIVE, OwnTerm
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound
from casework.services.importing import batches
from casework.services.importing.uploads import find_upload
from casework.services.importing.wizard import begin_import, undo_import
from casework.services.membership.members import list_members
from casework.services.releases.standing import list_releases_counting
from casework.web.access import requires
from casework.web.faults import flash_faults
from casework.web.forms.importing import UndoForm
from casework.web.identity import get_context, member_cookie, runtime
from casework.web.importsteps import REFRESH_SECONDS, lead_on, lead_to_batch, name_mapping
from casework.web.ownwords import term_book
from casework.web.refusals import name_fault

pages = Blueprint("imports", __name__)
pages.register_error_handler(NotFound, lead_on)


@pages.post("/imports/<uuid:upload_id>/begin")
@requires(Permission.IMPORT_INCIDENTS)
def begin(upload_id: UUID) -> Response:
    """Begin to bring a list in, in the background, with this session's keys."""
    if batch := lead_to_batch(upload_id):
        return batch
    try:
        batch_id = begin_import(get_context(), upload_id)
    except Invalid as invalid:
        flash_faults(invalid)
        return redirect(url_for("importing.check", upload_id=upload_id))
    runtime().background.lend(member_cookie(), at_once=True)
    return redirect(url_for("imports.show", batch_id=batch_id))


@pages.get("/imports/batches/<uuid:batch_id>")
@requires(Permission.IMPORT_INCIDENTS)
def show(batch_id: UUID) -> Response:
    """Show how far a batch is, then what came in."""
    context = get_context()
    batch = batches.get_batch(context, batch_id)
    page, kept = _page_number(batch.here), find_upload(context, batch.upload_id)
    is_kept = kept is not None and kept.plan is not None and not batch.is_moving
    answer = Response(
        render_template(
            "importing/batch.html",
            batch=batch,
            lines=[] if batch.is_moving else batches.list_batch_lines(context, batch_id, page),
            page=page,
            page_rows=batches.PAGE_ROWS,
            terms=_terms_of(batch),
            names={member.id: member.display_name for member in list_members(context)},
            kept=kept if is_kept else None,
            form=name_mapping(kept) if is_kept and kept else None,
            name_fault=name_fault,
        ),
        content_type="text/html; charset=utf-8",
    )
    if batch.is_moving:
        runtime().background.lend(member_cookie(), at_once=True)
        answer.headers["Refresh"] = REFRESH_SECONDS
    return answer


@pages.route("/imports/batches/<uuid:batch_id>/undo", methods=["GET", "POST"])
@requires(Permission.IMPORT_INCIDENTS)
def undo(batch_id: UUID) -> Response | str:
    """List what was changed since; then take the batch out again."""
    context, form = get_context(), UndoForm()
    batch = batches.get_batch(context, batch_id)
    if form.validate_on_submit():
        if batch.state == "undone" and not (batch.here and form.bins_changed.data):
            flash(gettext("It was taken out already."), "info")
            return redirect(url_for("imports.show", batch_id=batch_id))
        try:
            undo_import(context, batch_id, bool(form.bins_changed.data))
        except Invalid as invalid:
            flash_faults(invalid)
        runtime().background.lend(member_cookie(), at_once=True)
        return redirect(url_for("imports.show", batch_id=batch_id))
    changed = batches.list_changed_lines(context, batch_id)
    counting = list_releases_counting(context, batches.list_incidents_here(context, batch_id))
    shown = {"form": form, "batch": batch, "changed": changed, "counting": counting}
    return render_template("importing/undo.html", **shown)


def _terms_of(batch: batches.BatchView) -> list[tuple[OwnTerm, bool]]:
    """Return the own terms that came with a batch, with whether they are in use."""
    terms = (term_book().terms.get(UUID(hex=one)) for one in batch.facts.terms)
    return [(term, term.state == ACTIVE) for term in terms if term is not None]


def _page_number(rows: int) -> int:
    text = request.args.get("page", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    return min(asked, max(0, rows - 1) // batches.PAGE_ROWS)
