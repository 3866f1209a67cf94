"""What a data folder holds beside the database: the host key, in two halves, and the key of form tokens."""

import os
import secrets
from pathlib import Path

from sqlalchemy.exc import OperationalError, ProgrammingError

from casework.errors import ConfigError
from casework.store.database import db
from casework.store.organization import Organization, find_organization
from casework.vault.hostkey import HostKey, derive_host_key

_KEY_BYTES = 32


def load_host_key(outside_file: Path, erasable_file: Path) -> HostKey:
    """Read both halves of the host key, or make them while the database is still empty.

    Raises ConfigError when a half is missing or does not fit the database: it is never made anew silently.
    """
    organization = _find_organization()
    if organization is None:
        for path in (outside_file, erasable_file):
            _make(path)
    host_key = derive_host_key(_read(outside_file), _read(erasable_file))
    if organization is not None and organization.host_key_check != host_key.check:
        raise ConfigError("HOST_KEY_FILE", f"{outside_file} is not the host key of this database")
    return host_key


def load_form_key(path: Path) -> bytes:
    """Read, or make, the key that signs form tokens and flashed messages; it opens nothing."""
    _make(path)
    return _read(path)


def _find_organization() -> Organization | None:
    try:
        return find_organization()
    except (OperationalError, ProgrammingError):
        # No tables yet: the database is new.
        return None
    finally:
        db.session.rollback()


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


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            "HOST_KEY_FILE", f"{path} is missing, and without it the database cannot be opened"
        ) from error
    if len(content) != _KEY_BYTES:
        raise ConfigError("HOST_KEY_FILE", f"{path} must hold {_KEY_BYTES} bytes, not {len(content)}")
    return content
