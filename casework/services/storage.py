"""What a database's refusal means to people: a full disk, a damaged file, nobody there, a faster rival."""

from enum import StrEnum

from sqlalchemy.exc import DBAPIError

from casework.store.sealedfiles import FilesAway
from casework.store.volatilestore import VolatileAway


class Trouble(StrEnum):
    """Why nothing could be read or written."""

    FULL = "full"
    DAMAGED = "damaged"
    AWAY = "away"
    FILES = "files"
    RIVAL = "rival"


# SQLite names the error, PostgreSQL gives its class and code.
_SQLITE = {
    "SQLITE_BUSY": Trouble.AWAY,
    "SQLITE_CANTOPEN": Trouble.AWAY,
    "SQLITE_CORRUPT": Trouble.DAMAGED,
    "SQLITE_FULL": Trouble.FULL,
    "SQLITE_IOERR": Trouble.FULL,
    "SQLITE_NOTADB": Trouble.DAMAGED,
    "SQLITE_READONLY": Trouble.FULL,
}
_POSTGRES = {
    "08": Trouble.AWAY,
    "40": Trouble.RIVAL,
    "53": Trouble.FULL,
    "57": Trouble.AWAY,
    "58": Trouble.FULL,
    "XX": Trouble.DAMAGED,
}


def name_trouble(error: BaseException) -> Trouble | None:
    """Return what an error of a database, the volatile store or that of files means; None for one of ours."""
    if isinstance(error, VolatileAway):
        return Trouble.FULL if error.is_full else Trouble.AWAY
    if isinstance(error, FilesAway):
        return Trouble.FILES
    if not isinstance(error, DBAPIError):
        return None
    name = getattr(error.orig, "sqlite_errorname", "")
    if name:
        return next((trouble for start, trouble in _SQLITE.items() if name.startswith(start)), None)
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return _POSTGRES.get(state[:2])
    # A server that is not there gives no code.
    return (
        Trouble.AWAY
        if error.connection_invalidated or type(error.orig).__name__ == "OperationalError"
        else None
    )
