"""Members: who they are, inviting, joining by a link, admitting."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from casework.domain.permissions import Permission
from casework.errors import Invalid
from casework.services.membership import admitting, invitations
from casework.services.membership.members import count_coordinators, list_former_members, list_members
from casework.services.membership.rotation import look_at_rotation
from casework.services.organization import get_organization_profile
from casework.services.signing_in.session_control import count_open_sessions
from casework.web.access import public, requires
from casework.web.clients import client_device
from casework.web.confirming import confirmed
from casework.web.entrance import enter
from casework.web.faults import show_faults
from casework.web.forms.members import InviteForm, JoinOwnForm, JoinTypedBackForm
from casework.web.forms.proof import AdmitForm
from casework.web.identity import get_context, member_cookie, runtime
from casework.web.language import SCREEN_LANGUAGES, follow_member
from casework.web.roles import role_meanings, role_names
from casework.web.suggestions import (
    find_suggestion,
    render_with_suggestion,
    suggest_another,
    without_suggestion,
)

pages = Blueprint("members", __name__)
pages.add_app_template_filter(role_names, "roles")

Page = Response | str | tuple[str, int]


@pages.get("/members")
@requires(Permission.READ_MEMBERS)
def index() -> Page:
    """List members, who waits for admission, and open invitations."""
    context = get_context()
    invitees = invitations.list_invitees(context)
    return render_template(
        "members/index.html",
        members=list_members(context),
        former=list_former_members(context),
        rotation=look_at_rotation(context),
        waiting=[one for one in invitees if one.has_joined],
        invited=[one for one in invitees if not one.has_joined],
        coordinators=count_coordinators(context),
        languages=SCREEN_LANGUAGES,
        sessions=count_open_sessions(context),
        own_id=context.member_id,
    )


@pages.route("/members/invite", methods=["GET", "POST"])
@requires(Permission.INVITE_MEMBERS)
def invite() -> Page:
    """Make an invitation; its link is on the answer to this one request, and nowhere else."""
    context, form = get_context(), InviteForm()
    if form.validate_on_submit():
        try:
            link = invitations.invite(context, form.profile(), form.chosen_roles())
        except Invalid as invalid:
            show_faults(form, invalid)
        else:
            address = url_for("members.join", link=link, _external=True)
            return render_template("members/link.html", address=address, name=form.display_name.data)
    elif request.method == "GET":
        form.language.data = get_organization_profile(context).default_language
    page = render_template("members/invite.html", form=form, meanings=role_meanings())
    return page, 400 if form.errors else 200


@pages.route("/members/invitations/<uuid:invitation_id>/admit", methods=["GET", "POST"])
@requires(Permission.INVITE_MEMBERS)
def admit(invitation_id: UUID) -> Page:
    """Admit who has joined, if fingerprint and roles are still those that were shown and compared."""
    context, form = get_context(), AdmitForm()
    form.ask(context)
    if form.validate_on_submit():
        try:
            admitting.admit_member(confirmed(form), invitation_id, *form.shown())
        except Invalid as invalid:
            if _has_changed(invalid):
                return redirect(url_for("members.index"))
            show_faults(form, invalid)
        else:
            runtime().background.lend(member_cookie(), at_once=True)
            flash(_("A member was admitted. They can work from their next click on."), "good")
            return redirect(url_for("members.index"))
    one = invitations.get_joined(context, invitation_id)
    if request.method == "GET":
        form.show(one)
    page = render_template("members/admit.html", form=form, one=one)
    return page, 422 if form.errors or form.form_errors else 200


@pages.post("/members/invitations/<uuid:invitation_id>/withdraw")
@requires(Permission.INVITE_MEMBERS)
def withdraw(invitation_id: UUID) -> Response:
    """Close an invitation: its link opens nothing any more, and who joined by it is not admitted."""
    invitations.withdraw(get_context(), invitation_id)
    flash(_("The invitation is withdrawn. Its link opens nothing any more."), "good")
    return redirect(url_for("members.index"))


@pages.route("/join/<link>", methods=["GET", "POST"])
@public
def join(link: str) -> Page:
    """Welcome who was invited, in the language of the invitation, and let them choose how to sign in."""
    welcome = invitations.find_invitation(runtime(), link)
    if welcome is None:
        return render_template("members/gone.html"), 404
    with force_locale(session.get("language", welcome.language)):
        own = "own" in request.args
        form = JoinOwnForm() if own else JoinTypedBackForm()
        if form.validate_on_submit():
            try:
                cookie = invitations.join(
                    runtime(), link, form.login.data, form.choice(find_suggestion()), client_device()
                )
            except Invalid as invalid:
                show_faults(form, invalid)
            else:
                entered = enter(cookie, url_for("auth.wait"))
                follow_member(welcome.language)  # after it: entering forgets whom the browser followed before
                return without_suggestion(entered)
        return render_with_suggestion("members/join.html", form=form, own=own, welcome=welcome, link=link)


@pages.post("/join/<link>/another")
@public
def another_passphrase(link: str) -> Response:
    """Propose five other words to who was invited."""
    if invitations.find_invitation(runtime(), link) is None:
        abort(404)
    return suggest_another(url_for("members.join", link=link))


def _has_changed(invalid: Invalid) -> bool:
    """Tell the coordinator to admit nobody where it is not who was compared any more."""
    if "roles" in invalid.faults:
        flash(_("The roles have changed. Admit nobody, and ask who invited this person."), "bad")
    elif "fingerprint" in invalid.faults:
        flash(_("The fingerprint has changed. Admit nobody, and ask again in person."), "bad")
    return not invalid.faults.keys().isdisjoint({"fingerprint", "roles"})
