"""Taking one's records elsewhere: everything that the member may read, in one file."""

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.attachments.packing import measure_files
from casework.services.portability import RecordsFile, export_records
from casework.web.access import requires
from casework.web.confirming import confirmed
from casework.web.faults import show_faults
from casework.web.forms.portability import ExportRecordsForm
from casework.web.identity import get_context
from casework.web.saving import save_as
from casework.web.suggestions import (
    find_suggestion,
    render_with_suggestion,
    suggest_another,
    without_suggestion,
)

pages = Blueprint("portability", __name__)


@pages.route("/account/records", methods=["GET", "POST"])
@requires(Permission.EXPORT_RECORDS)
def export() -> AnyResponse:
    """Say what the file is and which words open it; give it out to who shows once more who they are."""
    context, form = get_context(), ExportRecordsForm()
    form.ask(context)
    if form.validate_on_submit():
        words = None if form.plain.data else find_suggestion()
        try:
            file = export_records(confirmed(form), words, with_files=not form.without_files.data)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            return without_suggestion(_send(file))
    return render_with_suggestion("portability/export.html", form=form, along=measure_files(context))


@pages.post("/account/records/another")
@requires(Permission.EXPORT_RECORDS)
def another_passphrase() -> AnyResponse:
    """Propose five other words."""
    return suggest_another(url_for("portability.export"))


def _send(file: RecordsFile) -> Response:
    return save_as(Response(file.content, content_type="application/octet-stream"), file.name)
