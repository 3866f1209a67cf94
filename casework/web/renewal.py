"""New recovery shares for an organization that exists: as at first run, and then in force all at once."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound, ShareRefused
from casework.services.organization import get_organization_profile
from casework.services.recovery import renewals
from casework.services.recovery.overview import look_at_recovery
from casework.services.recovery.sharing import Sharing
from casework.services.recovery.waiting import Waiting
from casework.web.access import requires
from casework.web.confirming import confirmed
from casework.web.faults import show_faults
from casework.web.forms.sharing import RenewalForm, ShareForm
from casework.web.identity import (
    delete_cookie,
    get_context,
    member_cookie,
    recovery_cookie,
    runtime,
    set_cookie,
)
from casework.web.sharing import choosing, say_refused, say_waiting, sheet, what_differs

pages = Blueprint("renewal", __name__, url_prefix="/recovery/new")

Page = Response | str | tuple[str, int]


@pages.route("", methods=["GET", "POST"])
@requires(Permission.MANAGE_RECOVERY)
def begin() -> Page:
    """Say what new shares mean, and draw as many as are chosen, for who shows once more who they are."""
    context, form = get_context(), RenewalForm()
    form.ask(context)
    if form.validate_on_submit():
        try:
            quorum = form.chosen()
            cookie = renewals.begin_renewal(confirmed(form), recovery_cookie(), quorum)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            answer = redirect(url_for("renewal.share"))
            set_cookie(answer, current_app.config["RECOVERY_COOKIE"], cookie)
            return answer
    elif request.method == "GET" and (in_force := look_at_recovery(context).quorum):
        form.fill(in_force)
    page = render_template("renewal/begin.html", **choosing(form, _find_sharing()))
    return page, 400 if form.errors or form.form_errors else 200


@pages.get("/share")
@requires(Permission.MANAGE_RECOVERY)
def share() -> Page:
    """Show the share that is due, alone: what is printed of this page is its sheet."""
    sharing = _find_sharing()
    if sharing is None or sharing.is_complete:
        return _elsewhere(sharing)
    return render_template(
        "renewal/share.html", **sheet(sharing, get_organization_profile(get_context()).name)
    )


@pages.route("/share/check", methods=["GET", "POST"])
@requires(Permission.MANAGE_RECOVERY)
def check_share() -> Page:
    """Have the share typed back from the sheet: its words are not on this page."""
    sharing, form = _find_sharing(), ShareForm()
    if sharing is None or sharing.is_complete:
        return _elsewhere(sharing)
    if form.validate_on_submit():
        try:
            renewals.confirm_share(get_context(), recovery_cookie(), form.words.data or "")
        except Invalid:
            form.words.errors = [what_differs(sharing, form.words.data or "")]
        else:
            return redirect(url_for("renewal.share"))
    page = render_template("renewal/check_share.html", form=form, sharing=sharing)
    return page, 400 if form.errors else 200


@pages.route("/earlier", methods=["GET", "POST"])
@requires(Permission.MANAGE_RECOVERY)
def earlier() -> Page:
    """Take the shares in force one at a time: what only they open is sealed anew in the last step."""
    context, cookie, sharing, form = get_context(), recovery_cookie(), _find_sharing(), ShareForm()
    if sharing is None or not sharing.is_complete:
        return _elsewhere(sharing)
    entered = renewals.get_earlier(context, cookie)
    if not entered.is_complete and form.validate_on_submit():
        try:
            entered = renewals.enter_earlier(context, cookie, form.words.data or "")
        except ShareRefused as refused:
            form.words.errors = [say_refused(refused)]
            entered = renewals.get_earlier(context, cookie)
        else:
            flash(_("Share %(number)s is entered.", number=entered.numbers[-1]), "good")
            return redirect(url_for("renewal.finish" if entered.is_complete else "renewal.earlier"))
    waiting = renewals.look_ahead(context)
    page = render_template("recovery/earlier.html", form=form, entered=entered, waiting=waiting, renews=True)
    return page, 400 if form.errors else 200


@pages.route("/finish", methods=["GET", "POST"])
@requires(Permission.MANAGE_RECOVERY)
def finish() -> Page:
    """Say what changes, and put the new shares in force."""
    context, cookie, sharing = get_context(), recovery_cookie(), _find_sharing()
    if sharing is None or not sharing.is_complete:
        return _elsewhere(sharing)
    if request.method == "GET":
        earlier, ahead = renewals.get_earlier(context, cookie), renewals.look_ahead(context)
        return render_template("renewal/finish.html", sharing=sharing, earlier=earlier, ahead=ahead)
    try:
        waiting = renewals.finish_renewal(context, cookie, gives_up="gives_up" in request.form)
    except Invalid as invalid:
        fault = invalid.faults["words"]
        flash(_(fault), "bad")
        return redirect(url_for("renewal.earlier"))
    runtime().background.lend(member_cookie(), at_once=True)
    flash(_say_in_force(waiting), "info" if waiting.total else "good")
    return _leave()


def _say_in_force(waiting: Waiting) -> str:
    if not waiting.total:
        return str(_("The new shares are in force, and keys are being renewed. Destroy the old sheets now."))
    return str(
        _(
            "The new shares are in force. Keep the old sheets until nothing waits any more: not sealed to the"
            " new ones yet are %(what)s.",
            what=say_waiting(waiting),
        )
    )


@pages.post("/stop")
@requires(Permission.MANAGE_RECOVERY)
def stop() -> Response:
    """Forget the shares that were drawn; those in force stay so."""
    renewals.stop_renewal(recovery_cookie())
    flash(_("The new shares are forgotten: destroy their sheets. The old ones stay in force."), "info")
    return _leave()


def _find_sharing() -> Sharing | None:
    try:
        return renewals.get_sharing(get_context(), recovery_cookie())
    except NotFound:
        return None


def _elsewhere(sharing: Sharing | None) -> Response:
    """Lead to the step that is due: after going back, reloading, or when the time is over."""
    if sharing is None:
        return redirect(url_for("renewal.begin"))
    return redirect(url_for("renewal.finish" if sharing.is_complete else "renewal.share"))


def _leave() -> Response:
    answer = redirect(url_for("recovery.show"))
    delete_cookie(answer, current_app.config["RECOVERY_COOKIE"])
    return answer
