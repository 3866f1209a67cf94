"""Verifying a backup: everything in it, with the keys that a quorum of shares gives."""

from collections.abc import Callable
from pathlib import Path

from casework.domain.messages import N_
from casework.errors import BackupFailed, VaultError
from casework.services.backups.folder import scratch_folder
from casework.services.backups.opening import open_backup
from casework.services.recovery.shareentry import Entered
from casework.services.runtime import Runtime
from casework.services.verifying.checking import Failure, Result, check_all, count_rows
from casework.services.verifying.keys import keys_of_quorum
from casework.services.verifying.live import Begin
from casework.store.copies import CopyFailed
from casework.store.scratch import open_scratch

_SCRATCH = "verify"


def verify_backup(
    runtime: Runtime,
    file: Path,
    entered: Entered,
    begin: Begin,
    report: Callable[[Failure], None],
    advance: Callable[[int], None],
) -> Result:
    """Open a backup and every record in it; what is in use is neither read nor changed.

    Raises BackupFailed with a sentence to translate, ShareRefused where the shares do not fit together.
    """
    recovery = entered.combine()
    with scratch_folder(runtime.data_folder, _SCRATCH) as folder:
        backup = open_backup(file, recovery, folder)
        try:
            with (
                open_scratch(backup.database, backup.manifest.revision) as engine,
                engine.connect() as connection,
            ):
                begin(count_rows(connection))
                keys = keys_of_quorum(connection, recovery, backup.manifest.roster)
                return check_all(connection, keys, backup.files, report, advance)
        except CopyFailed as failed:
            raise BackupFailed(
                N_("The copy in the file does not read: it is of a newer casework, or pg_restore is missing.")
            ) from failed
        except VaultError:
            raise BackupFailed(
                N_("The list of members in the file does not belong to these shares: it was tampered with.")
            ) from None
