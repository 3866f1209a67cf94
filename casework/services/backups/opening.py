"""Opening a backup with what a quorum of shares gives, into a folder that is cleared afterwards."""

from pathlib import Path

from casework.domain.messages import N_
from casework.errors import BackupFailed, Tampered, UnknownKey
from casework.services.backups.archive import Manifest, unpack
from casework.store.copies import POSTGRES_NAME, SQLITE_NAME
from casework.vault.backup import open_stream
from casework.vault.identity import MemberSecret

_ARCHIVE = "archive.tar"


def open_backup(file: Path, recovery: MemberSecret, folder: Path) -> tuple[Manifest, Path]:
    """Lay a backup's files into an empty folder; returns the manifest, and where the database's copy is.

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
            N_("This file is sealed to other shares than these: another organisation’s, or replaced since.")
        ) from None
    except Tampered:
        raise BackupFailed(
            N_("The file is damaged, or cut short, or no backup. Take another copy of it, or an older one.")
        ) from None
    except OSError as error:
        raise BackupFailed(N_("The disk refused: there is no such file, or no room to open it.")) from error
    archive.unlink()
    return manifest, _find_database(manifest, folder)


def _find_database(manifest: Manifest, folder: Path) -> Path:
    names = [member.name for member in manifest.members if member.name in (SQLITE_NAME, POSTGRES_NAME)]
    if len(names) != 1:
        raise BackupFailed(
            N_("The file is damaged, or cut short, or no backup. Take another copy of it, or an older one.")
        )
    return folder / names[0]
