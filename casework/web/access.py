"""Deny by default: every endpoint is marked, and nothing runs before its mark was checked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import Flask, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Forbidden
from casework.services.context import Context
from casework.services.drafts import keep_late_form
from casework.services.organization import is_founded
from casework.services.signing_in.sessions import Locked
from casework.web.identity import find_context, find_locked, runtime
from casework.web.scripts import is_script, lead

View = TypeVar("View", bound=Callable[..., Any])

OPEN_BYTES = 32 * 1024
"""For the form of a page that anybody may ask for, and for who has no session. The largest honest one is that
of an invitation, two names and a passphrase twice: 27 KiB where every letter takes twelve bytes, usually half
of one."""

# Never kept of a form, nor given back; recovery shares are typed into no form that is kept.
SECRET_FIELDS = {"csrf_token", "passphrase", "current", "chosen", "repeated", "code"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Who may call an endpoint. `keeps` names the form that is kept as a draft when it is posted too late.

    `lost` is the message where nothing of what came too late can be kept. `before_enrolment` also lets in who
    has still to set up the second factor that they need.
    """

    public: bool = False
    before_founding: bool = False
    permission: Permission | None = None
    keeps: str = ""
    lost: str = ""
    before_enrolment: bool = False


def public(view: View) -> View:
    """Mark an endpoint that anybody may call once the organization exists."""
    view.access = Mark(public=True)  # type: ignore[attr-defined]
    return view


def before_founding(view: View) -> View:
    """Mark an endpoint that anybody may call, also before the organization exists."""
    view.access = Mark(public=True, before_founding=True)  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Mark an endpoint for everybody with a session, those who wait for admission included."""
    view.access = Mark()  # type: ignore[attr-defined]
    return view


def requires(permission: Permission, keeps: str = "", lost: str = "") -> Callable[[View], View]:
    """Mark an endpoint for members whose role grants this permission."""

    def mark(view: View) -> View:
        view.access = Mark(permission=permission, keeps=keeps, lost=lost)  # type: ignore[attr-defined]
        return view

    return mark


def find_mark(app: Flask, endpoint: str) -> Mark | None:
    """Return an endpoint's mark, or None where somebody forgot it."""
    view = app.view_functions.get(endpoint)
    return getattr(view, "access", None)


def is_open(mark: Mark | None) -> bool:
    """Return whether anybody may call what has this mark; what has none answers nobody."""
    return mark is None or mark.public


def before_enrolment(view: View) -> View:
    """Open a marked endpoint to members too who have still to set up the second factor that they need."""
    view.access = replace(view.access, before_enrolment=True)  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Check the mark before every request."""
    before_founding(app.view_functions["static"])
    app.before_request(check)


def check() -> Response | None:
    """Return where this request is sent instead, or None; reads a form only where a session has locked."""
    if request.endpoint is None or request.routing_exception is not None:
        # Not found, or no such method: the error page answers.
        return None
    mark = find_mark(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if mark is None:
        abort(403)
    if not is_founded():
        return None if mark.before_founding else redirect(url_for("setup.begin"))
    if mark.public:
        return None
    context = find_context()
    return _turn_away(mark) if context is None else _check_member(context, mark)


def _check_member(context: Context, mark: Mark) -> Response | None:
    if context.must_enrol and not mark.before_enrolment:
        return redirect(url_for("second_factor.enrol"))
    if mark.permission is None:
        return None
    if context.is_pending:
        return redirect(url_for("auth.wait"))
    if not context.may(mark.permission):
        raise Forbidden(mark.permission.value)
    return None


def _turn_away(mark: Mark) -> Response:
    locked = find_locked()
    # Nothing is read of a long form whose sender is not known: who writes so much has scripts, or loses it.
    is_read = locked or (request.content_length or 0) <= OPEN_BYTES
    writes = bool(mark.keeps and request.method == "POST" and is_read and request.form)
    if writes and locked and _keep_late(locked, mark.keeps):
        return lead(redirect(url_for("auth.unlock", kept=1)))
    if writes or is_script():
        abort(401)  # its page gives back what was written; a script has it on its own page still
    if mark.lost:
        flash(gettext(mark.lost), "bad")
    following = request.path if request.method == "GET" else None
    return redirect(url_for("auth.unlock" if locked else "auth.sign_in", next=following))


def _keep_late(locked: Locked, kind: str) -> bool:
    fields = {k: v for k, v in request.form.to_dict(flat=False).items() if k not in SECRET_FIELDS}
    return keep_late_form(runtime(), locked, kind, request.path, fields)
