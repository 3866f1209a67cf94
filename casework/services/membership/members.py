"""Who the members are: names, roles, profiles."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from casework.domain.folding import fold
from casework.domain.member import MemberProfile
from casework.domain.permissions import Permission, Role
from casework.errors import NotFound
from casework.services.context import Context
from casework.services.transactions import transaction
from casework.store import members as store
from casework.vault import documents
from casework.vault.fields import MEMBER_PROFILE
from casework.vault.rosterentry import ACTIVE, RosterMember


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member as the others see them. `status` is active, revoked, or lapsed since the last recovery."""

    id: UUID
    display_name: str
    language: str
    roles: tuple[Role, ...]
    fingerprint: str
    status: str = ACTIVE


def get_own_fingerprint(context: Context) -> str:
    """Return what the signed-in member reads out so that others can compare; no admission is needed."""
    return context.secret.public.fingerprint()


def list_members(context: Context) -> list[MemberView]:
    """Return every active member, by name, to each of them."""
    context.require(Permission.USE_ACCOUNT)
    return _views(context, context.roster.active)


def list_former_members(context: Context, also_active: bool = False) -> list[MemberView]:
    """Return those who were members, by name, to who may invite them again."""
    context.require(Permission.INVITE_MEMBERS)
    active = {} if also_active else context.roster.active
    return _views(context, {id_: one for id_, one in context.roster.members.items() if id_ not in active})


def name_everybody(context: Context) -> dict[UUID, str]:
    """Return the name of everybody who is or was a member: it stands beside what they logged."""
    context.require(Permission.USE_ACCOUNT)
    return {view.id: view.display_name for view in _views(context, context.roster.members)}


def get_member(context: Context, member_id: UUID) -> MemberView:
    """Return somebody who is or was a member; raises NotFound."""
    context.require(Permission.READ_MEMBERS)
    found = _views(context, {id_: one for id_, one in context.roster.members.items() if id_ == member_id})
    if not found:
        raise NotFound("member")
    return found[0]


def _views(context: Context, entries: Mapping[UUID, RosterMember]) -> list[MemberView]:
    views = []
    for row in store.list_members():
        entry = entries.get(row.id)
        if entry is not None and row.profile_sealed is not None:
            profile, roles = _profile(context, row), tuple(Role(role) for role in entry.roles)
            name, language, fingerprint = (
                profile.display_name,
                profile.language,
                entry.public.fingerprint(),
            )
            views.append(MemberView(row.id, name, language, roles, fingerprint, entry.status))
    return sorted(views, key=lambda view: fold(view.display_name))


def count_coordinators(context: Context) -> int:
    """Return how many of the admitted members are coordinators."""
    return sum(Role.COORDINATOR in member.roles for member in context.roster.active.values())


def get_own_profile(context: Context) -> MemberProfile:
    """Return the signed-in member's profile; somebody not yet admitted has none: NotFound."""
    row = store.find_member(context.member_id)
    if row is None or row.profile_sealed is None or context.is_pending:
        raise NotFound("profile")
    return _profile(context, row)


def change_own_profile(context: Context, profile: MemberProfile) -> None:
    """Change the signed-in member's display name or language."""
    context.require(Permission.USE_ACCOUNT)
    with transaction(context, "account.profile_changed"):
        row = store.find_member(context.member_id)
        if row is None:
            raise NotFound("member")
        write_profile(context, row, profile)


def get_profile(context: Context, member_id: UUID) -> MemberProfile:
    """Return the profile of anybody who is or was a member; raises NotFound."""
    row = store.find_member(member_id)
    if row is None:
        raise NotFound("member")
    return _profile(context, row)


def write_profile(context: Context, row: store.Member, profile: MemberProfile) -> None:
    """Seal a member's profile into their row under its next version; the caller's transaction commits it."""
    row.version += 1
    row.profile_version += 1
    row.profile_sealed = context.keyring.seal(
        MEMBER_PROFILE, row.id, row.profile_version, documents.encode(profile.to_document())
    )


def _profile(context: Context, row: store.Member) -> MemberProfile:
    if row.profile_sealed is None:
        raise NotFound("profile")
    plain = context.keyring.open(MEMBER_PROFILE, row.id, row.profile_version, row.profile_sealed)
    return MemberProfile.from_document(documents.decode(plain))
