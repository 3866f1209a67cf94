"""One pass over a database: the keys, and what earlier rows gave for later ones."""

from uuid import UUID

from casework.domain.attachment import StoredCopy
from casework.errors import VaultError
from casework.services.attachments.copies import check_copy
from casework.services.auditing.entries import Reader
from casework.services.verifying.keys import CaseKeys, Keys
from casework.store.sealedfiles import FilesAway, SealedFiles
from casework.vault.audit import GENESIS, AuditHead


class Reading:
    """One pass over a database: the keys, and what earlier rows gave for later ones."""

    def __init__(self, keys: Keys, files: SealedFiles) -> None:
        self.keys = keys
        self.files = files
        self.cases: set[UUID] = set()
        self.case_keys = CaseKeys()
        self.restricted: set[UUID] = set()
        self.named: set[UUID] = set()
        self.audit = Reader(keys.keyring, GENESIS)
        self.audit_head: AuditHead | None = None
        self._are_files_away = False

    def check_copy(self, attachment_id: UUID, copy: str, stored: StoredCopy) -> None:
        """Read a sealed file to its end; VaultError where it is hurt, or could not be looked at.

        A store that does not answer is asked once: else each file would have to wait for it.
        """
        try:
            if not self._are_files_away:
                return check_copy(self.files, attachment_id, copy, stored)
        except FilesAway:
            self._are_files_away = True
        raise VaultError(f"the sealed {copy} was not looked at: the store of files does not answer")
