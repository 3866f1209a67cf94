"""The sealed files of cases in a backup: those that the database's copy refers to, every one of them.

A file never changes, and goes only when its row has gone: so each is held, by a second name or a copy, from
before the database is copied until the backup is written. What came meanwhile, and stands in the copy of the
database, is held afterwards.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from casework.store.sealedfiles import FOLDER, ORIGINAL, DiskFiles, FileName, SealedFiles


def hold_files(files: SealedFiles, held: DiskFiles, wanted: Iterable[UUID] | None = None) -> None:
    """Lay every whole file, or those of the wanted attachments, into a folder; raises OSError, FilesAway."""
    only = None if wanted is None else set(wanted)
    for name in files.list_names():
        if only is not None and name.attachment_id not in only:
            continue
        target = held.path(name)
        if not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # it was erased this moment
                files.hold(name, target)


def choose_files(held: DiskFiles, wanted: set[UUID]) -> list[FileName]:
    """Return the held files that the copy refers to, in order."""
    return sorted((name for name in held.list_names() if name.attachment_id in wanted), key=str)


def are_all_there(names: Iterable[FileName], wanted: set[UUID]) -> bool:
    """Return whether of each attachment in the copy its original is among these."""
    return wanted == {name.attachment_id for name in names if name.copy == ORIGINAL}


def lay_out_files(names: Iterable[FileName], folder: Path) -> DiskFiles:
    """Bring the files of an unpacked archive to where they lie in a data folder; returns that place."""
    files = DiskFiles(folder / FOLDER)
    for name in names:
        files.path(name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / str(name)).rename(files.path(name))
    return files


def bring_files(source: DiskFiles, target: SealedFiles) -> None:
    """Move every file of an unpacked archive to where files lie, in place of what an earlier attempt left.

    Raises OSError, FilesAway.
    """
    for name in source.list_names():
        target.bring(source.path(name), name)
