"""Taking one case along as a PDF, for the lawyer of whom it is about."""

from uuid import UUID

from flask import Blueprint, Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.casefile import FinishedFile, export_case
from casework.services.cases import get_case
from casework.web.access import requires
from casework.web.case_page import tell
from casework.web.confirming import confirmed
from casework.web.faults import show_faults
from casework.web.forms.casefile import CaseFileForm
from casework.web.identity import get_context
from casework.web.language import language
from casework.web.saving import save_as

pages = Blueprint("casefile", __name__)


@pages.route("/cases/<uuid:case_id>/file", methods=["GET", "POST"])
@requires(Permission.EXPORT_RECORDS)
def export(case_id: UUID) -> AnyResponse | tuple[str, int]:
    """Ask what shall be in the file, and give it out to who shows once more who they are."""
    context, form = get_context(), CaseFileForm(data={"language": language()})
    form.ask(context)
    if form.validate_on_submit():
        try:
            return send(export_case(confirmed(form), case_id, form.order()), "application/pdf")
        except Invalid as invalid:
            show_faults(form, invalid)
    page = tell(context, get_case(context, case_id))
    return render_template("cases/file.html", form=form, page=page), 422 if form.errors else 200


def send(file: FinishedFile, kind: str) -> Response:
    """Return a file to save, under its own name."""
    return save_as(Response(file.content, content_type=kind), file.name)
