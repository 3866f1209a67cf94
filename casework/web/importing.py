"""Bringing a list in: file, columns, answers, a dry run; then the list itself."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.importing import checking, receiving, remembering, uploads
from casework.services.importing.batches import list_batches
from casework.services.importing.finer import TermWords
from casework.services.importing.grouping import begin_look, find_known, has_looked, look_at_groups
from casework.services.importing.headings import is_about_consent
from casework.services.importing.plan import Plan, add_guesses, check_plan, settle_order
from casework.services.importing.profiles import Column
from casework.services.importing.reading import DELIMITERS, ENCODINGS
from casework.services.importing.sentlist import LOOKING, Upload
from casework.services.membership.members import list_members
from casework.web.access import requires
from casework.web.background import run_in_background
from casework.web.faults import flash_faults, show_faults
from casework.web.forms.importing import (
    ColumnsForm,
    RememberForm,
    UploadForm,
    make_columns_form,
    name_target,
)
from casework.web.forms.importing_answers import make_answers_form
from casework.web.identity import get_context
from casework.web.ownwords import term_book
from casework.web.refusals import name_fault, write_refused

pages = Blueprint("importing", __name__)
Answer = Response | str | tuple[str, int]

REFRESH_SECONDS = "2"

_NO_FILE = N_("Choose a file first.")
_INTERRUPTED = N_("Reading the file was interrupted. Send it again.")
_GROUPED_FAULTS = "target "


@pages.get("/imports")
@requires(Permission.IMPORT_INCIDENTS)
def index() -> Answer:
    """Ask for a list, and show what was brought in."""
    return _index(UploadForm(formdata=None))


@pages.post("/imports/file")
@requires(Permission.IMPORT_INCIDENTS)
def take() -> Answer:
    """Take a list in: it is read in the background, from memory."""
    context, form = get_context(), UploadForm()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        show_faults(form, Invalid(file=_NO_FILE))
        return _index(form), 422
    upload_id, content = uploads.begin_upload(context, sent.filename), sent.read()
    encoding = form.encoding.data if form.encoding.data in ENCODINGS else ""
    delimiter = form.delimiter.data if form.delimiter.data in DELIMITERS else ""
    run_in_background(lambda: receiving.read_upload(context, upload_id, content, encoding, delimiter))
    return redirect(url_for("importing.columns", upload_id=upload_id))


@pages.route("/imports/<uuid:upload_id>/columns", methods=["GET", "POST"])
@requires(Permission.IMPORT_INCIDENTS)
def columns(upload_id: UUID) -> Answer:
    """Ask what each column becomes; until the list is read, say how far that is."""
    context = get_context()
    posted = request.method == "POST"
    upload = uploads.get_upload(context, upload_id) if posted else _look(upload_id)
    if upload.plan is None:
        return _not_read(upload)
    if not posted and upload.doing == LOOKING and uploads.is_busy(context, upload):
        return _again(render_template("importing/reading.html", upload=upload))
    described, plan = uploads.read_columns(context, upload), upload.plan
    form = make_columns_form(plan, described, posted)
    form.groups = find_known(upload, plan)
    if posted and form.validate():
        plan = settle_order(_add_guesses(form.to_plan(plan), described), described, plan)
        try:
            return _keep_columns(upload, plan)
        except Invalid as invalid:
            _show_column_faults(form, plan, invalid)
    form.offer_joins(find_known(upload, plan))
    page = render_template(
        "importing/columns.html", form=form, upload=upload, is_about_consent=is_about_consent
    )
    return page, 422 if form.errors else 200


@pages.post("/imports/<uuid:upload_id>/sheet")
@requires(Permission.IMPORT_INCIDENTS)
def sheet(upload_id: UUID) -> Answer:
    """Take another sheet of the workbook."""
    chosen = request.form.get("sheet", "")
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 5 else -1
    try:
        receiving.choose_sheet(get_context(), upload_id, number)
    except Invalid as invalid:
        flash_faults(invalid)
    return redirect(url_for("importing.columns", upload_id=upload_id))


@pages.route("/imports/<uuid:upload_id>/answers", methods=["GET", "POST"])
@requires(Permission.IMPORT_INCIDENTS)
def answers(upload_id: UUID) -> Answer:
    """Ask what the values of the coded columns mean; then try the list."""
    context = get_context()
    upload = uploads.get_upload(context, upload_id)
    if upload.plan is None:
        return redirect(url_for("importing.columns", upload_id=upload_id))
    posted = request.method == "POST"
    may_add = context.may(Permission.MANAGE_TERMS)
    form = make_answers_form(upload.plan, uploads.read_columns(context, upload), posted, may_add)
    if posted and form.validate():
        try:
            upload = uploads.change_plan(context, upload, form.to_plan(upload.plan))
            begun = checking.begin_check(context, upload)
            run_in_background(lambda: checking.check_upload(context, begun))
            return redirect(url_for("importing.check", upload_id=upload_id))
        except Invalid as invalid:
            show_faults(form, invalid)
    page = render_template("importing/answers.html", form=form, upload=upload, name_target=name_target)
    return page, 422 if form.errors else 200


@pages.get("/imports/<uuid:upload_id>/check")
@requires(Permission.IMPORT_INCIDENTS)
def check(upload_id: UUID) -> Answer:
    """Show what the dry run found, or how far it is; then the page asks again by itself."""
    context = get_context()
    upload = uploads.get_upload(context, upload_id)
    if upload.plan is None:
        return redirect(url_for("importing.columns", upload_id=upload_id))
    busy, report = uploads.is_busy(context, upload), upload.report
    if report is None and not busy:
        return redirect(url_for("importing.answers", upload_id=upload_id))
    form = RememberForm(formdata=None, data={"name": upload.remembered or upload.plan.source})
    page = render_template(
        "importing/check.html",
        form=form,
        upload=upload,
        report=report,
        ready=checking.list_ready(upload),
        left_out=checking.list_left_out(context, upload),
        name_fault=name_fault,
    )
    return _again(page) if busy else page


@pages.get("/imports/<uuid:upload_id>/refused.csv")
@requires(Permission.IMPORT_INCIDENTS)
def refused(upload_id: UUID) -> Answer:
    """Give out every row that would be refused, with its reasons."""
    context = get_context()
    upload = uploads.get_upload(context, upload_id)
    answer = Response(write_refused(checking.list_refused(context, upload)), content_type="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="refused.csv")
    return answer


@pages.post("/imports/<uuid:upload_id>/remember")
@requires(Permission.IMPORT_INCIDENTS)
def remember(upload_id: UUID) -> Answer:
    """Keep the mapping for the next list with these headings."""
    context, form = get_context(), RememberForm()
    upload = uploads.get_upload(context, upload_id)
    try:
        remembering.remember_mapping(
            context, form.name.data or "", upload.table.headings, upload.plan or Plan()
        )
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        flash(gettext("Remembered. A list with these headings is read by it from now on."), "good")
    return redirect(url_for("importing.check", upload_id=upload_id))


@pages.post("/imports/mappings/<uuid:mapping_id>/forget")
@requires(Permission.IMPORT_INCIDENTS)
def forget(mapping_id: UUID) -> Answer:
    """Forget a mapping."""
    remembering.forget_mapping(get_context(), mapping_id)
    flash(gettext("Forgotten. Lists with these headings are guessed again."), "good")
    return redirect(url_for("importing.index"))


@pages.post("/imports/<uuid:upload_id>/discard")
@requires(Permission.IMPORT_INCIDENTS)
def discard(upload_id: UUID) -> Answer:
    """Delete a list that is not to come in."""
    uploads.discard_upload(get_context(), upload_id)
    flash(gettext("Deleted. Nothing of the list came in."), "good")
    return redirect(url_for("importing.index"))


def _index(form: UploadForm) -> str:
    context = get_context()
    form.offer()
    return render_template(
        "importing/index.html",
        form=form,
        upload=uploads.find_own_upload(context),
        batches=list_batches(context),
        mappings=remembering.list_mappings(context),
        names={member.id: member.display_name for member in list_members(context)},
    )


def _look(upload_id: UUID) -> Upload:
    """Return a list whose numbers are looked at, in the background, where nobody has."""
    context = get_context()
    upload = uploads.get_upload(context, upload_id)
    if upload.plan is None or has_looked(upload, upload.plan):
        return upload
    begun = begin_look(context, upload_id)
    if begun is not None:
        run_in_background(lambda: look_at_groups(context, begun))
    return uploads.get_upload(context, upload_id)


def _keep_columns(upload: Upload, plan: Plan) -> Response:
    """Keep what the columns are; raises Invalid.

    What rows with one number are is only asked once the numbers are looked at: on this page again.
    """
    context, is_known = get_context(), has_looked(upload, plan)
    try:
        check_plan(plan)
    except Invalid as invalid:
        if is_known or set(invalid.faults) != {"joins"}:
            raise Invalid(
                **{name: one for name, one in invalid.faults.items() if is_known or name != "joins"}
            ) from None
        uploads.change_plan(context, upload, plan)
        return redirect(url_for("importing.columns", upload_id=upload.id, asks="joins", _anchor="groups"))
    uploads.change_plan(context, upload, plan)
    return redirect(url_for("importing.answers", upload_id=upload.id))


def _not_read(upload: Upload) -> Answer:
    context = get_context()
    if uploads.is_busy(context, upload):
        return _again(render_template("importing/reading.html", upload=upload))
    sentence, values = upload.fault or (_INTERRUPTED, {})
    uploads.discard_upload(context, upload.id)
    form = UploadForm(formdata=None)
    form.file.errors = [str(gettext(sentence)) % values if values else str(gettext(sentence))]
    return _index(form), 422


def _again(page: str) -> Response:
    answer = make_response(page)
    answer.headers["Refresh"] = REFRESH_SECONDS
    return answer


def _add_guesses(plan: Plan, described: Sequence[Column]) -> Plan:
    return add_guesses(plan, described, TermWords(term_book()))


def _show_column_faults(form: ColumnsForm, plan: Plan, invalid: Invalid) -> None:
    """Put a fault of two columns that become one field onto both of them."""
    for name, fault in invalid.faults.items():
        target = name.removeprefix(_GROUPED_FAULTS)
        hit = [field for column, field in form.column_fields() if plan.targets.get(column.heading) == target]
        for field in hit if name != target else ():
            field.errors = [str(gettext(fault))]
    rest = {name: fault for name, fault in invalid.faults.items() if not name.startswith(_GROUPED_FAULTS)}
    show_faults(form, Invalid(**rest))
