"""Each check by itself, over facts that no machine has to have."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from casework.services.doctor.doors import (
    check_certificate,
    check_host_key,
    check_permissions,
    check_way_in,
)
from casework.services.doctor.examining import examine
from casework.services.doctor.facts import (
    Backups,
    Certificate,
    Clock,
    Drill,
    Dumps,
    Facts,
    FilesStore,
    HostKeyFile,
    KeyPlace,
    Looked,
    Memory,
    Permissions,
    Process,
    Room,
    Sessions,
    Swap,
    SwapKind,
    Unfinished,
    WayIn,
)
from casework.services.doctor.filestore import check_files_store
from casework.services.doctor.findings import TITLES, Check, Finding, State, gravest
from casework.services.doctor.keeping import (
    check_audit_log,
    check_backups,
    check_drill,
    check_records,
    check_unfinished,
)
from casework.services.doctor.machine import (
    check_backup_disk,
    check_clock,
    check_data_disk,
    check_dumps,
    check_files_disk,
    check_memory,
    check_swap,
)
from casework.services.doctor.software import (
    check_languages,
    check_process,
    check_schema,
    check_sessions,
)
from casework.store.sealedfiles import Away, PlaceState

FINE, UNKNOWN, WARNING, WRONG = State.FINE, State.UNKNOWN, State.WARNING, State.WRONG
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
GB, MB = 10**9, 10**6
TLS = WayIn(True, False, ("casework.example.org",))
KEY = HostKeyFile(KeyPlace.CREDENTIAL, True, False, "/run/credentials/casework-host-key")


def ago(**spans: float) -> datetime:
    """Return a moment before now."""
    return NOW - timedelta(**spans)


def key(place: KeyPlace, is_there: bool = True, is_open: bool = False) -> HostKeyFile:
    """Return a host key that lies there."""
    return HostKeyFile(place, is_there, is_open, "/somewhere/host.key")


CASES: Mapping[str, tuple[State, Finding]] = {
    "much room": (FINE, check_data_disk(Room(2 * GB))),
    "little room": (WARNING, check_data_disk(Room(2 * GB - 1))),
    "half a gigabyte": (WARNING, check_data_disk(Room(500 * MB))),
    "no room": (WRONG, check_data_disk(Room(500 * MB - 1))),
    "no disk": (UNKNOWN, check_data_disk(None)),
    "room for files": (FINE, check_files_disk(Room(400 * MB, 5 * GB, 200 * MB))),
    "no room for two files": (WARNING, check_files_disk(Room(400 * MB - 1, 0, 200 * MB))),
    "no disk for files": (UNKNOWN, check_files_disk(None)),
    "store": (FINE, check_files_store(FilesStore(PlaceState(None), 5 * GB))),
    "store of all versions": (WARNING, check_files_store(FilesStore(PlaceState(None, True), GB))),
    **{f"store {why}": (WRONG, check_files_store(FilesStore(PlaceState(why), 0))) for why in Away},
    "room for three": (FINE, check_backup_disk(Room(3 * GB, needed_bytes=GB))),
    "room for two": (WARNING, check_backup_disk(Room(3 * GB - 1, needed_bytes=GB))),
    "room for none": (WRONG, check_backup_disk(Room(GB - 1, needed_bytes=GB))),
    "no disk for backups": (UNKNOWN, check_backup_disk(None)),
    "memory": (FINE, check_memory(Memory(GB, 150 * MB))),
    "little memory": (WARNING, check_memory(Memory(GB, 150 * MB - 1))),
    "no memory": (WRONG, check_memory(Memory(GB, 60 * MB - 1))),
    "whose memory": (UNKNOWN, check_memory(None)),
    "no swap": (FINE, check_swap(Swap(()))),
    "swap in memory": (FINE, check_swap(Swap((SwapKind.IN_MEMORY,)))),
    "swap under a key of today": (FINE, check_swap(Swap((SwapKind.THROWAWAY_KEY,)))),
    "swap under the disk's key": (WARNING, check_swap(Swap((SwapKind.LASTING_KEY,)))),
    "swap": (WRONG, check_swap(Swap((SwapKind.THROWAWAY_KEY, SwapKind.PLAIN)))),
    "swap for others": (WARNING, check_swap(Swap((SwapKind.PLAIN,), is_kept_out=True))),
    "whose swap": (UNKNOWN, check_swap(None)),
    "no dumps": (FINE, check_dumps(Dumps(0, False))),
    "a limit": (WRONG, check_dumps(Dumps(1, False))),
    "into a collector": (WRONG, check_dumps(Dumps(0, True))),
    "whose dumps": (UNKNOWN, check_dumps(None)),
    "right": (FINE, check_clock(Clock(NOW, True, ago(days=1)))),
    "adrift": (WARNING, check_clock(Clock(NOW, False))),
    "who knows": (UNKNOWN, check_clock(Clock(NOW, None))),
    "set back": (WRONG, check_clock(Clock(NOW, True, NOW + timedelta(minutes=6)))),
    "a moment apart": (FINE, check_clock(Clock(NOW, True, NOW + timedelta(minutes=4)))),
    "TLS": (FINE, check_way_in(TLS)),
    "plain": (WARNING, check_way_in(WayIn(False, False, ("127.0.0.1",)))),
    "past the proxy": (WARNING, check_way_in(WayIn(True, True, ("casework.example.org",)))),
    "certificate": (FINE, check_certificate(TLS, Certificate(NOW + timedelta(days=14)), NOW)),
    "fortnight": (WARNING, check_certificate(TLS, Certificate(NOW + timedelta(days=13.9)), NOW)),
    "three days": (WRONG, check_certificate(TLS, Certificate(NOW + timedelta(days=2.9)), NOW)),
    "of another": (WRONG, check_certificate(TLS, Certificate(fault="Hostname mismatch"), NOW)),
    "no proxy": (UNKNOWN, check_certificate(TLS, None, NOW)),
    "no TLS": (UNKNOWN, check_certificate(WayIn(False, False, ()), None, NOW)),
    "credential": (FINE, check_host_key(KEY)),
    "elsewhere": (FINE, check_host_key(key(KeyPlace.ELSEWHERE))),
    "same disk": (WARNING, check_host_key(key(KeyPlace.SAME_DISK))),
    "beside": (WARNING, check_host_key(key(KeyPlace.DATA_FOLDER))),
    "with the backups": (WRONG, check_host_key(key(KeyPlace.BACKUP_FOLDER))),
    "gone": (WRONG, check_host_key(key(KeyPlace.CREDENTIAL, is_there=False))),
    "readable": (WRONG, check_host_key(key(KeyPlace.ELSEWHERE, is_open=True))),
    "closed": (FINE, check_permissions(Permissions())),
    "open": (WRONG, check_permissions(Permissions(("/srv/x",), is_cut=True))),
    "many": (UNKNOWN, check_permissions(Permissions(is_cut=True))),
    "last night": (FINE, check_backups(Backups(True, ago(days=1)), NOW)),
    "three nights": (WARNING, check_backups(Backups(True, ago(days=3)), NOW)),
    "a week": (WRONG, check_backups(Backups(True, ago(days=7, seconds=1)), NOW)),
    "none": (WRONG, check_backups(Backups(True, None), NOW)),
    "failed": (WRONG, check_backups(Backups(True, ago(hours=1), ("The disk refused.",)), NOW)),
    "unfounded": (UNKNOWN, check_backups(Backups(False, None), NOW)),
    "drilled": (FINE, check_drill(Drill(date(2026, 11, 1), False))),
    "overdue": (WARNING, check_drill(Drill(date(2026, 1, 1), True))),
    "never drilled": (WARNING, check_drill(Drill(None, True))),
    "nobody signed in": (UNKNOWN, check_drill(None)),
    "log verified": (FINE, check_audit_log(Looked(ago(days=183), True, 0), NOW)),
    "long ago": (WARNING, check_audit_log(Looked(ago(days=184), True, 0), NOW)),
    "broken off": (WARNING, check_audit_log(Looked(ago(days=1), False, 0), NOW)),
    "log cut": (WRONG, check_audit_log(Looked(ago(days=1), True, 2), NOW)),
    "never verified": (WARNING, check_audit_log(None, NOW)),
    "records opened": (FINE, check_records(Looked(ago(days=1), True, 0), NOW)),
    "records hurt": (WRONG, check_records(Looked(ago(days=1), True, 1), NOW)),
    "answers since": (FINE, check_process(Process(True, ago(days=1), ago(days=2)))),
    "older than its code": (WARNING, check_process(Process(True, ago(days=2), ago(days=1)))),
    "since when": (UNKNOWN, check_process(Process(True, None, ago(days=1)))),
    "answers": (FINE, check_process(Process(False, None, None, answers=True))),
    "answers no": (WRONG, check_process(Process(False, None, None, answers=False))),
    "answers nothing": (WRONG, check_process(Process(False, None, None))),
    "sessions here": (FINE, check_sessions(Sessions(False))),
    "sessions in Redis": (FINE, check_sessions(Sessions(True))),
    "no Redis": (WRONG, check_sessions(Sessions(True, "Redis must have save set to nothing"))),
    "schema": (FINE, check_schema(True)),
    "another schema": (WRONG, check_schema(False)),
    "no database": (WRONG, check_schema(None)),
    "all renewed": (FINE, check_unfinished(Unfinished(0, 0, 0))),
    "keys wait": (WARNING, check_unfinished(Unfinished(1, 0, 0))),
    "seals wait": (WARNING, check_unfinished(Unfinished(0, 1, 0))),
    "some are lost": (WRONG, check_unfinished(Unfinished(0, 1, 1))),
    "no roster": (UNKNOWN, check_unfinished(None)),
    "languages": (FINE, check_languages(())),
    "half French": (WARNING, check_languages(("fr",))),
}


@pytest.mark.parametrize("name", CASES)
def test_how_it_stands(name: str) -> None:
    """Every check at the edges of what it judges."""
    expected, finding = CASES[name]
    assert finding.state == expected


@pytest.mark.parametrize("name", CASES)
def test_what_is_not_fine_says_what_to_do(name: str) -> None:
    """One sentence whose gaps are filled; and where something is to be done, what."""
    _state, finding = CASES[name]
    assert finding.sentence % finding.values if finding.values else finding.sentence
    assert "%" not in finding.advice
    assert bool(finding.advice) or finding.state in (FINE, UNKNOWN)
    assert not finding.advice or finding.state != FINE


def test_a_failed_backup_says_why() -> None:
    """In the words that the attempt left."""
    assert CASES["failed"][1].sentence == "The disk refused."


def test_every_check_is_made_once_in_order() -> None:
    """Where nothing can be known, no check fails, and each has a title."""
    facts = Facts(
        now=NOW,
        clock=Clock(NOW, None),
        way_in=TLS,
        host_key=KEY,
        backups=Backups(True, None),
        process=Process(False, None, None),
        sessions=Sessions(False),
    )
    findings = examine(facts)
    assert list(Check) == list(TITLES)
    assert [finding.check for finding in findings] == [one for one in Check if one != Check.FILES_STORE]
    assert gravest(findings) == WRONG
    assert gravest([]) == FINE
