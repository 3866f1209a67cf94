"""Sessions: one's own, to be ended singly or but this one, and for coordinators those of a member."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from casework.domain.device import Device
from casework.domain.permissions import Permission
from casework.services.signing_in import session_control
from casework.web.access import requires
from casework.web.identity import get_context, member_cookie, runtime

pages = Blueprint("sessions", __name__)


@pages.get("/account/sessions")
@requires(Permission.USE_ACCOUNT)
def index() -> str:
    """List the member's own sessions."""
    views = session_control.list_own_sessions(get_context(), member_cookie())
    return render_template(
        "sessions/index.html",
        sessions=[(view, _name(view.device)) for view in views],
        others=sum(not view.is_this for view in views),
        idle_minutes=runtime().limits.idle_seconds // 60,
        hours=runtime().limits.session_seconds // 3600,
    )


@pages.post("/account/sessions/<uuid:session_id>/end")
@requires(Permission.USE_ACCOUNT)
def end(session_id: UUID) -> Response:
    """End one of the member's own sessions."""
    session_control.end_own_session(get_context(), session_id)
    flash(_("The session has ended. Its browser opens nothing any more."), "good")
    return redirect(url_for("sessions.index"))


@pages.post("/account/sessions/end-others")
@requires(Permission.USE_ACCOUNT)
def end_others() -> Response:
    """End all of the member's own sessions but the one that asks."""
    ended = session_control.end_other_sessions(get_context(), member_cookie())
    flash(ngettext("One session has ended.", "%(num)d sessions have ended.", ended), "good")
    return redirect(url_for("sessions.index"))


@pages.post("/members/<uuid:member_id>/sessions/end")
@requires(Permission.END_SESSIONS)
def end_of_member(member_id: UUID) -> Response:
    """End all sessions of a member."""
    session_control.end_sessions_of(get_context(), member_id)
    flash(_("Their sessions have ended. To go on they sign in again."), "good")
    return redirect(url_for("members.index"))


def _name(device: Device) -> str:
    if device.browser and device.system:
        return str(_("%(browser)s on %(system)s", browser=device.browser, system=device.system))
    return device.browser or device.system or str(_("A browser that does not say which"))
