"""The files of a case: adding, looking at, taking, renaming, removing and putting back."""

from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.attachments import adding, keeping
from casework.services.cases import get_case
from casework.services.membership.members import name_everybody
from casework.web.access import requires
from casework.web.attachment_page import Taken, describe, files_section, name_outside
from casework.web.case_page import tell
from casework.web.faults import show_faults
from casework.web.forms.attachments import FileForm, UploadForm, facts_of
from casework.web.headers import FILE_POLICY
from casework.web.identity import get_context
from casework.web.saving import save_as
from casework.web.scripts import lead
from casework.web.spots import lead_back_to_spot
from casework.web.uploading import is_too_large, sent_fields, sent_files

pages = Blueprint("attachments", __name__)

Answer = str | AnyResponse | tuple[str | AnyResponse, int]

NO_FILE = N_("Choose a file first.")
LOST = N_("The screen had locked: the file was not received. Sign in, and send it again.")


@pages.get("/cases/<uuid:case_id>/files")
@requires(Permission.READ_CASES)
def index(case_id: UUID) -> Answer:
    """List the files of a case."""
    return _page(case_id, UploadForm(formdata=None))


@pages.post("/cases/<uuid:case_id>/files/add")
@requires(Permission.EDIT_CASES, lost=LOST)
def add(case_id: UUID) -> Answer:
    """Take in files, each as it comes; what was refused is said, the others stay."""
    context = get_context()
    adding.require_room_for_files(context, case_id)
    note, taken = sent_fields().get("note", ""), Taken()
    if is_too_large():
        taken.refuse("", Invalid(file=adding.TOO_LARGE))
    for sent in () if is_too_large() else sent_files():
        try:
            adding.add_attachment(context, case_id, sent.name, note, sent.content)
            taken.kept.append(sent.name)
        except Invalid as invalid:
            taken.refuse(sent.name, invalid)
    if not taken.kept and not taken.refused:
        taken.refuse("", Invalid(file=NO_FILE))
    return _answer(case_id, note, taken)


@pages.route("/cases/<uuid:case_id>/files/<uuid:attachment_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_CASES)
def show(case_id: UUID, attachment_id: UUID) -> Answer:
    """Show a file with its preview and hashes; change its name and note."""
    context = get_context()
    view = keeping.get_file(context, case_id, attachment_id)
    form = FileForm(data=facts_of(view))
    if form.validate_on_submit():
        try:
            typed = form.name.data or "", form.note.data or ""
            keeping.change_file(context, case_id, attachment_id, form.read_version, *typed)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            said = gettext("Saved. The file has its new name and note.")
            return lead(lead_back_to_spot(case_id, f"file-{attachment_id.hex}", said))
    shown = {"file": describe(view), "form": form, "members": name_everybody(context)}
    return render_template("attachments/show.html", **shown), 422 if form.errors else 200


@pages.get("/cases/<uuid:case_id>/files/<uuid:attachment_id>/preview")
@requires(Permission.READ_CASES)
def preview(case_id: UUID, attachment_id: UUID) -> Response:
    """Give out the preview, a JPEG that we made ourselves, to be shown in a page."""
    given = keeping.give_copy(get_context(), case_id, attachment_id, "preview")
    return _send(given, Content_Disposition="inline")


@pages.get("/cases/<uuid:case_id>/files/<uuid:attachment_id>/cleaned")
@requires(Permission.READ_CASES)
def cleaned(case_id: UUID, attachment_id: UUID) -> Response:
    """Give out the cleaned copy."""
    return _take(case_id, attachment_id, "cleaned")


@pages.post("/cases/<uuid:case_id>/files/<uuid:attachment_id>/original")
@requires(Permission.READ_CASES)
def original(case_id: UUID, attachment_id: UUID) -> Response:
    """Give out the original, to who was told what it may tell."""
    return _take(case_id, attachment_id, "original")


@pages.post("/cases/<uuid:case_id>/files/<uuid:attachment_id>/remove")
@requires(Permission.EDIT_CASES)
def remove(case_id: UUID, attachment_id: UUID) -> AnyResponse:
    """Put a file among the removed ones."""
    keeping.remove_file(get_context(), case_id, attachment_id)
    flash(gettext("Removed. It lies under “Removed files”, from where it can be put back."), "good")
    return redirect(url_for("attachments.index", case_id=case_id, _anchor="removed"))


@pages.post("/cases/<uuid:case_id>/files/<uuid:attachment_id>/restore")
@requires(Permission.EDIT_CASES)
def restore(case_id: UUID, attachment_id: UUID) -> AnyResponse:
    """Put a removed file back."""
    keeping.restore_file(get_context(), case_id, attachment_id)
    flash(gettext("Put back. The file is in the case again."), "good")
    return redirect(url_for("attachments.index", case_id=case_id))


def _answer(case_id: UUID, note: str, taken: Taken) -> Answer:
    status = 413 if taken.too_large else 422
    if request.accept_mimetypes.best == "application/json":
        told = {name: " ".join(faults) for name, faults in taken.refused.items()}
        return (jsonify(faults=told), status) if told else (jsonify(added=len(taken.kept)), 201)
    if taken.kept and not taken.refused:
        flash(gettext("Added. The file is sealed and stands in the list."), "good")
    if not taken.refused:
        return redirect(url_for("attachments.index", case_id=case_id))
    if taken.kept:
        flash(gettext("Kept, and in the list: %(names)s.", names=", ".join(taken.kept)), "good")
    form = UploadForm(formdata=None, data={"note": note})
    for name, faults in taken.refused.items():
        form[name].errors = [*form[name].errors, *faults]
    return _page(case_id, form), status


def _page(case_id: UUID, form: UploadForm) -> str:
    context = get_context()
    page = tell(context, get_case(context, case_id))
    return render_template("attachments/index.html", page=page, **files_section(context, case_id, form))


def _take(case_id: UUID, attachment_id: UUID, copy: str) -> Response:
    given = keeping.give_copy(get_context(), case_id, attachment_id, copy)
    answer = _send(given)
    save_as(answer, name_outside(given))
    return answer


def _send(given: keeping.Given, **headers: str) -> Response:
    answer = Response(given.content, content_type=given.copy.kind)
    answer.content_length = given.copy.size_bytes
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    for name, value in headers.items():
        answer.headers[name] = value
    return answer
