"""What is written down of the recovery shares, sealed in the organization's row."""

from casework.domain.recovery import RecoveryRecord
from casework.services.context import Context
from casework.services.organization import get_organization
from casework.store.organization import Organization
from casework.vault import documents
from casework.vault.fields import ORGANIZATION_RECOVERY
from casework.vault.keyring import Keyring


def find_record(context: Context) -> RecoveryRecord | None:
    """Return what is known of the shares; None where they were made before it was written down."""
    row = get_organization()
    if row.recovery_sealed is None:
        return None
    plain = context.keyring.open(ORGANIZATION_RECOVERY, row.id, row.recovery_version, row.recovery_sealed)
    return RecoveryRecord.from_document(documents.decode(plain))


def write_record(keyring: Keyring, row: Organization, record: RecoveryRecord) -> None:
    """Seal the record into the organization's row; the caller's transaction commits it."""
    row.version += 1
    row.recovery_version += 1
    row.recovery_sealed = keyring.seal(
        ORGANIZATION_RECOVERY, row.id, row.recovery_version, documents.encode(record.to_document())
    )
