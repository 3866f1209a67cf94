"""Open cases that nobody accompanies, and handing them over together."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.membership.members import name_everybody
from casework.services.offers import list_accompaniers
from casework.services.unaccompanied import hand_all_over, list_unaccompanied
from casework.web.access import requires
from casework.web.faults import show_faults
from casework.web.forms.cases import HandAllOverForm
from casework.web.identity import get_context

pages = Blueprint("unaccompanied", __name__)


@pages.route("/cases/unaccompanied", methods=["GET", "POST"])
@requires(Permission.REVOKE_MEMBERS)
def index() -> Response | tuple[str, int]:
    """List them, and let one member accompany them all."""
    context, form = get_context(), HandAllOverForm()
    form.offer(list_accompaniers(context))
    if form.validate_on_submit():
        try:
            given = hand_all_over(context, form.chosen)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            flash(ngettext("One case was handed over.", "%(num)d cases were handed over.", given), "good")
            return redirect(url_for("unaccompanied.index" if list_unaccompanied(context) else "home.today"))
    shown = {"cases": list_unaccompanied(context), "names": name_everybody(context)}
    page = render_template("cases/unaccompanied.html", form=form, **shown)
    return page, 422 if form.errors else 200
