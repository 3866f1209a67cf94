"""Whose request it is: only the session row that the cookie's secret opens says so."""

import hashlib
import logging
from pathlib import Path

from flask import Flask, Request, current_app, g, request
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from casework.config import Settings
from casework.errors import Forbidden, VaultError
from casework.eventlog import Event, record
from casework.services.context import Context
from casework.services.runtime import Runtime
from casework.services.signing_in.sessions import Locked, resolve


class SignedIn(UserMixin):
    """What Flask-Login calls the user: a context."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def get_id(self) -> str:
        """Return the member's id; nobody calls login_user, so no cookie ever holds it."""
        return self.context.member_id.hex


def init_app(app: Flask, settings: Settings) -> None:
    """Name the cookies and tell Flask-Login where members come from."""
    prefix = "__Host-" if settings.public_https else ""
    tag = _tag(settings.instance_path)
    app.config["MEMBER_COOKIE"] = f"{prefix}casework-{tag}"
    app.config["CEREMONY_COOKIE"] = f"{prefix}casework-setup-{tag}"
    app.config["RECOVERY_COOKIE"] = f"{prefix}casework-recovery-{tag}"
    app.config["SESSION_COOKIE_NAME"] = f"{prefix}casework-form-{tag}"
    manager = LoginManager(app)
    manager.request_loader(_load)


def _tag(instance_path: Path) -> str:
    # Browsers keep cookies by host, not by port: two instances on one machine must not share names.
    return hashlib.sha256(str(instance_path.resolve()).encode()).hexdigest()[:8]


def runtime() -> Runtime:
    """Return what the running application holds in its process."""
    held: Runtime = current_app.extensions["casework"]
    return held


def member_cookie() -> str:
    """Return what the member's cookie carries, empty without one."""
    return request.cookies.get(current_app.config["MEMBER_COOKIE"], "")


def ceremony_cookie() -> str:
    """Return what the cookie of something unfinished carries (set-up, a proposed passphrase), or nothing."""
    return request.cookies.get(current_app.config["CEREMONY_COOKIE"], "")


def recovery_cookie() -> str:
    """Return what the cookie of a drill or of new recovery shares carries, or nothing."""
    return request.cookies.get(current_app.config["RECOVERY_COOKIE"], "")


def set_cookie(response: Response, name: str, value: str) -> None:
    """Set a session cookie of ours; without TLS, on loopback, browsers differ on Secure, so it stays off."""
    secure: bool = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(name, value, secure=secure, httponly=True, samesite="Strict", path="/")


def delete_cookie(response: Response, name: str) -> None:
    """Delete a cookie that `set_cookie` set."""
    secure: bool = current_app.config["SESSION_COOKIE_SECURE"]
    response.delete_cookie(name, secure=secure, httponly=True, samesite="Strict", path="/")


def find_context() -> Context | None:
    """Return the signed-in member's context, somebody not yet admitted included, or None."""
    return current_user.context if current_user.is_authenticated else None


def get_context() -> Context:
    """Return the signed-in member's context; raises Forbidden where nobody is."""
    context = find_context()
    if context is None:
        raise Forbidden("nobody is signed in")
    return context


def find_locked() -> Locked | None:
    """Return whose session it was that has locked, or None."""
    find_context()
    locked: Locked | None = g.get("locked")
    return locked


def _load(_request: Request) -> SignedIn | None:
    cookie = member_cookie()
    if not cookie or "refused" in g:
        return None
    try:
        found = resolve(runtime(), cookie)
    except VaultError:
        # The error page asks again who it is: nobody.
        g.refused = True
        record(logging.ERROR, Event.SESSION_REFUSED)
        raise
    if isinstance(found, Locked):
        g.locked = found
        return None
    if found is None:
        return None
    runtime().background.lend(cookie)
    return SignedIn(found)
