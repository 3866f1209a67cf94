"""What has to be so before a restore begins: an empty database, a place for files, files that are sealed."""

from pathlib import Path

from casework.domain.messages import N_
from casework.errors import BackupFailed
from casework.services.backups.folder import BACKUP, LEDGER, list_files
from casework.services.runtime import Runtime
from casework.store.everything import delete_everything
from casework.store.restoration import holds_organization, is_half_restored
from casework.vault.backup import MAGIC


def find_ledger(backup: Path) -> Path | None:
    """Return the newest ledger that lies beside a backup."""
    return next(iter(list_files(backup.parent, LEDGER)), None)


def look_first(file: Path, ledger_file: Path | None) -> None:
    """Raise BackupFailed, before anybody types a share, where this place or these files cannot be right.

    Which of the two an age file is only its name tells, until it is opened.
    """
    if holds_organization() and not is_half_restored():
        raise _there_is_one()
    for path in (file, ledger_file):
        if path is not None and not _is_sealed_file(path):
            raise BackupFailed(
                N_("One of the files is neither a backup nor a ledger: those end in .age, and are whole.")
            )
    if file.name.startswith(f"{LEDGER}-"):
        raise BackupFailed(N_("This is a ledger. Name the backup first, and the ledger after --ledger."))
    if ledger_file is not None and not ledger_file.name.startswith(f"{LEDGER}-"):
        if ledger_file.name.startswith(f"{BACKUP}-"):
            raise BackupFailed(N_("What you named after --ledger is a backup: name the ledger there."))


def require_empty() -> None:
    """Delete what an earlier attempt left half; raises BackupFailed where there is an organization."""
    if is_half_restored():
        delete_everything()
    elif holds_organization():
        raise _there_is_one()


def require_place(runtime: Runtime) -> None:
    """Refuse before anything is changed where files could not be brought to their place."""
    state = runtime.files.examine()
    if state is not None and state.fault:
        raise store_is_away()


def store_is_away() -> BackupFailed:
    """Return what to say where files could not be brought to their place."""
    return BackupFailed(
        N_(
            "The store where files of cases are to lie does not answer, refuses, or is another"
            " casework’s. Run doctor, then restore again."
        )
    )


def _there_is_one() -> BackupFailed:
    return BackupFailed(
        N_("There is an organisation in this database already. Restore into an empty data folder.")
    )


def _is_sealed_file(path: Path) -> bool:
    try:
        with path.open("rb") as sealed:
            return sealed.read(len(MAGIC)) == MAGIC
    except OSError:
        return False
