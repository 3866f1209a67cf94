"""Closing a case, with what still waits in it in sight, and opening it again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services import cases
from casework.services.closing import close_case, reopen_case
from casework.web import followup_page
from casework.web.access import requires
from casework.web.case_page import tell
from casework.web.faults import flash_faults, show_faults
from casework.web.forms.closing import ClosingForm, ReopeningForm
from casework.web.identity import get_context

pages = Blueprint("closing", __name__)


@pages.route("/cases/<uuid:case_id>/close", methods=["GET", "POST"])
@requires(Permission.CLOSE_CASES)
def close(case_id: UUID) -> Response | tuple[str, int]:
    """Close a case for a reason."""
    context = get_context()
    page = tell(context, cases.get_case(context, case_id))
    form = ClosingForm(data={"version": page.case.version})
    if form.validate_on_submit():
        try:
            texts = form.texts(gettext("The case is closed"))
            close_case(context, case_id, form.read_version, form.reason.data or "", texts)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            flash(gettext("Closed. It stays in the lists and in the search, marked as closed."), "good")
            return redirect(url_for("cases.show", case_id=case_id))
    after = followup_page.describe(context, page.case)
    return render_template("cases/close.html", form=form, page=page, after=after), 422 if form.errors else 200


@pages.post("/cases/<uuid:case_id>/reopen")
@requires(Permission.CLOSE_CASES)
def reopen(case_id: UUID) -> Response:
    """Open a closed case again."""
    form = ReopeningForm()
    try:
        texts = form.texts(gettext("The case is open again"))
        reopen_case(get_context(), case_id, form.read_version, texts)
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        flash(gettext("Open again. The case is where it was."), "good")
    return redirect(url_for("cases.show", case_id=case_id))
