"""What is gathered about a server, and judged without it. None means that it cannot be known."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from casework.store.sealedfiles import PlaceState


@dataclass(frozen=True, slots=True)
class Room:
    """What is free on a disk, and what lies there already or is needed next; in bytes."""

    free_bytes: int
    used_bytes: int = 0
    needed_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """Of the machine, or of what the system lets casework have of it; in bytes."""

    total_bytes: int
    available_bytes: int


@dataclass(frozen=True, slots=True)
class FilesStore:
    """A store of files that is no disk of ours: how it answers, and how many bytes lie there."""

    state: PlaceState
    used_bytes: int


class SwapKind(StrEnum):
    """What becomes of memory that is swapped out."""

    IN_MEMORY = "in_memory"
    THROWAWAY_KEY = "throwaway_key"
    LASTING_KEY = "lasting_key"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Swap:
    """Where memory may be swapped out to; `is_kept_out` where the system keeps this process's out of it."""

    kinds: tuple[SwapKind, ...]
    is_kept_out: bool = False


@dataclass(frozen=True, slots=True)
class Dumps:
    """Of this process: how large a core dump may be, and whether the system may make one at all."""

    limit_bytes: int
    is_dumpable: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """`is_synchronised` None: nobody says. `newest_at` is the latest moment that is written down here."""

    now: datetime
    is_synchronised: bool | None
    newest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WayIn:
    """How people reach it. `is_open_to_all` where it listens to more than this machine."""

    is_https: bool
    is_open_to_all: bool
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the proxy of this machine shows; `fault` is why browsers would refuse it."""

    ends_at: datetime | None = None
    fault: str = ""


class KeyPlace(StrEnum):
    """Where the outside half of the host key lies."""

    CREDENTIAL = "credential"
    ELSEWHERE = "elsewhere"
    SAME_DISK = "same_disk"
    DATA_FOLDER = "data_folder"
    BACKUP_FOLDER = "backup_folder"


@dataclass(frozen=True, slots=True)
class HostKeyFile:
    """The outside half of the host key, and whether both halves are there."""

    place: KeyPlace
    is_there: bool
    is_open_to_others: bool
    path: str


@dataclass(frozen=True, slots=True)
class Permissions:
    """What other accounts may open or own; `is_cut` where there were too many to look at."""

    exposed: tuple[str, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Backups:
    """`failures` are sentences that the last attempts left behind."""

    is_founded: bool
    newest_at: datetime | None
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drill:
    """Days are the organization's; `is_overdue` by its own rule."""

    drilled_on: date | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """A check of everything, when somebody last did it; `wrong` is how much did not fit."""

    at: datetime
    is_finished: bool
    wrong: int


@dataclass(frozen=True, slots=True)
class Sessions:
    """Where open sessions lie; `fault` is why the Redis of several hosts is not to be relied on."""

    is_shared: bool
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    """This process; `is_server` where it is one that answers pages. `changed_at`: casework's own files."""

    is_server: bool
    began_at: datetime | None
    changed_at: datetime | None
    memory_bytes: int = 0
    answers: bool | None = None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Case keys that older epochs open; what is sealed to earlier shares, and what of it nobody can renew."""

    keys: int
    sealed: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All of it."""

    now: datetime
    data_disk: Room | None = None
    files_disk: Room | None = None
    files_store: FilesStore | None = None
    backup_disk: Room | None = None
    memory: Memory | None = None
    swap: Swap | None = None
    dumps: Dumps | None = None
    clock: Clock
    way_in: WayIn
    certificate: Certificate | None = None
    host_key: HostKeyFile
    permissions: Permissions = field(default_factory=Permissions)
    backups: Backups
    drill: Drill | None = None
    audit_log: Looked | None = None
    records: Looked | None = None
    process: Process
    sessions: Sessions
    is_schema_current: bool | None = None
    unfinished: Unfinished | None = None
    uncompiled: tuple[str, ...] = ()
