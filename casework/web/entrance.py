"""Beginning and ending a session in this browser."""

from flask import current_app, redirect, session
from werkzeug.wrappers import Response

from casework.services import unfinished
from casework.services.context import Context
from casework.services.membership.members import get_own_profile
from casework.services.signing_in.sessions import resolve, sign_out
from casework.web.identity import delete_cookie, member_cookie, recovery_cookie, runtime, set_cookie
from casework.web.language import follow_member

# What belongs to the browser, whoever signs in.
_KEPT = {"language", "csrf_token"}


def enter(cookie: str, address: str) -> Response:
    """Let the session that this cookie stands for take the place of the browser's last one, and lead on."""
    sign_out(runtime(), member_cookie())
    for name in set(session) - _KEPT:
        del session[name]  # an earlier member's
    found = resolve(runtime(), cookie)
    if isinstance(found, Context) and not found.is_pending:
        follow_member(get_own_profile(found).language)
    answer = redirect(address)
    set_cookie(answer, current_app.config["MEMBER_COOKIE"], cookie)
    return answer


def leave(address: str) -> Response:
    """End the browser's session, and lead on; the language chosen here stays."""
    sign_out(runtime(), member_cookie())
    unfinished.forget(recovery_cookie())
    chosen = session.get("language")
    session.clear()
    if chosen:
        session["language"] = chosen
    return forget_browser(redirect(address))


def forget_browser(answer: Response) -> Response:
    """Let the browser drop our cookies, and what it may have put by."""
    for name in ("MEMBER_COOKIE", "CEREMONY_COOKIE", "RECOVERY_COOKIE"):
        delete_cookie(answer, current_app.config[name])
    # Cookies go by name: the host may have others'.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
