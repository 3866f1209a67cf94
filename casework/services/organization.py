"""The organization: its row and its profile, whether there is one, and whether it is the fictional one."""

from casework.domain.organization import OrganizationProfile
from casework.errors import NotFound
from casework.services.context import Context
from casework.store.organization import Organization, find_organization
from casework.vault import documents
from casework.vault.fields import ORGANIZATION_PROFILE


def get_organization() -> Organization:
    """Return the organization's row; raises NotFound before first run."""
    row = find_organization()
    if row is None:
        raise NotFound("organization")
    return row


def get_organization_profile(context: Context) -> OrganizationProfile:
    """Return the organization's name and languages."""
    row = get_organization()
    plain = context.keyring.open(ORGANIZATION_PROFILE, row.id, row.profile_version, row.profile_sealed)
    return OrganizationProfile.from_document(documents.decode(plain))


def is_founded() -> bool:
    """Return whether the organization exists."""
    return find_organization() is not None


def is_demonstration() -> bool:
    """Return whether the organization is the fictional one."""
    row = find_organization()
    return row is not None and row.is_demonstration
