"""The roles in words, and what each opens."""

from collections.abc import Collection

from flask_babel import lazy_gettext as _l

from casework.domain.permissions import Role

ROLE_NAMES = {
    Role.CASEWORKER: _l("Caseworker"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.ADVOCATE: _l("Advocate"),
}
ROLE_MEANINGS = {
    Role.CASEWORKER: _l("Logs incidents, works on cases, sets patterns."),
    Role.COORDINATOR: _l(
        "Does what caseworkers do, opens every case but restricted ones, defines patterns, admits members."
    ),
    Role.ADVOCATE: _l("Makes protected statistics. Opens no case and no person’s record."),
}


def role_names(roles: Collection[Role]) -> str:
    """Return the names of several roles, joined by commas, always in the same order."""
    return ", ".join(str(name) for role, name in ROLE_NAMES.items() if role in roles)


def role_meanings(roles: Collection[Role] = tuple(Role)) -> list[tuple[str, str]]:
    """Return each role's name and what it opens."""
    return [(str(name), str(ROLE_MEANINGS[role])) for role, name in ROLE_NAMES.items() if role in roles]
