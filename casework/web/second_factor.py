"""The second factor in one's account: setting it up, new recovery codes, turning it off."""

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.signing_in import second_factors
from casework.web.access import before_enrolment, requires
from casework.web.clients import client_address
from casework.web.faults import show_faults
from casework.web.forms.second_factor import ConfirmForm, EnrolForm
from casework.web.identity import ceremony_cookie, delete_cookie, get_context, set_cookie
from casework.web.qr import draw_qr

pages = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")

Page = Response | str | tuple[str, int]

_FEW_CODES = 3


@pages.get("")
@requires(Permission.USE_ACCOUNT)
def show() -> str:
    """Say whether there is a second factor, and what can be done with it."""
    context = get_context()
    left = second_factors.count_recovery_codes(context)
    return render_template(
        "second_factor/show.html",
        left=left,
        few=left is not None and left <= _FEW_CODES,
        is_needed=context.needs_second_factor,
    )


@pages.route("/set-up", methods=["GET", "POST"])
@before_enrolment
@requires(Permission.USE_ACCOUNT)
def enrol() -> Page:
    """Show a secret to put into an app, and put it in force once a code of it is typed back."""
    context, form = get_context(), EnrolForm()
    form.ask_only(context.has_second_factor)
    cookie, proposal = second_factors.propose(context, ceremony_cookie())
    if form.validate_on_submit():
        passphrase, held = form.typed()
        try:
            codes = second_factors.enrol(
                context, cookie, form.code.data or "", passphrase, client_address(), held
            )
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            return _show_codes(codes, is_new=True)
    page = render_template(
        "second_factor/enrol.html", form=form, proposal=proposal, code=draw_qr(proposal.uri), context=context
    )
    answer = make_response(page, 400 if form.errors else 200)
    set_cookie(answer, current_app.config["CEREMONY_COOKIE"], cookie)
    return answer


@pages.route("/codes", methods=["GET", "POST"])
@requires(Permission.USE_ACCOUNT)
def renew_codes() -> Page:
    """Make new recovery codes; they are on the answer to this one request, and nowhere else."""
    context, form = get_context(), ConfirmForm()
    if not context.has_second_factor:
        return redirect(url_for("second_factor.show"))
    if form.validate_on_submit():
        try:
            passphrase, held = form.typed()
            codes = second_factors.renew_recovery_codes(context, passphrase, client_address(), held)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            return _show_codes(codes, is_new=False)
    return render_template("second_factor/renew.html", form=form), 400 if form.errors else 200


@pages.route("/turn-off", methods=["GET", "POST"])
@requires(Permission.USE_ACCOUNT)
def turn_off() -> Page:
    """Do without the second factor."""
    context, form = get_context(), ConfirmForm()
    if context.needs_second_factor or not context.has_second_factor:
        return redirect(url_for("second_factor.show"))
    if form.validate_on_submit():
        try:
            passphrase, held = form.typed()
            second_factors.turn_off(context, passphrase, client_address(), held)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            flash(_("Your second factor is off. Your passphrase alone opens your account."), "good")
            return redirect(url_for("second_factor.show"))
    return render_template("second_factor/turn_off.html", form=form), 400 if form.errors else 200


def _show_codes(codes: tuple[str, ...], is_new: bool) -> Response:
    answer = make_response(render_template("second_factor/codes.html", codes=codes, is_new=is_new))
    delete_cookie(answer, current_app.config["CEREMONY_COOKIE"])
    return answer
