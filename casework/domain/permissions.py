"""Who may do what, and which compartments' keys a role is given.

The permission answers for the deed in general; the service answers for the record (its team, its keys).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType


class Role(StrEnum):
    """What a member does in the organization; a member may hold several."""

    CASEWORKER = "caseworker"
    COORDINATOR = "coordinator"
    ADVOCATE = "advocate"


class Permission(StrEnum):
    """Every deed that is guarded, in alphabetical order."""

    APPROVE_RELEASES = "approve_releases"
    CLOSE_CASES = "close_cases"
    COMPOSE_RELEASES = "compose_releases"
    EDIT_CASES = "edit_cases"
    END_SESSIONS = "end_sessions"
    ERASE_CASES = "erase_cases"
    EXPORT_RECORDS = "export_records"
    HOLD_CASES = "hold_cases"
    IMPORT_INCIDENTS = "import_incidents"
    INVITE_MEMBERS = "invite_members"
    KEEP_DRAFTS = "keep_drafts"
    MAKE_BACKUPS = "make_backups"
    MANAGE_OFFICIAL_COUNTS = "manage_official_counts"
    MANAGE_PATTERNS = "manage_patterns"
    MANAGE_POLICIES = "manage_policies"
    MANAGE_RECOVERY = "manage_recovery"
    MANAGE_RETENTION = "manage_retention"
    MANAGE_TERMS = "manage_terms"
    READ_AUDIT = "read_audit"
    READ_CASES = "read_cases"
    READ_MEMBERS = "read_members"
    READ_OFFICIAL_COUNTS = "read_official_counts"
    REVOKE_MEMBERS = "revoke_members"
    SEAL_ORGANIZATION = "seal_organization"
    TAG_INCIDENTS = "tag_incidents"
    USE_ACCOUNT = "use_account"


ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.CASEWORKER: frozenset(
            {
                Permission.CLOSE_CASES,
                Permission.EDIT_CASES,
                Permission.EXPORT_RECORDS,
                Permission.KEEP_DRAFTS,
                Permission.READ_CASES,
                Permission.READ_OFFICIAL_COUNTS,
                Permission.TAG_INCIDENTS,
                Permission.USE_ACCOUNT,
            }
        ),
        Role.COORDINATOR: frozenset(Permission),
        Role.ADVOCATE: frozenset(
            {
                Permission.COMPOSE_RELEASES,
                Permission.KEEP_DRAFTS,
                Permission.READ_OFFICIAL_COUNTS,
                Permission.USE_ACCOUNT,
            }
        ),
    }
)

ROLE_COMPARTMENTS: Mapping[Role, frozenset[str]] = MappingProxyType(
    {
        Role.CASEWORKER: frozenset({"shared", "identity", "narrative", "coded"}),
        Role.COORDINATOR: frozenset({"shared", "identity", "narrative", "coded", "audit"}),
        Role.ADVOCATE: frozenset({"shared", "coded"}),
    }
)


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Give all that a member with `roles` may do; nothing without a role."""
    return _permissions(frozenset(roles))


@cache
def _permissions(roles: frozenset[Role]) -> frozenset[Permission]:
    # Asked of every case of a list.
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def compartments_of(roles: Iterable[Role]) -> frozenset[str]:
    """Give the names of the compartments whose keys a member with `roles` is given."""
    return frozenset().union(*(ROLE_COMPARTMENTS[role] for role in roles))


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Tell whether a member with `roles` may do what `permission` guards."""
    return permission in permissions_of(roles)
