"""The copy of backups in another place: whole files only, and there, too, none longer than it may be kept.

By rsync, to a folder or over SSH, or by rclone: programs of the system, which know the way and its keys.
"""

import re
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from casework.domain.messages import N_
from casework.errors import BackupFailed
from casework.services.backups.folder import BACKUP, LEDGER, list_files, read_days, read_stamp
from casework.services.runtime import Runtime

_ERROR_FILE = "copy.error"
_FAILED = N_("The backup is made, but its copy in another place failed. The server’s log says why.")
_LONGEST_SECONDS = 5 * 3600
_SILENT_SECONDS = 600


def check_place(place: object) -> str:
    """Return a setting as a place to copy to, empty for none; raises ValueError where it is neither."""
    if not isinstance(place, str) or (place and not re.fullmatch(r"(rsync|rclone):[^-\s]\S*", place)):
        raise ValueError("must be rsync: or rclone: and a place without spaces, such as rsync:me@host:folder")
    return place


def copy_elsewhere(runtime: Runtime, place: str) -> None:
    """Copy every backup and ledger that is not there yet, and delete there what is over by its name.

    `place` is rsync: or rclone: and what that program takes, a folder for these backups alone; empty: none.
    Raises BackupFailed with a sentence, which is kept for the coordinators to see.
    """
    kept = runtime.data_folder / _ERROR_FILE
    try:
        if place:
            _copy(runtime, place)
    except (OSError, subprocess.SubprocessError) as error:
        kept.write_text(_FAILED, "utf-8")
        raise BackupFailed(_FAILED) from error
    kept.unlink(missing_ok=True)


def find_copy_failure(runtime: Runtime) -> str | None:
    """Return why the newest copy failed, as a sentence to translate, or None where it did not."""
    try:
        return (runtime.data_folder / _ERROR_FILE).read_text("utf-8")
    except OSError:
        return None


def _copy(runtime: Runtime, place: str) -> None:
    program, _, folder = place.partition(":")
    way = _WAYS[program](runtime.backup_folder, folder.rstrip("/") + "/")
    here = [file.name for kind in (BACKUP, LEDGER) for file in list_files(runtime.backup_folder, kind)]
    way.send(here)
    over = [name for name in way.list_names() if name not in here and _is_over(runtime, Path(name))]
    if over:
        way.delete(over)


def _is_over(runtime: Runtime, file: Path) -> bool:
    """Whether its days are over; what has no name of ours is somebody else's."""
    try:
        return read_stamp(file) + timedelta(days=read_days(file, runtime.limits.backup_days)) < runtime.now()
    except ValueError:
        return False


class _Way(ABC):
    """How a program sends, lists and deletes; each raises SubprocessError where it fails."""

    def __init__(self, here: Path, there: str) -> None:
        self._here = f"{here}/"
        self._there = there

    @abstractmethod
    def send(self, names: Sequence[str]) -> None:
        """Bring those there that are not there yet."""

    @abstractmethod
    def list_names(self) -> list[str]:
        """Return the names of all files there."""

    @abstractmethod
    def delete(self, names: Sequence[str]) -> None:
        """Delete these, there."""


class _Rsync(_Way):
    def send(self, names: Sequence[str]) -> None:
        self._run("--times", "--ignore-existing", "--mkpath", "--files-from=-", names=names)

    def list_names(self) -> list[str]:
        listed = self._rsync("--list-only", self._there)
        return [line.split(maxsplit=4)[4] for line in listed.splitlines() if line.startswith("-")]

    def delete(self, names: Sequence[str]) -> None:
        self._run("--delete-missing-args", "--files-from=-", names=names)

    def _run(self, *options: str, names: Sequence[str]) -> None:
        self._rsync(*options, self._here, self._there, names=names)

    def _rsync(self, *words: str, names: Sequence[str] = ()) -> str:
        # A password nobody is there to type must not be waited for.
        ssh = "--rsh=ssh -o BatchMode=yes"
        return _call(("rsync", ssh, f"--timeout={_SILENT_SECONDS}", *words), names)


class _Rclone(_Way):
    def send(self, names: Sequence[str]) -> None:
        _call(("rclone", "copy", "--ignore-existing", "--files-from-raw=-", self._here, self._there), names)

    def list_names(self) -> list[str]:
        return _call(("rclone", "lsf", "--files-only", self._there)).splitlines()

    def delete(self, names: Sequence[str]) -> None:
        _call(("rclone", "delete", "--files-from-raw=-", self._there), names)


_WAYS: dict[str, type[_Way]] = {"rsync": _Rsync, "rclone": _Rclone}


def _call(words: Sequence[str], names: Sequence[str] = ()) -> str:
    """Run a program of the system; what it complains of goes to the log."""
    done = subprocess.run(  # noqa: S603 (a list of words, no shell; the place is whoever's who runs the server)
        words,
        input="".join(f"{name}\n" for name in names),
        stdout=subprocess.PIPE,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=True,
    )
    return done.stdout
