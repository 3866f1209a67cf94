"""What a check says: how it stands, one sentence, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from casework.domain.messages import N_


class State(StrEnum):
    """How something stands, the gravest last."""

    FINE = "fine"
    UNKNOWN = "unknown"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Size:
    """How many bytes; written in the reader's way."""

    bytes: int


Value = int | str | date | Size
"""A moment is a date too, with its time of day."""


class Check(StrEnum):
    """Everything that is looked at, in this order; of the disk and the store, where files of cases lie."""

    DATA_DISK = "data_disk"
    FILES_DISK = "files_disk"
    FILES_STORE = "files_store"
    BACKUP_DISK = "backup_disk"
    MEMORY = "memory"
    SWAP = "swap"
    CORE_DUMPS = "core_dumps"
    CLOCK = "clock"
    HTTPS = "https"
    CERTIFICATE = "certificate"
    HOST_KEY = "host_key"
    PERMISSIONS = "permissions"
    BACKUP = "backup"
    DRILL = "drill"
    AUDIT_LOG = "audit_log"
    RECORDS = "records"
    SERVER = "server"
    SESSIONS = "sessions"
    SCHEMA = "schema"
    UNFINISHED = "unfinished"
    LANGUAGES = "languages"


TITLES: Mapping[Check, str] = {
    Check.DATA_DISK: N_("Room for data"),
    Check.FILES_DISK: N_("Room for files of cases"),
    Check.FILES_STORE: N_("Store of files of cases"),
    Check.BACKUP_DISK: N_("Room for backups"),
    Check.MEMORY: N_("Memory"),
    Check.SWAP: N_("Swap"),
    Check.CORE_DUMPS: N_("Core dumps"),
    Check.CLOCK: N_("Clock"),
    Check.HTTPS: N_("Way in"),
    Check.CERTIFICATE: N_("Certificate"),
    Check.HOST_KEY: N_("Host key"),
    Check.PERMISSIONS: N_("Who may open the files"),
    Check.BACKUP: N_("Last backup"),
    Check.DRILL: N_("Last recovery drill"),
    Check.AUDIT_LOG: N_("Last check of the audit log"),
    Check.RECORDS: N_("Last check of every record"),
    Check.SERVER: N_("Process"),
    Check.SESSIONS: N_("Open sessions"),
    Check.SCHEMA: N_("Database"),
    Check.UNFINISHED: N_("Unfinished work"),
    Check.LANGUAGES: N_("Languages"),
}

UNKNOWN_HERE = N_("This system does not say.")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    `sentence` and `advice` are to be translated, `values` stand in their gaps; `where` are paths, or what a
    program says, which are shown at the terminal alone. None of it says anything of a record or a member.
    """

    check: Check
    state: State
    sentence: str
    advice: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    where: tuple[str, ...] = ()


def unknown(check: Check, sentence: str = UNKNOWN_HERE, advice: str = "") -> Finding:
    """Return that something cannot be known, and why."""
    return Finding(check, State.UNKNOWN, sentence, advice)


def gravest(findings: list[Finding]) -> State:
    """Return the gravest state among them."""
    order = list(State)
    return max((finding.state for finding in findings), key=order.index, default=State.FINE)
