"""The start page: what waits today."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.services.today import look_at_today
from casework.web import drafts
from casework.web.access import requires
from casework.web.followup_form import take_undo
from casework.web.identity import get_context, runtime

pages = Blueprint("home", __name__)


@pages.get("/")
@requires(Permission.USE_ACCOUNT)
def today() -> Response | str:
    """Show what waits; an advocate, who opens no case, starts at a question."""
    context = get_context()
    if not context.may(Permission.READ_CASES):
        return redirect(url_for("statistics.index"))
    everybodys, whole = request.args.get("who") == "all", "whole" in request.args
    shown = look_at_today(context, everybodys, whole)
    listed = [drafts.describe(draft) for draft in shown.drafts]
    return render_template(
        "home/today.html", today=shown, drafts=listed, date=runtime().today(), undo_after=take_undo()
    )
