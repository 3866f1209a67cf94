"""The folder in memory where the volatile store of a data folder lies, unless VOLATILE_URL says otherwise.

It outlives the server, so that a restart signs nobody out; and the data folder, when that is deleted. What
nobody can come back to is removed at the next start of any casework of this account.
"""

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_PREFIX = f"casework-{os.getuid()}-"
_OWNER = "of"
"""A link in each folder to the data folder that it belongs to."""
_LONGEST_SECONDS = 14 * 24 * 3600
"""Nothing in a store is kept for longer: docs/threat-model.md."""


def find_base() -> Path:
    """Return where such folders lie: in memory where the system has a place for it, else on disk."""
    memory = Path("/dev/shm")  # noqa: S108 (make_folders refuses a folder that is not ours alone)
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else Path(tempfile.gettempdir())


def name_folder(instance_path: Path) -> str:
    """Return what the folder of this data folder is called."""
    return _PREFIX + hashlib.sha256(os.fsencode(instance_path)).hexdigest()[:12]


def note_owner(folder: Path, instance_path: Path) -> None:
    """Write into one's own folder whose it is; a folder by another name was chosen, and is left alone."""
    if folder.name == name_folder(instance_path):
        with suppress(FileExistsError):
            (folder / _OWNER).symlink_to(instance_path.absolute())


def remove(folder: Path, instance_path: Path) -> None:
    """Remove the folder of this data folder; one by another name was chosen, and stays."""
    if folder.name == name_folder(instance_path):
        shutil.rmtree(folder, ignore_errors=True)


def sweep(base: Path) -> None:
    """Remove this account's folders whose data folder is gone.

    One that does not say whose it is was made by an earlier casework: it goes once all in it has run out.
    """
    for folder in base.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # it goes meanwhile, or may not be looked at: it stays
            is_ours = not folder.is_symlink() and folder.stat().st_uid == os.getuid()
            if is_ours and _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    owner = folder / _OWNER
    if owner.is_symlink():
        return not owner.exists()
    newest = max(each.stat().st_mtime for each in (folder, *folder.iterdir()))
    return newest < time.time() - _LONGEST_SECONDS
