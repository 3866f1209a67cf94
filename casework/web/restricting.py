"""Naming members in a restricted case, and withdrawing them, from its page."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.context import Context
from casework.services.restricted import restricting
from casework.web.access import requires
from casework.web.faults import flash_faults
from casework.web.forms.cases import NamingForm
from casework.web.identity import get_context

pages = Blueprint("restricting", __name__)


@pages.post("/cases/<uuid:case_id>/named/grant")
@requires(Permission.EDIT_CASES)
def grant(case_id: UUID) -> Response:
    """Name a member in a restricted case."""
    return _do(restricting.grant, get_context(), case_id, gettext("Named. They can open the case now."))


@pages.post("/cases/<uuid:case_id>/named/withdraw")
@requires(Permission.EDIT_CASES)
def withdraw(case_id: UUID) -> Response:
    """Name a member in a restricted case no longer."""
    done = gettext("Withdrawn. The case has new keys, which they do not have.")
    return _do(restricting.withdraw, get_context(), case_id, done)


def _do(
    deed: Callable[[Context, UUID, int, UUID], None], context: Context, case_id: UUID, done: str
) -> Response:
    form = NamingForm()
    try:
        deed(context, case_id, form.read_version, form.read_member)
    except Invalid as invalid:
        flash_faults(invalid)
    else:
        flash(done, "good")
        if deed is restricting.withdraw and form.read_member == context.member_id:
            return redirect(url_for("cases.index"))
    return redirect(url_for("cases.show", case_id=case_id))
