"""Erasing a case from the bin, and the receipts of what was erased."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services import erasing
from casework.services.bin import get_binned
from casework.services.membership.members import name_everybody
from casework.services.releases.standing import list_releases_counting_case
from casework.web.access import requires
from casework.web.faults import words_of
from casework.web.identity import get_context

pages = Blueprint("erasures", __name__)

Page = Response | tuple[str, int]


@pages.route("/cases/<uuid:case_id>/erase", methods=["GET", "POST"])
@requires(Permission.ERASE_CASES)
def erase(case_id: UUID) -> Page:
    """Say what erasing does, and do it."""
    context, fault = get_context(), ""
    line = get_binned(context, case_id)
    if request.method == "POST":
        try:
            erasing.erase_case(context, case_id)
        except Invalid as invalid:
            fault = words_of(invalid)
        else:
            erasing.note_overwritten(context)
            return redirect(url_for("erasures.receipt", erasure_id=case_id))
    shown = {"line": line, "fault": fault, "bin_days": context.runtime.limits.bin_days}
    counting = list_releases_counting_case(context, case_id)
    return render_template("erasures/erase.html", counting=counting, **shown), 422 if fault else 200


@pages.get("/erasures")
@requires(Permission.ERASE_CASES)
def index() -> str:
    """List what was erased."""
    context = get_context()
    shown = {"receipts": erasing.list_receipts(context), "names": name_everybody(context)}
    return render_template("erasures/index.html", **shown)


@pages.get("/erasures/<uuid:erasure_id>")
@requires(Permission.ERASE_CASES)
def receipt(erasure_id: UUID) -> str:
    """Show the receipt of an erased case."""
    context = get_context()
    view = erasing.get_receipt(context, erasure_id)
    return render_template("erasures/receipt.html", view=view, names=name_everybody(context))
