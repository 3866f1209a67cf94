"""First run: pages for whoever finds casework empty."""

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.errors import Conflict, Invalid, NotFound
from casework.services import ceremony
from casework.services.demonstration import fill_demonstration
from casework.services.organization import is_founded
from casework.web.access import before_founding
from casework.web.clients import client_device
from casework.web.entrance import enter
from casework.web.faults import show_faults
from casework.web.forms.passphrases import OwnPassphraseForm, TypedBackForm
from casework.web.forms.setup import OrganizationForm
from casework.web.forms.sharing import QuorumForm, ShareForm
from casework.web.identity import ceremony_cookie, delete_cookie, find_context, runtime, set_cookie
from casework.web.language import language
from casework.web.sharing import choosing, sheet, what_differs

pages = Blueprint("setup", __name__, url_prefix="/setup")

Page = Response | str | tuple[str, int]


@pages.get("")
@before_founding
def begin() -> Page:
    """Offer the language, setting up for real, and the demonstration."""
    return render_template("setup/begin.html")


@pages.post("/demonstration")
@before_founding
def demonstration() -> Response:
    """Open the demonstration, which lies in a folder of its own."""
    current_app.extensions["casework.switchboard"].open(_fill)
    return redirect(url_for("home.today"))


@pages.route("/organisation", methods=["GET", "POST"])
@before_founding
def organization() -> Page:
    """Ask for the names: of the organization, and of who sets it up."""
    form = OrganizationForm()
    if form.validate_on_submit():
        try:
            cookie = ceremony.begin(runtime(), ceremony_cookie(), form.founder(language()))
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            answer = redirect(url_for("setup.passphrase"))
            set_cookie(answer, current_app.config["CEREMONY_COOKIE"], cookie)
            return answer
    elif request.method == "GET":
        _fill_again(form)
    return render_template("setup/organization.html", form=form), 400 if form.errors else 200


@pages.route("/passphrase", methods=["GET", "POST"])
@before_founding
def passphrase() -> Page:
    """Propose five words and have them typed back, or take a passphrase of one's own."""
    state = ceremony.get_ceremony(ceremony_cookie())
    own = "own" in request.args
    form = OwnPassphraseForm() if own else TypedBackForm()
    if form.validate_on_submit():
        try:
            ceremony.choose_passphrase(runtime(), ceremony_cookie(), form.choice(state.suggestion))
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            return redirect(url_for("setup.shares"))
    page = render_template("setup/passphrase.html", form=form, own=own, suggestion=state.suggestion)
    return page, 400 if form.errors else 200


@pages.post("/passphrase/another")
@before_founding
def another_passphrase() -> Response:
    """Propose five other words."""
    ceremony.suggest_again(runtime(), ceremony_cookie(), language())
    return redirect(url_for("setup.passphrase"))


@pages.route("/shares", methods=["GET", "POST"])
@before_founding
def shares() -> Page:
    """Explain the recovery shares, and ask how many there are to be; another number draws all anew."""
    if _state().step == "passphrase":
        return redirect(url_for("setup.passphrase"))
    form, sharing = QuorumForm(), _state().sharing
    if form.validate_on_submit():
        try:
            ceremony.choose_quorum(runtime(), ceremony_cookie(), form.chosen())
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            return redirect(url_for("setup.share"))
    elif request.method == "GET" and sharing:
        form.fill(sharing.quorum)
    return render_template("setup/shares.html", **choosing(form, sharing)), 400 if form.errors else 200


@pages.get("/share")
@before_founding
def share() -> Page:
    """Show the share that is due, alone: what is printed of this page is its sheet."""
    elsewhere = _on_step("share")
    if elsewhere:
        return elsewhere
    state, sharing = _state(), ceremony.get_sharing(ceremony_cookie())
    return render_template("setup/share.html", **sheet(sharing, state.founder.organization.name))


@pages.route("/share/check", methods=["GET", "POST"])
@before_founding
def check_share() -> Page:
    """Have the share typed back from the sheet: its words are not on this page."""
    elsewhere = _on_step("share")
    if elsewhere:
        return elsewhere
    form, sharing = ShareForm(), ceremony.get_sharing(ceremony_cookie())
    if form.validate_on_submit():
        try:
            ceremony.confirm_share(runtime(), ceremony_cookie(), form.words.data or "")
        except Invalid:
            form.words.errors = [what_differs(sharing, form.words.data or "")]
        else:
            return redirect(url_for("setup.share"))
    page = render_template("setup/check_share.html", form=form, sharing=sharing)
    return page, 400 if form.errors else 200


@pages.route("/finish", methods=["GET", "POST"])
@before_founding
def finish() -> Page:
    """Found the organization, sign its coordinator in."""
    elsewhere = _on_step("finish")
    if elsewhere:
        return elsewhere
    if request.method == "GET":
        return render_template("setup/finish.html", state=_state())
    cookie = ceremony.finish(runtime(), ceremony_cookie(), client_device())
    current_app.extensions["casework.switchboard"].close()
    answer = enter(cookie, url_for("home.today"))
    delete_cookie(answer, current_app.config["CEREMONY_COOKIE"])
    return answer


@pages.before_request
def refuse_when_founded() -> Page | None:
    """Say so where an organization exists: set-up is over."""
    if not is_founded():
        return None
    if find_context():
        return redirect(url_for("home.today"))
    return render_template("setup/taken.html"), 409


@pages.errorhandler(Conflict)
def say_taken(_error: Conflict) -> Page:
    """Somebody else finished first, in another browser."""
    return render_template("setup/taken.html"), 409


@pages.errorhandler(NotFound)
def begin_again(_error: NotFound) -> Response:
    """The cookie is lost, or the time is over: nothing was kept, so begin again."""
    flash(_("Set-up begins again here. What was entered before was not kept."), "info")
    return redirect(url_for("setup.begin"))


def _state() -> ceremony.Ceremony:
    return ceremony.get_ceremony(ceremony_cookie())


def _on_step(step: str) -> Response | None:
    """Lead to the step that is due when it is another one: after going back, reloading, typing an address."""
    due = _state().step
    return None if due == step else redirect(url_for(f"setup.{due}"))


def _fill_again(form: OrganizationForm) -> None:
    try:
        form.fill(_state().founder)
    except NotFound:
        form.languages.data = [language()]


def _fill(app: Flask) -> None:
    with app.app_context():
        fill_demonstration(app.extensions["casework"])
