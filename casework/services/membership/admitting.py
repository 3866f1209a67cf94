"""Admitting: a coordinator has compared the fingerprint, and somebody gets the keys of their roles."""

from collections.abc import Collection
from uuid import UUID

from casework.domain.member import MemberProfile
from casework.domain.messages import N_
from casework.domain.permissions import Permission, Role
from casework.errors import Invalid, NotFound
from casework.services.context import Context
from casework.services.membership.epochs import held_keys, seal_keys, sign_into_roster
from casework.services.membership.invitations import close_ways_back, joined_key, read_details
from casework.services.membership.memberkeys import forget_seals, get_member_row
from casework.services.membership.members import write_profile
from casework.services.transactions import transaction
from casework.store import members as store
from casework.store.database import empty_log
from casework.vault.identity import MemberPublic
from casework.vault.rosterdeeds import admit, new_epoch_keys, renew
from casework.vault.rosterrules import rotated_by_leaving


def admit_member(
    context: Context, invitation_id: UUID, fingerprint: str, roles: Collection[Role | str]
) -> UUID:
    """Admit who joined by this invitation: a signed roster entry and the keys of their roles.

    A member who came back by it gets a new key under the same identity: what they could read before begins a
    new epoch, since somebody else may have the old key. `fingerprint` is the one the coordinator compared,
    `roles` those that stood beside it; raises Invalid when the database has others by now, and Forbidden for
    who has not shown a moment ago who they are.
    """
    context.require(Permission.INVITE_MEMBERS)
    context.require_confirmed()
    invitation = store.find_invitation(invitation_id)
    renews = invitation is not None and invitation.renews_id is not None
    with transaction(context, "member.renewed" if renews else "member.admitted") as opened:
        invitation = _get_joined(invitation_id)
        details, public = read_details(context, invitation), joined_key(invitation)
        if public.fingerprint() != fingerprint:
            raise Invalid(fingerprint=N_("The fingerprint has changed. Admit nobody yet."))
        granted = frozenset(Role(role) for role in details["roles"])
        if granted != frozenset(roles):
            raise Invalid(roles=N_("The roles have changed. Admit nobody yet."))
        member = get_member_row(invitation.member_id)
        after = (_renew if renews else _admit)(context, member, granted, public)
        write_profile(after, member, MemberProfile(details["display_name"], details["language"]))
        invitation.closed_at = context.runtime.now()
        invitation.version += 1
        close_ways_back(context, member.id)
        opened.note(member=member.id)
    empty_log()
    return member.id


def _get_joined(invitation_id: UUID) -> store.Invitation:
    invitation = store.find_invitation(invitation_id)
    if invitation is None or invitation.member_id is None or invitation.closed_at is not None:
        raise NotFound("invitation")
    return invitation


def _admit(context: Context, member: store.Member, roles: frozenset[Role], public: MemberPublic) -> Context:
    entry = admit(context.secret, context.member_id, context.roster, member.id, sorted(roles), public)
    after = sign_into_roster(context, entry, {})
    seal_keys(member.id, roles, public, held_keys(context))
    return after


def _renew(context: Context, member: store.Member, roles: frozenset[Role], public: MemberPublic) -> Context:
    keys = new_epoch_keys(context.roster, rotated_by_leaving(context.roster.members[member.id]))
    forget_seals(member.id)
    entry = renew(context.secret, context.member_id, context.roster, member.id, sorted(roles), public, keys)
    after = sign_into_roster(context, entry, keys)
    # The new epochs' keys are sealed with the entry; these are the earlier ones.
    seal_keys(member.id, roles, public, held_keys(context))
    return after
