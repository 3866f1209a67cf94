"""The bin: cases that were deleted, and the way back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services import bin as service
from casework.web.access import requires
from casework.web.faults import flash_faults
from casework.web.forms.posted import read_optional_id, read_version
from casework.web.identity import find_context, get_context, runtime

pages = Blueprint("bin", __name__)

_UNDO = "binned"


@pages.get("/cases/bin")
@requires(Permission.EDIT_CASES)
def index() -> str:
    """List what lies in the bin, and until when it can be restored."""
    context = get_context()
    shown = {"bin_days": runtime().limits.bin_days, "may_erase": context.may(Permission.ERASE_CASES)}
    return render_template("bin/index.html", lines=service.list_bin(context), **shown)


@pages.post("/cases/<uuid:case_id>/bin")
@requires(Permission.EDIT_CASES)
def put(case_id: UUID) -> Response:
    """Move a case to the bin."""
    try:
        service.bin_case(get_context(), case_id, read_version(request.form.get("version")))
    except Invalid as invalid:
        flash_faults(invalid)
        return redirect(url_for("cases.show", case_id=case_id))
    session[_UNDO] = case_id.hex
    return redirect(url_for("cases.index"))


@pages.post("/cases/<uuid:case_id>/restore")
@requires(Permission.EDIT_CASES)
def restore(case_id: UUID) -> Response:
    """Take a case out of the bin; whoever wrote in it when it went goes on in their draft."""
    service.restore_case(get_context(), case_id)
    flash(gettext("Restored. The case is where it was."), "good")
    draft_id = read_optional_id(request.form.get("draft"))
    if draft_id:
        return redirect(url_for("drafts.resume", draft_id=draft_id))
    return redirect(url_for("cases.show", case_id=case_id))


def say_where_it_went() -> str | None:
    """Return a page on the case in the bin that this address leads to, for whoever may take it out."""
    asked = request.view_args or {}
    record_id, context = asked.get("case_id") or asked.get("incident_id"), find_context()
    line = service.find_binned(context, record_id) if context and isinstance(record_id, UUID) else None
    return render_template("errors/binned.html", line=line) if line else None


def take_undo() -> dict[str, Any] | None:
    """Return the case that was binned just now, once: {"case", "days" for which it can be restored}."""
    case_id = session.pop(_UNDO, None)
    return {"case": UUID(hex=case_id), "days": runtime().limits.bin_days} if case_id else None
