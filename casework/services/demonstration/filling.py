"""Makes the fictional organization."""

from casework.domain.member import MemberProfile
from casework.domain.organization import OrganizationProfile
from casework.domain.permissions import Role
from casework.services import invitations
from casework.services.context import Context, build_context
from casework.services.demonstration.members import DEMONSTRATION_MEMBERS, DemonstrationMember
from casework.services.founding import found_organization
from casework.services.members import is_founded
from casework.services.passphrases import Choice
from casework.services.patterns import add_starter_patterns
from casework.services.runtime import Runtime
from casework.vault.identity import MemberSecret

ORGANIZATION = OrganizationProfile("Collectif Traverse", ("en", "fr"), "en")


def fill_demonstration(runtime: Runtime) -> None:
    """Make the fictional organization and its members; does nothing where an organization exists."""
    if is_founded():
        return
    secret = MemberSecret.generate()
    first = next(one for one in DEMONSTRATION_MEMBERS if one.role is Role.COORDINATOR)
    member_id = found_organization(
        runtime,
        ORGANIZATION,
        MemberProfile(first.display_name, first.language),
        first.login,
        first.passphrase,
        secret,
        # Nobody keeps shares of it: what is lost here can be invented again.
        MemberSecret.generate().public,
        is_demonstration=True,
    )
    add_starter_patterns(build_context(runtime, member_id, secret))
    for member in DEMONSTRATION_MEMBERS:
        if member is not first:
            _bring_in(build_context(runtime, member_id, secret), member)


def _bring_in(coordinator: Context, member: DemonstrationMember) -> None:
    runtime = coordinator.runtime
    link = invitations.invite(
        coordinator, MemberProfile(member.display_name, member.language), frozenset({member.role})
    )
    invitations.join(runtime, link, member.login, Choice(member.passphrase, None, member.passphrase))
    joined = next(one for one in invitations.list_invitees(coordinator) if one.fingerprint)
    invitations.admit_member(coordinator, joined.invitation_id, joined.fingerprint)
