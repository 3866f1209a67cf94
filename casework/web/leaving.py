"""Members who leave, and members who come back under a new key."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.membership import leaving
from casework.services.membership.invitations import invite_again
from casework.services.membership.members import get_member, list_members
from casework.web.access import requires
from casework.web.confirming import confirmed
from casework.web.faults import show_faults
from casework.web.forms.leaving import InviteAgainForm, RevokeForm
from casework.web.identity import get_context, member_cookie, runtime
from casework.web.roles import role_meanings

pages = Blueprint("leaving", __name__)

Page = Response | str | tuple[str, int]


@pages.route("/members/<uuid:member_id>/revoke", methods=["GET", "POST"])
@requires(Permission.REVOKE_MEMBERS)
def revoke(member_id: UUID) -> Page:
    """Say what ends with a membership, and end it; who takes over the open cases is named."""
    context = get_context()
    seen, member = leaving.look_at_leaving(context, member_id), get_member(context, member_id)
    form = RevokeForm()
    form.ask(context)
    form.offer(list_members(context), seen)
    if form.validate_on_submit():
        try:
            leaving.revoke_member(confirmed(form), member_id, form.successor_id)
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            runtime().background.lend(member_cookie(), at_once=True)
            flash(_("The membership has ended. Keys are being renewed in the background."), "good")
            return redirect(url_for("members.index"))
    page = render_template("members/revoke.html", form=form, member=member, seen=seen)
    return page, 422 if form.errors or form.form_errors else 200


@pages.route("/members/<uuid:member_id>/invite-again", methods=["GET", "POST"])
@requires(Permission.INVITE_MEMBERS)
def invite(member_id: UUID) -> Page:
    """Make a link by which a member comes back under a new key; it is on this one answer only."""
    context, form = get_context(), InviteAgainForm()
    form.ask(context)
    member = get_member(context, member_id)
    if form.validate_on_submit():
        try:
            link = invite_again(confirmed(form), member_id, form.chosen_roles())
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            address = url_for("members.join", link=link, _external=True)
            return render_template("members/link.html", address=address, name=member.display_name)
    elif request.method == "GET":
        form.roles.data = [role.value for role in member.roles]
    meanings = role_meanings()
    page = render_template("members/invite_again.html", form=form, member=member, meanings=meanings)
    return page, 422 if form.errors or form.form_errors else 200
