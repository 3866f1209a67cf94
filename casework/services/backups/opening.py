"""Opening a backup with what a quorum of shares gives, into a folder that is cleared afterwards."""

from dataclasses import dataclass
from pathlib import Path

from casework.domain.messages import N_
from casework.errors import BackupFailed, Tampered, UnknownKey
from casework.services.backups.archive import Manifest, unpack
from casework.services.backups.attached import lay_out_files
from casework.store.copies import POSTGRES_NAME, SQLITE_NAME
from casework.store.sealedfiles import DiskFiles
from casework.vault.backup import open_stream
from casework.vault.identity import MemberSecret

_ARCHIVE = "archive.tar"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a backup says of itself, where the database's copy lies, and the sealed files of cases."""

    manifest: Manifest
    database: Path
    files: DiskFiles


def open_backup(file: Path, recovery: MemberSecret, folder: Path) -> Opened:
    """Lay a backup's files into an empty folder; returns what it holds.

    Nothing is read of a file before all of it was authenticated. Raises BackupFailed with a sentence that
    says whether it is the shares or the file.
    """
    archive = folder / _ARCHIVE
    try:
        with file.open("rb") as sealed, archive.open("xb") as plain:
            open_stream(recovery, sealed, plain)
        with archive.open("rb") as plain:
            manifest = unpack(plain, folder)
    except UnknownKey:
        raise BackupFailed(
            N_(
                "This file is sealed to other shares than these: to those in force when it was made,"
                " or to another organisation’s."
            )
        ) from None
    except Tampered:
        raise BackupFailed(
            N_("The file is damaged, or cut short, or no backup. Take another copy of it, or an older one.")
        ) from None
    except OSError as error:
        raise BackupFailed(N_("The disk refused: there is no such file, or no room to open it.")) from error
    archive.unlink()
    database = _find_database(manifest, folder)
    return Opened(manifest, database, lay_out_files(manifest.attachments, folder))


def _find_database(manifest: Manifest, folder: Path) -> Path:
    names = [member.name for member in manifest.members if member.name in (SQLITE_NAME, POSTGRES_NAME)]
    if len(names) != 1 or len(manifest.members) != 1 + len(manifest.attachments):
        raise BackupFailed(
            N_("The file is damaged, or cut short, or no backup. Take another copy of it, or an older one.")
        )
    return folder / names[0]
