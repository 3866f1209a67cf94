"""What the organization says of its audit log, sealed in its row: where the log begins, and its hold."""

from casework.domain.auditlog import LogRecord
from casework.services.organization import get_organization
from casework.store.organization import find_organization
from casework.vault import documents
from casework.vault.audit import AuditHead
from casework.vault.fields import ORGANIZATION_LOG
from casework.vault.keyring import Keyring


def get_record(keyring: Keyring) -> LogRecord:
    """Return it; what nobody has written yet says that nothing has expired and nothing is held."""
    row = find_organization()
    if row is None or row.log_sealed is None:
        return LogRecord()
    plain = keyring.open(ORGANIZATION_LOG, row.id, row.log_version, row.log_sealed)
    return LogRecord.from_document(documents.decode(plain))


def write_record(keyring: Keyring, record: LogRecord) -> None:
    """Seal it into the organization's row; the caller's transaction commits it."""
    row = get_organization()
    row.version += 1
    row.log_version += 1
    plain = documents.encode(record.to_document())
    row.log_sealed = keyring.seal(ORGANIZATION_LOG, row.id, row.log_version, plain)


def start_of_log(keyring: Keyring) -> AuditHead:
    """Return what the oldest entry follows."""
    record = get_record(keyring)
    return AuditHead(record.expired_through, record.expired_hash, record.expired_through)
