"""Who may do what: the whole matrix, so that a change of one cell is a change here."""

import pytest

from casework.domain.permissions import (
    ROLE_COMPARTMENTS,
    ROLE_PERMISSIONS,
    Permission,
    Role,
    compartments_of,
    may,
    permissions_of,
)

# permission: caseworker, coordinator, advocate
MATRIX = {
    "approve_releases": (False, True, False),
    "close_cases": (True, True, False),
    "compose_releases": (False, True, True),
    "edit_cases": (True, True, False),
    "end_sessions": (False, True, False),
    "erase_cases": (False, True, False),
    "export_records": (True, True, False),
    "hold_cases": (False, True, False),
    "import_incidents": (False, True, False),
    "invite_members": (False, True, False),
    "keep_drafts": (True, True, True),
    "make_backups": (False, True, False),
    "manage_official_counts": (False, True, False),
    "manage_patterns": (False, True, False),
    "manage_policies": (False, True, False),
    "manage_recovery": (False, True, False),
    "manage_retention": (False, True, False),
    "manage_terms": (False, True, False),
    "read_audit": (False, True, False),
    "read_cases": (True, True, False),
    "read_members": (False, True, False),
    "read_official_counts": (True, True, True),
    "revoke_members": (False, True, False),
    "seal_organization": (False, True, False),
    "tag_incidents": (True, True, False),
    "use_account": (True, True, True),
}


def test_the_matrix_covers_every_permission() -> None:
    """A new permission or role is decided here first, and both are kept in order."""
    assert [permission.value for permission in Permission] == list(MATRIX)
    assert list(MATRIX) == sorted(MATRIX)
    assert set(ROLE_PERMISSIONS) == set(ROLE_COMPARTMENTS) == set(Role)


@pytest.mark.parametrize("permission", Permission)
def test_the_matrix(permission: Permission) -> None:
    """Each role may do exactly what the matrix says."""
    assert tuple(may([role], permission) for role in Role) == MATRIX[permission]


def test_compartments() -> None:
    """Each role is given exactly these keys; only coordinators read the audit log."""
    assert compartments_of([Role.CASEWORKER]) == {"shared", "identity", "narrative", "coded"}
    assert compartments_of([Role.COORDINATOR]) == {"shared", "identity", "narrative", "coded", "audit"}
    assert compartments_of([Role.ADVOCATE]) == {"shared", "coded"}


def test_several_roles_add_up() -> None:
    """A member with two roles may do what either may; one without a role, nothing."""
    both = [Role.CASEWORKER, Role.ADVOCATE]
    assert permissions_of(both) == ROLE_PERMISSIONS[Role.CASEWORKER] | ROLE_PERMISSIONS[Role.ADVOCATE]
    assert permissions_of([]) == compartments_of([]) == frozenset()
    assert not any(may([], permission) for permission in Permission)
