"""The place where sealed files lie, as the settings say: the data folder, or a bucket of a store by S3."""

from pathlib import Path
from typing import TYPE_CHECKING

from casework.errors import ConfigError
from casework.services.instance import is_exposed
from casework.services.runtime import Runtime
from casework.store.objectplace import ObjectKey, ObjectPlace

if TYPE_CHECKING:
    from casework.store.objectfiles import ObjectFiles

_OWNER_FILE = "attachments.owner"


def open_place(url: str, key_file: Path, data_folder: Path) -> "ObjectFiles | None":
    """Return the bucket of ATTACHMENTS_URL, which is not asked yet; None for the data folder.

    Raises ConfigError where the file with the key to it is not there, or open to others.
    """
    if not url:
        return None
    from casework.store.objectfiles import ObjectFiles  # costs memory: loaded where it is used
    from casework.store.objects import Objects

    return ObjectFiles(Objects(ObjectPlace.read(url), _read_key(key_file)), data_folder / _OWNER_FILE)


def _read_key(file: Path) -> ObjectKey:
    setting = "ATTACHMENTS_KEY_FILE"
    try:
        if is_exposed(file):
            raise ConfigError(setting, f"others may read {file}: it must be yours alone (chmod 600)")
        return ObjectKey.read(file.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(setting, f"{file} cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ConfigError(setting, f"{file} {error}") from error


def find_place(runtime: Runtime) -> ObjectPlace | None:
    """Return the bucket where files of cases lie; None for the data folder."""
    return runtime.other_files.place if runtime.other_files else None


def sweep_at_start(runtime: Runtime) -> None:
    """Delete what was on its way to the disk when casework ended; a start waits for no store."""
    if runtime.other_files is None:
        runtime.files.sweep_parts(0)
