"""Signing in and out, locking, the language of the pages, the demonstration's own entrance."""

from collections.abc import Callable

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.errors import CodeNeeded, Invalid, TooSoon, WrongPassphrase
from casework.services import visiting
from casework.services.demonstration import DEMONSTRATION_MEMBERS, fill_demonstration
from casework.services.membership.members import get_own_fingerprint
from casework.services.organization import is_demonstration
from casework.services.signing_in import authentication, sessions
from casework.services.signing_in.halfway import is_halfway
from casework.services.signing_in.sessions import Locked
from casework.web.access import before_enrolment, before_founding, public, signed_in
from casework.web.clients import client_address, client_device
from casework.web.entrance import enter, leave
from casework.web.faults import show_faults
from casework.web.forms.auth import CodeForm, SignInForm, UnlockForm
from casework.web.identity import (
    ceremony_cookie,
    find_context,
    find_locked,
    get_context,
    member_cookie,
    runtime,
    set_cookie,
)
from casework.web.language import choose_language as remember_language
from casework.web.language import follow_member, language
from casework.web.paths import local_path
from casework.web.roles import ROLE_NAMES
from casework.web.suggestions import without_suggestion

pages = Blueprint("auth", __name__)

Page = Response | str | tuple[str, int]


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Page:
    """Ask who it is, and open their session."""
    home = url_for("home.today")
    form = SignInForm(next=request.args.get("next", ""))
    if request.method == "GET" and find_context():
        return redirect(local_path(form.next.data, home))
    if form.validate_on_submit():
        try:
            cookie = authentication.sign_in(
                runtime(),
                form.login.data or "",
                form.passphrase.data or "",
                client_address(),
                client_device(),
            )
        except CodeNeeded as needed:
            return _ask_for_code(needed, form.next.data)
        except TooSoon as soon:
            show_faults(form, soon)
        except WrongPassphrase:
            form.form_errors.append(_("Login name and passphrase do not go together. Check both."))
        else:
            return enter(cookie, local_path(form.next.data, home))
    cast = [(one, ROLE_NAMES[one.role]) for one in DEMONSTRATION_MEMBERS] if is_demonstration() else []
    page = render_template("auth/sign_in.html", form=form, cast=cast, may_leave=_leave_demonstration())
    return page, 400 if form.errors else 200


@pages.route("/sign-in/code", methods=["GET", "POST"])
@public
def enter_code() -> Page:
    """Ask who has typed their passphrase for a code of their second factor, and open their session."""
    form = CodeForm(next=request.args.get("next", ""))
    if not is_halfway(runtime(), ceremony_cookie()):
        flash(_("That took too long, or began in another browser. Type your passphrase again."), "info")
        return redirect(url_for("auth.sign_in", next=form.next.data or None))
    if form.validate_on_submit():
        halfway, typed = ceremony_cookie(), form.code.data or ""
        try:
            cookie = authentication.enter_code(runtime(), halfway, typed, client_address(), client_device())
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            return without_suggestion(enter(cookie, local_path(form.next.data, url_for("home.today"))))
    return render_template("auth/code.html", form=form), 400 if form.errors else 200


@pages.route("/unlock", methods=["GET", "POST"])
@public
def unlock() -> Page:
    """Ask the member whose screen has locked for their passphrase."""
    form = UnlockForm(next=request.args.get("next", ""))
    locked = find_locked()
    if locked is None or locked.is_over:
        return _sign_in_anew(locked)
    if form.validate_on_submit():
        try:
            cookie = authentication.unlock(
                runtime(), locked, form.passphrase.data or "", client_address(), client_device()
            )
        except TooSoon as soon:
            show_faults(form, soon)
        except WrongPassphrase:
            form.passphrase.errors = [_("This is not the passphrase. Try again.")]
        else:
            return enter(cookie, local_path(form.next.data, url_for("home.today")))
    page = render_template("auth/unlock.html", form=form, kept=request.args.get("kept", ""))
    return page, 400 if form.errors else 200


@pages.post("/lock")
@before_enrolment
@signed_in
def lock() -> Response:
    """Lock the screen: the keys are gone, the browser still knows whose it is."""
    sessions.lock(member_cookie())
    return redirect(url_for("auth.unlock"))


@pages.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session, whatever state it is in."""
    answer = leave(url_for("auth.sign_in"))
    flash(_("You are signed out. Nothing can be opened from this browser any more."), "good")
    return answer


@pages.get("/waiting")
@signed_in
def wait() -> Page:
    """Show somebody who has joined what to read out, until a coordinator has admitted them."""
    context = get_context()
    if not context.is_pending:
        return redirect(url_for("home.today"))
    return render_template("auth/wait.html", fingerprint=get_own_fingerprint(context))


@pages.post("/language")
@before_founding
def choose_language() -> Response:
    """Show the pages in another language from now on, in this browser."""
    remember_language(request.form.get("language", ""))
    return redirect(local_path(request.form.get("next"), url_for("home.today")))


@pages.post("/demonstration/continue")
@public
def continue_as() -> Response:
    """Sign in as a fictional member, in the account's language where one was chosen, else the visitor's."""
    reads, role = language(), request.form.get("role", "")
    cookie = visiting.continue_as(runtime(), role, client_device())
    answer = enter(cookie, url_for("home.today"))
    follow_member(visiting.find_chosen_language(runtime(), role, cookie) or reads)
    return answer


@pages.post("/demonstration/afresh")
@public
def start_afresh() -> Response:
    """Throw away what was tried in the demonstration, and make it anew."""
    visiting.empty_demonstration(runtime())
    current_app.extensions["casework.seal"].look()  # the seal took half of the host key: now there is another
    fill_demonstration(runtime())
    answer = leave(url_for("auth.sign_in"))
    flash(_("The demonstration is as new. What was tried in it is gone."), "good")
    return answer


@pages.post("/demonstration/leave")
@public
def leave_demonstration() -> Response:
    """Go back from the demonstration to setting up."""
    go_back = _leave_demonstration()
    if go_back is None:
        abort(404)
    answer = leave(url_for("home.today"))
    go_back()
    return answer


def _ask_for_code(needed: CodeNeeded, following: str | None) -> Response:
    answer = redirect(url_for("auth.enter_code", next=following or None))
    set_cookie(answer, current_app.config["CEREMONY_COOKIE"], needed.halfway)
    return answer


def _sign_in_anew(locked: Locked | None) -> Response:
    """Lead to signing in: nobody's screen is locked here, or their session has lasted its longest."""
    if locked:
        flash(_("Your session is over: it has lasted its longest. Sign in anew."), "info")
    if request.args.get("kept") == "1":
        flash(_("What you wrote is kept. It was sealed for you alone, and waits on your start page."), "good")
    return redirect(url_for("auth.sign_in", next=request.values.get("next") or None))


def _leave_demonstration() -> Callable[[], None] | None:
    found: Callable[[], None] | None = current_app.extensions.get("casework.leave")
    return found
