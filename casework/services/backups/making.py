"""Making a backup: a consistent copy, sealed to the recovery key, whole or not there at all.

Nobody has to be signed in: what is copied is ciphertext, and the key to seal it to stands in the roster.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from casework.domain.messages import N_
from casework.errors import BackupFailed, Closed, Conflict, VaultError
from casework.services.backups import folder as backup_folder
from casework.services.backups.archive import Archive, Manifest, describe_file
from casework.services.backups.attached import are_all_there, choose_files, hold_files
from casework.services.backups.folder import BACKUP, Written
from casework.services.backups.keeping import add_backup, adopt_files, delete_expired
from casework.services.backups.ledger import find_pin, write_ledger
from casework.services.context import Context
from casework.services.runtime import Runtime
from casework.services.transactions import Transaction, keyless_transaction, transaction
from casework.store.copies import Copy, CopyFailed, copy_database
from casework.store.organization import find_organization
from casework.store.sealedfiles import FOLDER, DiskFiles, FilesAway
from casework.vault import roster as vault_roster
from casework.vault.backup import seal_stream
from casework.vault.roster import Entry, RosterState

_SCRATCH = "copy"
_ERROR_FILE = "backup.error"
_EVENT = "backup.written"
_FILE_MISSING = N_(
    "The backup is made, but a file of a case is not on the disk any more. Run verify: it names which."
)
_STORE_AWAY = N_(
    "The backup is made, but not every file of a case is in it: the store where they lie does not answer, or"
    " refuses. Run doctor, then back up again."
)
_UNEXPECTED = N_("The backup failed in a way that was not foreseen. The server’s log says more.")


def _nobody() -> None:
    """Nobody asked for it: a timer did."""


def make_backup(runtime: Runtime, find_author: Callable[[], Context | None] = _nobody) -> Path:
    """Make one, and delete those that have expired; returns the new file.

    `find_author` returns whoever asked for it, if they are still signed in once the copy is sealed: the entry
    in the log is theirs then, and else nobody's.
    Raises BackupFailed with a sentence that says what to do; whatever happens, earlier backups stay, and a
    failure is kept for the coordinators to see.
    """
    organization = find_organization()
    if organization is None:
        raise BackupFailed(N_("There is nothing to back up: no organisation has been founded here."))
    with _failure_kept(runtime):
        backup_folder.prepare_folder(runtime.backup_folder)
    with backup_folder.only_writer(runtime.backup_folder, organization.id), _failure_kept(runtime):
        return _make(runtime, find_author)


@contextmanager
def _failure_kept(runtime: Runtime) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        _keep_failure(runtime, str(error) if isinstance(error, BackupFailed) else _UNEXPECTED)
        raise


def _keep_failure(runtime: Runtime, why: str) -> None:
    (runtime.data_folder / _ERROR_FILE).write_text(why, "utf-8")


def find_failure(runtime: Runtime) -> str | None:
    """Return why the newest attempt failed, as a sentence to translate, or None where it did not."""
    try:
        return (runtime.data_folder / _ERROR_FILE).read_text("utf-8")
    except OSError:
        return None


def _make(runtime: Runtime, find_author: Callable[[], Context | None]) -> Path:
    made_at, folder = runtime.now().replace(microsecond=0), runtime.backup_folder
    name = backup_folder.file_name(BACKUP, made_at, runtime.limits.backup_days)
    if (folder / name).exists():
        raise BackupFailed(N_("A backup was made this very second. Try again."))
    try:
        with backup_folder.scratch_folder(runtime.data_folder, _SCRATCH) as scratch:
            held = DiskFiles(scratch / FOLDER)
            are_held = _hold(runtime, held)
            copy = copy_database(scratch)
            are_held = are_held and _hold(runtime, held, copy.attachments)
            roster = verify_roster(runtime, copy)
            places = {copy.file.name: copy.file}
            names = choose_files(held, copy.attachments)
            places |= {str(name): held.path(name) for name in names}
            manifest = _describe(copy, places.values(), roster, made_at)
            archive = Archive(manifest, places.__getitem__)
            written = backup_folder.write_whole(
                folder, name, lambda target: seal_stream(roster.recovery_public, archive, target)
            )
    except CopyFailed as failed:
        raise _explain(failed) from failed
    except OSError as error:
        raise BackupFailed(N_("The disk refused the backup: it is full, or it fails.")) from error
    try:
        backup_folder.date_file(folder / name, made_at)
        _remember(runtime, roster, folder / name, written, find_author())
    except BaseException:
        (folder / name).unlink()  # receipts of erasures must know of every backup that there is
        raise
    write_ledger(runtime)
    (runtime.data_folder / _ERROR_FILE).unlink(missing_ok=True)
    if not are_all_there(names, copy.attachments):
        # A backup without it is better than none; where it went has to be looked into.
        _keep_failure(runtime, _FILE_MISSING if are_held else _STORE_AWAY)
    return folder / name


def _hold(runtime: Runtime, held: DiskFiles, wanted: Iterable[UUID] | None = None) -> bool:
    """Hold the files of cases; returns whether the store where they lie answered."""
    try:
        hold_files(runtime.files, held, wanted)
    except FilesAway:
        return False
    return True


def _explain(failed: CopyFailed) -> BackupFailed:
    if "not installed" in str(failed):
        return BackupFailed(N_("pg_dump was not found. Install PostgreSQL’s client programs."))
    return BackupFailed(
        N_("The database could not be copied: the disk is full, or the database is damaged. Run verify.")
    )


def verify_roster(runtime: Runtime, copy: Copy) -> RosterState:
    """Return the roster that a copy holds, if it goes on from the one that earlier backups were sealed for.

    So nobody who can write to the database has backups sealed to a recovery key of their own. The first
    backup of a data folder has nothing to hold it against.
    """
    try:
        return vault_roster.verify((Entry(*row) for row in copy.roster), find_pin(runtime))
    except VaultError:
        raise BackupFailed(
            N_("The list of members is not the one that earlier backups were made for. Nothing was sealed.")
        ) from None


def _describe(copy: Copy, files: Iterable[Path], roster: RosterState, made_at: datetime) -> Manifest:
    return Manifest(
        made_at=made_at,
        organization_id=copy.organization_id,
        revision=copy.revision,
        generation=copy.head.generation,
        roster=roster.pin,
        audit=(copy.head.audit_sequence, copy.head.audit_hash),
        members=[describe_file(file) for file in files],
    )


def _remember(
    runtime: Runtime, roster: RosterState, file: Path, written: Written, author: Context | None
) -> None:
    # In the place of the old one: without any, a crash here would let the next backup take any roster.
    backup_folder.write_whole(
        runtime.data_folder, backup_folder.PIN_FILE, lambda target: target.write(roster.pin.encode())
    )
    if author:
        try:
            with transaction(author, _EVENT) as opened:
                return _note(runtime, opened, file, written)
        except (Closed, Conflict):
            pass  # sealed meanwhile, or the roster has changed: the backup stands, and nobody vouches for it
    with keyless_transaction(runtime, _EVENT, roster) as opened:
        _note(runtime, opened, file, written)


def _note(runtime: Runtime, opened: Transaction, file: Path, written: Written) -> None:
    made_at = backup_folder.read_stamp(file)
    adopt_files(runtime, but=made_at)
    backup_id = add_backup(runtime, file, written.size_bytes, written.sha256)
    opened.note(backup=backup_id, expired=delete_expired(runtime, made_at))
