"""Bringing a list in: file, columns, answers, a dry run; then the list itself."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound
from casework.services.importing import checking, receiving, remembering, uploads
from casework.services.importing.batches import find_earlier_name, list_batches
from casework.services.importing.encodings import find_misread
from casework.services.importing.finer import TermWords
from casework.services.importing.grouping import find_known, has_looked
from casework.services.importing.headings import is_about_consent
from casework.services.importing.plan import Plan, add_guesses, check_plan, settle_order
from casework.services.importing.preview import list_ready
from casework.services.importing.profiles import Column
from casework.services.importing.reading import DELIMITERS, ENCODINGS
from casework.services.importing.sentlist import LOOKING, Upload
from casework.services.membership.members import list_members
from casework.web import drafts
from casework.web import importsteps as steps
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
from casework.web.forms.importing_answers import AnswersForm, make_answers_form
from casework.web.identity import get_context
from casework.web.importsteps import Answer
from casework.web.ownwords import term_book
from casework.web.refusals import name_fault, name_kind, write_refused

pages = Blueprint("importing", __name__)
pages.register_error_handler(NotFound, steps.lead_on)

_NO_FILE = N_("Choose a file first.")
_INTERRUPTED = N_("Reading the file was interrupted. Send it again.")


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
@requires(Permission.IMPORT_INCIDENTS, keeps="import_columns")
def columns(upload_id: UUID) -> Answer:
    """Ask what each column becomes; until the list is read, say how far that is."""
    context, posted = get_context(), request.method == "POST"
    upload = uploads.get_upload(context, upload_id) if posted else steps.look(upload_id)
    if not posted and (batch := steps.lead_to_batch(upload_id)):
        return batch
    if upload.plan is None:
        return _not_read(upload)
    if not posted and upload.doing == LOOKING and uploads.is_busy(context, upload):
        return steps.again(render_template("importing/reading.html", upload=upload))
    described = uploads.read_columns(context, upload)
    entered, fault = steps.find_entered(upload)
    form = make_columns_form(upload, described, entered)
    form.groups = find_known(upload, upload.plan)
    plan = upload.plan
    if posted and fault is None and form.validate():
        plan = settle_order(_add_guesses(form.to_plan(plan), described), described, plan)
        try:
            return _keep_columns(upload, plan, form)
        except Invalid as invalid:
            fault = invalid
    return _show_columns(upload, form, plan, fault)


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
@requires(Permission.IMPORT_INCIDENTS, keeps="import_answers")
def answers(upload_id: UUID) -> Answer:
    """Ask what the values of the coded columns mean; then try the list."""
    context, posted = get_context(), request.method == "POST"
    upload = uploads.get_upload(context, upload_id)
    if not posted and (batch := steps.lead_to_batch(upload_id)):
        return batch
    if upload.plan is None:
        return redirect(url_for("importing.columns", upload_id=upload_id))
    described, (entered, fault) = uploads.read_columns(context, upload), steps.find_entered(upload)
    form = make_answers_form(upload, described, entered, context.may(Permission.MANAGE_TERMS))
    if posted and fault is None and form.validate():
        try:
            return _try_answers(upload, upload.plan, form)
        except Invalid as invalid:
            fault = invalid
    return _show_answers(upload, form, fault)


@pages.get("/imports/<uuid:upload_id>/check")
@requires(Permission.IMPORT_INCIDENTS)
def check(upload_id: UUID) -> Answer:
    """Show what the dry run found, or how far it is; then the page asks again by itself."""
    context = get_context()
    upload = uploads.get_upload(context, upload_id)
    if batch := steps.lead_to_batch(upload_id):
        return batch
    if upload.plan is None:
        return redirect(url_for("importing.columns", upload_id=upload_id))
    busy, report = uploads.is_busy(context, upload), upload.report
    if report is None and not busy:
        return redirect(url_for("importing.answers", upload_id=upload_id))
    page = render_template(
        "importing/check.html",
        form=steps.name_mapping(upload),
        upload=upload,
        report=report,
        ready=list_ready(upload),
        left_out=checking.list_left_out(context, upload),
        name_fault=name_fault,
        name_kind=name_kind,
        name_target=name_target,
    )
    return steps.again(page) if busy else page


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
    """Keep the mapping for the next list with these headings, also once this one is in."""
    context, form = get_context(), RememberForm()
    upload = uploads.find_upload(context, upload_id)
    if upload is None or upload.plan is None:
        raise NotFound("upload")
    try:
        remembering.remember_mapping(context, form.name.data or "", upload.table.headings, upload.plan)
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


def _keep_columns(upload: Upload, plan: Plan, form: ColumnsForm) -> Response:
    """Keep what the columns are; raises Invalid.

    What rows with one number are is only asked once the numbers are looked at: on this page again.
    """
    context, is_known = get_context(), has_looked(upload, plan)
    asks, faults = False, {}
    try:
        check_plan(plan)
    except Invalid as invalid:
        faults = {name: one for name, one in invalid.faults.items() if is_known or name != "joins"}
        asks = not faults
    if faults:
        raise Invalid(**faults)
    uploads.change_plan(context, upload, plan, form.made_of.data or None)
    steps.drop_drafts_of(form)
    if asks:
        return redirect(url_for("importing.columns", upload_id=upload.id, asks="joins", _anchor="groups"))
    return redirect(url_for("importing.answers", upload_id=upload.id))


def _show_columns(upload: Upload, form: ColumnsForm, plan: Plan, fault: Invalid | None) -> Answer:
    if fault is not None:
        steps.show_column_faults(form, plan, fault)
    form.offer_joins(find_known(upload, plan))
    form.made_of.data = upload.decided
    kept_as = {"upload_id": upload.id}
    page = render_template(
        "importing/columns.html",
        form=form,
        upload=upload,
        is_about_consent=is_about_consent,
        begun=drafts.list_begun("import_columns", kept_as),
        tell=AnswersForm.tell,
        misread=find_misread(text for one in form.columns for text in (*one.samples, one.heading)),
        earlier_name=find_earlier_name(get_context(), upload.name),
    )
    return page, 422 if request.method == "POST" else 200


def _try_answers(upload: Upload, plan: Plan, form: AnswersForm) -> Response:
    """Keep the answers and begin a dry run; raises Invalid."""
    context = get_context()
    upload = uploads.change_plan(context, upload, form.to_plan(plan), form.made_of.data or None)
    begun = checking.begin_check(context, upload)
    steps.drop_drafts_of(form)
    run_in_background(lambda: checking.check_upload(context, begun))
    return redirect(url_for("importing.check", upload_id=upload.id))


def _show_answers(upload: Upload, form: AnswersForm, fault: Invalid | None) -> Answer:
    if fault is not None:
        show_faults(form, fault)
    form.made_of.data = upload.decided
    kept_as = {"upload_id": upload.id}
    page = render_template(
        "importing/answers.html",
        form=form,
        upload=upload,
        name_target=name_target,
        begun=drafts.list_begun("import_answers", kept_as),
    )
    return page, 422 if request.method == "POST" else 200


def _not_read(upload: Upload) -> Answer:
    context = get_context()
    if uploads.is_busy(context, upload):
        return steps.again(render_template("importing/reading.html", upload=upload))
    sentence, values = upload.fault or (_INTERRUPTED, {})
    uploads.discard_upload(context, upload.id)
    form = UploadForm(formdata=None)
    form.file.errors = [str(gettext(sentence)) % values if values else str(gettext(sentence))]
    return _index(form), 422


def _add_guesses(plan: Plan, described: Sequence[Column]) -> Plan:
    return add_guesses(plan, described, TermWords(term_book()))
