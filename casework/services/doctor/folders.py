"""Facts of the folders: room, rights, the host key's place, when a check was last made."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from casework.services.doctor.facts import HostKeyFile, KeyPlace, Looked, Permissions, Room
from casework.services.instance import is_credential, is_exposed
from casework.services.watching import Watched

MOST_FILES = 20_000
_OTHERS = 0o077


def read_room(folder: Path, used_bytes: int = 0, needed_bytes: int = 0) -> Room | None:
    """Return how much is free where a folder lies."""
    try:
        return Room(shutil.disk_usage(folder).free, used_bytes, needed_bytes)
    except OSError:
        return None


def measure(folder: Path) -> int:
    """Return how many bytes the files of a folder take, without those of folders in it."""
    total = 0
    for entry in _entries(folder):
        try:
            total += entry.stat(follow_symlinks=False).st_size if entry.is_file() else 0
        except OSError:  # gone meanwhile
            continue
    return total


def read_permissions(*folders: Path) -> Permissions:
    """Return what in these folders others may open or own, themselves included; links are not followed."""
    exposed: set[str] = set()
    looked = 0
    for top in dict.fromkeys(folders):
        for path in _walk(top):
            looked += 1
            if looked > MOST_FILES:
                return Permissions(tuple(sorted(exposed)), is_cut=True)
            if _is_exposed(path):
                exposed.add(str(path))
    return Permissions(tuple(sorted(exposed)))


def _walk(top: Path) -> Iterator[Path]:
    yield top
    for folder, names, files in os.walk(top):
        yield from (Path(folder, name) for name in names + files)


def _is_exposed(path: Path) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return not path.is_symlink() and (found.st_uid != os.getuid() or bool(found.st_mode & _OTHERS))


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:
        return


def read_host_key(
    outside: Path, erasable: Path, data_folder: Path, backup_folder: Path, database: Path
) -> HostKeyFile:
    """Return where the outside half lies, and whether both halves are there."""
    is_there = outside.is_file() and erasable.is_file()
    is_open = is_there and is_exposed(outside)
    place = _place(outside, data_folder, backup_folder, database)
    return HostKeyFile(place, is_there, is_open, str(outside))


def _place(outside: Path, data_folder: Path, backup_folder: Path, database: Path) -> KeyPlace:
    real = outside.resolve()
    if is_credential(outside):
        return KeyPlace.CREDENTIAL
    if real.is_relative_to(backup_folder.resolve()):
        return KeyPlace.BACKUP_FOLDER
    if real.is_relative_to(data_folder.resolve()) or real.parent == database.resolve().parent:
        return KeyPlace.DATA_FOLDER
    return KeyPlace.SAME_DISK if _disk(outside) == _disk(database) else KeyPlace.ELSEWHERE


def _disk(path: Path) -> int | None:
    try:
        return path.stat().st_dev
    except OSError:
        return None


def read_looked(data_folder: Path, name: str, wrong: str) -> Looked | None:
    """Return when a check was last made; `wrong` is what its file calls the number of faults."""
    watched = Watched(data_folder, name)
    state, at = watched.load(), watched.saved_at()
    if state is None or at is None:
        return None
    found = state.get(wrong)
    return Looked(at, state.get("is_finished") is True, found if isinstance(found, int) else 0)


def list_failures(data_folder: Path) -> tuple[str, ...]:
    """Return the sentences that failed backups, their ledger and their copies left, to be translated."""
    found = []
    for file in sorted(data_folder.glob("*.error")):
        try:
            found.append(file.read_text("utf-8").strip())
        except (OSError, ValueError):
            continue
    return tuple(filter(None, found))


def newest_change(*folders: Path) -> datetime | None:
    """Return when the newest of the files that make up casework was changed."""
    files = (
        file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".html", ".mo")
    )
    newest = max((file.stat().st_mtime for file in files), default=None)
    return None if newest is None else datetime.fromtimestamp(newest, UTC)
