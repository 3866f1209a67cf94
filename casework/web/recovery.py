"""The recovery shares of an organization that exists: what they are, and the drill."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import ShareRefused
from casework.services.recovery import drills
from casework.services.recovery import earlier as bringing
from casework.services.recovery.entering import forget_entered
from casework.services.recovery.overview import look_at_recovery
from casework.services.recovery.quorumkeys import Opened
from casework.services.recovery.shareentry import Entered
from casework.web.access import requires
from casework.web.forms.sharing import ShareForm
from casework.web.identity import delete_cookie, get_context, recovery_cookie, set_cookie
from casework.web.sharing import say_refused, say_waiting

pages = Blueprint("recovery", __name__, url_prefix="/recovery")

Page = Response | str | tuple[str, int]


@pages.get("")
@requires(Permission.MANAGE_RECOVERY)
def show() -> Page:
    """Say what the shares are, how many there are, and when they were last tried."""
    return render_template("recovery/show.html", view=look_at_recovery(get_context()))


@pages.route("/drill", methods=["GET", "POST"])
@requires(Permission.MANAGE_RECOVERY)
def drill() -> Page:
    """Take the shares one at a time, and prove that enough of them open."""
    context, cookie, form = get_context(), recovery_cookie(), ShareForm()
    entered = drills.get_entered(context, cookie)
    try:
        if request.method == "POST" and entered.is_complete:
            return _finish(entered)  # something came between the last share and the end
        if form.validate_on_submit():
            cookie, entered = drills.enter_share(context, cookie, form.words.data or "")
            return _finish(entered) if entered.is_complete else _go_on(cookie, entered, "recovery.drill")
    except ShareRefused as refused:
        form.words.errors = [say_refused(refused)]
        entered = drills.get_entered(context, cookie)
    page = render_template("recovery/drill.html", form=form, entered=entered)
    return page, 400 if form.errors else 200


@pages.route("/earlier", methods=["GET", "POST"])
@requires(Permission.MANAGE_RECOVERY)
def earlier() -> Page:
    """Take earlier shares one at a time, and seal to those in force what only the earlier ones open."""
    context, cookie, form = get_context(), recovery_cookie(), ShareForm()
    entered = bringing.get_earlier(context, cookie)
    try:
        if request.method == "POST" and entered.is_complete:
            return _bring_over(entered)
        if form.validate_on_submit():
            cookie, entered = bringing.enter_earlier(context, cookie, form.words.data or "")
            return (
                _bring_over(entered) if entered.is_complete else _go_on(cookie, entered, "recovery.earlier")
            )
    except ShareRefused as refused:
        form.words.errors = [say_refused(refused)]
        entered = bringing.get_earlier(context, cookie)
    waiting = look_at_recovery(context).waiting
    page = render_template("recovery/earlier.html", form=form, entered=entered, waiting=waiting, renews=False)
    return page, 400 if form.errors else 200


@pages.post("/drill/forget")
@requires(Permission.MANAGE_RECOVERY)
def forget_drill() -> Response:
    """Forget the shares that were entered, for a drill or to bring over what waits."""
    flash(_("Stopped. What was entered is forgotten."), "info")
    return _forget("recovery.show")


def _go_on(cookie: str, entered: Entered, endpoint: str) -> Response:
    flash(_("Share %(number)s is entered.", number=entered.numbers[-1]), "good")
    answer = redirect(url_for(endpoint))
    set_cookie(answer, current_app.config["RECOVERY_COOKIE"], cookie)
    return answer


def _finish(entered: Entered) -> Page:
    """End the drill; raises ShareRefused, with the shares forgotten, where they give no key of ours."""
    try:
        opened = drills.drill(get_context(), entered)
    except ShareRefused:
        forget_entered(recovery_cookie())
        raise
    if opened.failed:
        forget_entered(recovery_cookie())
        return render_template("recovery/failed.html", opened=opened)
    flash(_say_opened(opened), "good")
    return _forget("recovery.show")


def _bring_over(entered: Entered) -> Response:
    """Seal what waits; raises ShareRefused, with the shares forgotten, where nothing opens with them."""
    try:
        done = bringing.bring_over(get_context(), entered)
    except ShareRefused:
        forget_entered(recovery_cookie())
        raise
    cases = ngettext("%(num)d restricted case", "%(num)d restricted cases", done.cases)
    drafts = ngettext("%(num)d draft", "%(num)d drafts", done.drafts)
    flash(_("Sealed to the shares in force: %(cases)s, %(drafts)s.", cases=cases, drafts=drafts), "good")
    return _forget("recovery.show")


def _say_opened(opened: Opened) -> str:
    fields = {
        "keys": opened.epoch_keys,
        "cases": ngettext("%(num)d restricted case", "%(num)d restricted cases", opened.cases),
        "drafts": ngettext("%(num)d draft", "%(num)d drafts", opened.drafts),
    }
    if not opened.waiting.total:
        return str(
            _(
                "The shares open everything: %(keys)s keys, %(cases)s, %(drafts)s. Nothing was changed.",
                **fields,
            )
        )
    return str(
        _(
            "The shares open %(keys)s keys, %(cases)s, %(drafts)s. They do not open what is sealed to earlier"
            " sheets only: %(what)s. Keep those sheets.",
            what=say_waiting(opened.waiting),
            **fields,
        )
    )


def _forget(endpoint: str) -> Response:
    forget_entered(recovery_cookie())
    answer = redirect(url_for(endpoint))
    delete_cookie(answer, current_app.config["RECOVERY_COOKIE"])
    return answer
