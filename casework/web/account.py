"""One's own account: name, language, passphrase, fingerprint."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.membership.members import change_own_profile, get_own_fingerprint, get_own_profile
from casework.services.signing_in.authentication import change_passphrase
from casework.web.access import requires
from casework.web.clients import client_address
from casework.web.faults import show_faults
from casework.web.forms.account import ChangeOwnForm, ChangeTypedBackForm, ProfileForm
from casework.web.identity import get_context, member_cookie
from casework.web.language import follow_member
from casework.web.roles import role_meanings
from casework.web.suggestions import (
    find_suggestion,
    render_with_suggestion,
    suggest_another,
    without_suggestion,
)

pages = Blueprint("account", __name__, url_prefix="/account")

Page = Response | str | tuple[str, int]


@pages.route("", methods=["GET", "POST"])
@requires(Permission.USE_ACCOUNT)
def show() -> Page:
    """Show the member's account, and change their name and language."""
    context, form = get_context(), ProfileForm()
    if form.validate_on_submit():
        try:
            change_own_profile(context, form.profile())
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            follow_member(form.language.data, for_good=True)
            flash(_("Your account is saved."), "good")
            return redirect(url_for("account.show"))
    elif request.method == "GET":
        form.fill(get_own_profile(context))
    page = render_template(
        "account/show.html",
        form=form,
        roles=context.roles,
        meanings=role_meanings(context.roles),
        fingerprint=get_own_fingerprint(context),
        may_export=context.may(Permission.EXPORT_RECORDS),
        has_second_factor=context.has_second_factor,
    )
    return page, 400 if form.errors else 200


@pages.route("/passphrase", methods=["GET", "POST"])
@requires(Permission.USE_ACCOUNT)
def passphrase() -> Page:
    """Change the passphrase, for the proposed one or one of the member's own."""
    own = "own" in request.args
    form = ChangeOwnForm() if own else ChangeTypedBackForm()
    if form.validate_on_submit():
        choice = form.choice(find_suggestion())
        try:
            change_passphrase(get_context(), member_cookie(), form.current.data, choice, client_address())
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            flash(_("Your passphrase is changed. Your sessions in other browsers have ended."), "good")
            return without_suggestion(redirect(url_for("account.show")))
    return render_with_suggestion("account/passphrase.html", form=form, own=own)


@pages.post("/passphrase/another")
@requires(Permission.USE_ACCOUNT)
def another_passphrase() -> Response:
    """Propose five other words."""
    return suggest_another(url_for("account.passphrase"))
