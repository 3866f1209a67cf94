"""Gathers all facts: of the machine, the folders and the database; of no record and no member."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from casework.domain.permissions import Permission
from casework.errors import CaseworkError
from casework.services.backups.folder import BACKUP, list_files, read_stamp
from casework.services.context import Context
from casework.services.doctor import folders, network, system
from casework.services.doctor.facts import (
    Backups,
    Clock,
    Drill,
    Facts,
    FilesStore,
    Process,
    Room,
    Sessions,
    Unfinished,
    WayIn,
)
from casework.services.doctor.texts import list_uncompiled
from casework.services.membership.rosters import read_whole_roster
from casework.services.membership.rotation import count_rotation
from casework.services.organization import is_founded
from casework.services.recovery.record import find_record
from casework.services.recovery.waiting import list_waiting
from casework.services.runtime import Runtime
from casework.store.database import db, name_database, overwrites
from casework.store.reaching import is_schema_current
from casework.store.sealedfiles import FilesAway
from casework.store.volatilestore import VolatileAway, current_store

_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What settings say of how casework is reached. `volatile_folder` None where sessions lie elsewhere."""

    is_https: bool
    host: str
    port: int
    hosts: tuple[str, ...]
    volatile_folder: Path | None
    is_loopback: bool


def gather_facts(runtime: Runtime, around: Surroundings, context: Context | None = None) -> Facts:
    """Return what can be known: with a context in the server, without one at a terminal."""
    if context:
        context.require(Permission.MAKE_BACKUPS)
    now, database = runtime.now(), _database_file(runtime)
    backups = _read_backups(runtime)
    kept = list_files(runtime.backup_folder, BACKUP)
    store = _read_store(runtime)
    attached = store.used_bytes if store else _count_files(runtime)
    needed = max(attached + _size(database), _size(kept[0]) if kept else 0)
    looking = [each for each in (runtime.data_folder, runtime.backup_folder, around.volatile_folder) if each]
    # An onion address has no certificate, and stands first where deploy/add-onion wrote it.
    host = next((one.removeprefix(".") for one in around.hosts if not one.endswith(".onion")), "")
    return Facts(
        now=now,
        data_disk=folders.read_room(runtime.data_folder),
        files_disk=folders.read_room(runtime.data_folder, attached, runtime.limits.file_bytes),
        files_store=store,
        backup_disk=_read_backup_room(runtime, needed),
        memory=system.read_memory(),
        swap=system.read_swap(),
        dumps=system.read_dumps(),
        clock=Clock(now, system.is_clock_synchronised(), _newest(backups.newest_at, database)),
        way_in=WayIn(around.is_https, not around.is_loopback, around.hosts),
        certificate=network.read_certificate(host) if around.is_https and host else None,
        host_key=folders.read_host_key(
            *runtime.host_key_files, runtime.data_folder, runtime.backup_folder, database
        ),
        permissions=folders.read_permissions(*looking),
        backups=backups,
        drill=_read_drill(context) if context else None,
        audit_log=folders.read_looked(runtime.data_folder, "verify-audit", "wrong"),
        records=folders.read_looked(runtime.data_folder, "verify", "hurt"),
        process=_read_process(around, is_server=context is not None),
        sessions=_read_sessions(),
        is_schema_current=_read_schema(),
        unfinished=_read_unfinished(),
        uncompiled=tuple(list_uncompiled()),
    )


def _read_store(runtime: Runtime) -> FilesStore | None:
    """Ask the store where files of cases lie, if they do not lie in the data folder."""
    state = runtime.files.examine()
    if state is None:
        return None
    return FilesStore(state, 0 if state.fault else _count_files(runtime))


def _count_files(runtime: Runtime) -> int:
    try:
        return runtime.files.count_bytes()
    except FilesAway:
        return 0


def _database_file(runtime: Runtime) -> Path:
    """SQLite's file; for another database the data folder stands in, which holds the files of cases."""
    return Path(name_database()) if overwrites() else runtime.data_folder


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _read_backup_room(runtime: Runtime, needed_bytes: int) -> Room | None:
    """Of the disk where the folder is, or will be once there is a backup."""
    folder = runtime.backup_folder
    there = next((each for each in (folder, *folder.parents) if each.is_dir()), folder)
    return folders.read_room(there, needed_bytes=needed_bytes)


def _read_backups(runtime: Runtime) -> Backups:
    kept = list_files(runtime.backup_folder, BACKUP)
    try:
        founded = is_founded()
    except DBAPIError:
        db.session.rollback()
        founded = True  # a database that cannot be read is no empty one
    return Backups(founded, read_stamp(kept[0]) if kept else None, folders.list_failures(runtime.data_folder))


def _newest(backup_at: datetime | None, database: Path) -> datetime | None:
    moments = [backup_at] if backup_at else []
    try:
        moments.append(datetime.fromtimestamp(database.stat().st_mtime, UTC))
    except OSError:
        pass
    return max(moments, default=None)


def _read_drill(context: Context) -> Drill | None:
    try:
        record = find_record(context)
    except CaseworkError:
        return None
    today = context.runtime.today()
    return Drill(record.drilled_on if record else None, record is None or record.is_drill_due(today))


def _read_process(around: Surroundings, is_server: bool) -> Process:
    if not is_server:
        return Process(False, None, None, answers=network.ask_server(around.host, around.port))
    changed_at = folders.newest_change(_ROOT / "casework", _ROOT / "templates")
    return Process(True, system.process_began_at(), changed_at, system.process_memory_bytes())


def _read_sessions() -> Sessions:
    store = current_store()
    try:
        store.check()
    except VolatileAway as away:
        return Sessions(store.is_shared, str(away))
    return Sessions(store.is_shared)


def _read_schema() -> bool | None:
    try:
        return is_schema_current()
    except DBAPIError:
        return None


def _read_unfinished() -> Unfinished | None:
    try:
        roster = read_whole_roster()
        waiting = list_waiting(roster)
        return Unfinished(count_rotation(roster).waiting, waiting.total, waiting.lost)
    except (CaseworkError, DBAPIError):
        return None
    finally:
        db.session.rollback()
