"""What a data folder holds beside the database: the host key, in two halves, and the key of form tokens."""

import os
import secrets
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import DBAPIError

from casework.errors import ConfigError
from casework.store.database import db, name_database
from casework.store.organization import find_host_key_check, is_sealed
from casework.store.refusals import find_reason
from casework.vault.hostkey import HostKey, derive_host_key

_KEY_BYTES = 32
_OTHERS = 0o007
_GROUP_AND_OTHERS = 0o077


def load_host_key(outside_file: Path, erasable_file: Path) -> HostKey:
    """Read both halves of the host key, or make them while the database is still empty.

    Raises ConfigError when a half is missing, open to others or does not fit the database: it is never made
    anew silently; and when nobody can tell whether the database is empty.
    """
    check = _find_check()
    if check is None:
        for path in (outside_file, erasable_file):
            _make(path)
    if check is not None:
        _finish_adopting(outside_file, erasable_file, check)
    host_key = derive_host_key(_read(outside_file), _read(erasable_file))
    if check is not None and check != host_key.check:
        raise ConfigError("HOST_KEY_FILE", f"{outside_file} is not the host key of this database")
    return host_key


def stand_in_host_key() -> HostKey:
    """Return a key that fits nothing, for an instance without its own: only a recovery goes on from there."""
    return derive_host_key(secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_KEY_BYTES))


def prepare_host_key(outside_file: Path, erasable_file: Path) -> HostKey:
    """Make the host key that is to take the place of the old one, which stays until it is adopted.

    The erasable half is new, the outside half only where there is none. Raises ConfigError as
    `load_host_key` does.
    """
    _make(outside_file)
    waiting = _waiting(erasable_file)
    waiting.unlink(missing_ok=True)
    _make(waiting)
    return derive_host_key(_read(outside_file), _read(waiting))


def adopt_host_key(erasable_file: Path) -> None:
    """Put the prepared half in the place of the old one, once the database knows the key that it gives.

    Several processes may find that it is time: the first one does it, and what it overwrites is the old half.
    """
    with ExitStack() as stack:
        old = stack.enter_context(erasable_file.open("r+b")) if erasable_file.exists() else None
        try:
            os.replace(_waiting(erasable_file), erasable_file)
        except FileNotFoundError:
            return
        if old is not None:
            _overwrite(old)
    _sync_folder(erasable_file.parent)


def erase_file(path: Path) -> None:
    """Overwrite a small file, and take its name away; none is no fault.

    On a disk that writes elsewhere than it is told (flash, snapshots) old bytes may outlive this: only
    encrypting the whole disk helps there.
    """
    try:
        with path.open("r+b") as file:
            _overwrite(file)
        path.unlink()
    except FileNotFoundError:
        return
    _sync_folder(path.parent)


def _overwrite(file: BinaryIO) -> None:
    file.write(bytes(os.fstat(file.fileno()).st_size))
    file.flush()
    os.fsync(file.fileno())


def _waiting(erasable_file: Path) -> Path:
    return erasable_file.with_name(f"{erasable_file.name}.new")


def is_sealed_at_start() -> bool:
    """Return whether the seal is on, of a database that may be new, or older than the seal."""
    try:
        return is_sealed()
    except DBAPIError:
        # Not there yet, or not readable: then looking for the host key says so.
        return False
    finally:
        db.session.rollback()


def load_form_key(path: Path) -> bytes:
    """Read, or make, the key that signs form tokens and flashed messages; it opens nothing."""
    _make(path)
    return _read(path)


def _finish_adopting(outside_file: Path, erasable_file: Path, check: bytes) -> None:
    """A recovery that was killed between the database and the file ends here."""
    waiting = _waiting(erasable_file)
    if waiting.exists() and derive_host_key(_read(outside_file), _read(waiting)).check == check:
        adopt_host_key(erasable_file)


def _find_check() -> bytes | None:
    try:
        return find_host_key_check()
    except DBAPIError as error:
        if _is_missing_table(error):
            return None
        # The driver's own words may hold the address, and with it a password.
        reason = find_reason(error) or type(error.orig).__name__
        raise ConfigError(name_database(), f"the database cannot be read ({reason})") from None
    finally:
        db.session.rollback()


def _is_missing_table(error: DBAPIError) -> bool:
    """Whether the database is new: SQLite says so in words, PostgreSQL by the code of an undefined table."""
    return getattr(error.orig, "sqlstate", "") == "42P01" or "no such table" in str(error.orig)


def _make(path: Path) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    except OSError as error:
        raise ConfigError("HOST_KEY_FILE", f"{path} cannot be written: {error.strerror}") from error
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    # Else a power cut may leave a database whose key file has no name any more.
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            "HOST_KEY_FILE", f"{path} is missing, and without it the database cannot be opened"
        ) from error
    if _is_mode_exposed(path, mode):
        raise ConfigError("HOST_KEY_FILE", f"others can open {path}: give it mode 600 (chmod 600)")
    if len(content) != _KEY_BYTES:
        raise ConfigError("HOST_KEY_FILE", f"{path} must hold {_KEY_BYTES} bytes, not {len(content)}")
    return content


def is_exposed(path: Path) -> bool:
    """Return whether other accounts may read a half of the host key; raises OSError."""
    return _is_mode_exposed(path, path.stat().st_mode)


def _is_mode_exposed(path: Path, mode: int) -> bool:
    return bool(mode & (_OTHERS if is_credential(path) else _GROUP_AND_OTHERS))


def is_credential(path: Path) -> bool:
    """Whether systemd put the file there: for the service's group too, in a folder that only it enters."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    return bool(folder) and path.absolute().is_relative_to(folder)
