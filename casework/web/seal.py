"""The emergency seal: what it does, and doing it."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.sealing import look_at_seal, seal_organization
from casework.web.access import requires
from casework.web.entrance import forget_browser
from casework.web.faults import show_faults
from casework.web.forms.seal import SealForm
from casework.web.identity import get_context

pages = Blueprint("seal", __name__)


@pages.route("/seal", methods=["GET", "POST"])
@requires(Permission.SEAL_ORGANIZATION)
def show() -> Response | tuple[str, int]:
    """Say what the seal does, and put it on."""
    context, form = get_context(), SealForm()
    outlook = look_at_seal(context)
    if not outlook.asks_code:
        del form.code
    if form.validate_on_submit():
        try:
            seal_organization(context, *form.typed())
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            current_app.extensions["casework.seal"].look()
            return forget_browser(redirect(url_for("home.today")))
    page = render_template("seal/show.html", form=form, outlook=outlook)
    return page, 400 if form.errors else 200
