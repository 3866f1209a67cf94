"""Backups: whole, sealed to recovery alone, a consistent copy, kept as long as they were promised."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import make_url

from casework.errors import BackupFailed, Forbidden, NotFound, Tampered, UnknownKey
from casework.services.backups import keeping, making
from casework.services.backups.archive import MANIFEST, Manifest, unpack
from casework.services.backups.folder import date_file, only_writer, write_whole
from casework.services.context import Context
from casework.services.incidents import log_incident
from casework.services.membership import leaving
from casework.services.runtime import Runtime
from casework.store.copies import postgres_environment
from casework.store.database import db
from casework.store.head import WriteHead
from casework.store.organization import find_organization
from casework.vault.backup import open_bytes
from casework.vault.identity import MemberSecret
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.records import incident_draft

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def at(runtime: Runtime, moment: datetime) -> Runtime:
    """Return the same, at another time."""
    return replace(runtime, now=lambda: moment)


def expiry(founded: Founded, before: datetime) -> keeping.LastExpiry:
    """Return what a receipt of that moment says of the backups from before it."""
    return keeping.last_expiry(keeping.list_kept(founded.runtime), before)


def recovery(founded: Founded) -> MemberSecret:
    """Return what a quorum of shares gives."""
    return MemberSecret(founded.players[COORDINATOR].recovery_seed)


def opened(founded: Founded, file: Path, folder: Path) -> Manifest:
    """Open a backup into a new folder."""
    folder.mkdir()
    archive = folder / "archive"
    archive.write_bytes(open_bytes(recovery(founded), file.read_bytes()))
    with archive.open("rb") as plain:
        return unpack(plain, folder)


def test_a_backup_holds_the_database_as_it_was(founded: Founded, tmp_path: Path) -> None:
    """The manifest says of what moment; the file is named by it, and this account's alone."""
    log_incident(founded.context(CASEWORKER), incident_draft())
    head = db.session.query(WriteHead).one()
    generation, sequence = head.generation, head.audit_sequence
    file = making.make_backup(at(founded.runtime, NOON))
    assert file.name == "casework-20261125T120000Z-90d.age"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    manifest = opened(founded, file, tmp_path / "opened")
    assert (manifest.generation, manifest.audit[0]) == (generation, sequence)
    assert manifest.roster == founded.context().roster.pin
    assert [member.name for member in manifest.members] == [
        "database.sqlite" if db.engine.dialect.name == "sqlite" else "database.pgdump"
    ]
    assert manifest.members[0].size_bytes > 10_000


def test_nothing_else_is_left_behind(founded: Founded) -> None:
    """No copy in between, no half file; the host key is in none of it."""
    runtime = founded.runtime
    before = {path.name for path in runtime.data_folder.iterdir()} | {"backups", "backup.pin"}
    making.make_backup(runtime)
    assert {path.name for path in runtime.data_folder.iterdir()} == before
    names = sorted(path.name.partition("2")[0] for path in runtime.backup_folder.iterdir())
    assert names == ["backup.lock", "casework-", "casework-ledger-", "ledger.lock"]


def test_a_file_that_is_named_after_no_moment_stops_nothing(founded: Founded) -> None:
    """Whoever put it there: it is none of ours, and stays where it is."""
    making.make_backup(at(founded.runtime, NOON))
    stray = founded.runtime.backup_folder / "casework-20269999T999999Z.age"
    stray.write_bytes(b"?")
    making.make_backup(at(founded.runtime, NOON + timedelta(days=1)))
    assert stray.exists()


def test_only_recovery_opens_it(founded: Founded) -> None:
    """No member's seed does."""
    sealed = making.make_backup(founded.runtime).read_bytes()
    open_bytes(recovery(founded), sealed)
    for player in founded.players.values():
        with pytest.raises(UnknownKey):
            open_bytes(MemberSecret(player.seed), sealed)


def test_the_audit_log_has_it(founded: Founded) -> None:
    """Nobody's name stands there: a timer made it."""
    making.make_backup(founded.runtime)
    with founded.app.app_context():
        entry = open_log(founded.context())[-1]
    assert entry["event"] == "backup.written"
    assert entry["member"] is None


def test_who_asked_for_it_stands_in_the_log(founded: Founded) -> None:
    """Their keys vouch for the entry; of who has signed out, or has an old roster, there is no name."""
    context = founded.context(COORDINATOR)

    def last_author(moment: datetime, find_author: Callable[[], Context | None]) -> UUID | None:
        making.make_backup(at(founded.runtime, moment), find_author)
        entry = open_log(founded.context())[-1]
        assert entry["event"] == "backup.written"
        return UUID(hex=entry["member"]) if entry["member"] else None

    with founded.app.app_context():
        assert last_author(NOON, lambda: context) == context.member_id
        assert last_author(NOON + timedelta(seconds=1), lambda: None) is None
        leaving.revoke_member(founded.context(COORDINATOR), founded.players[COLLEAGUE].id, None)
        assert last_author(NOON + timedelta(seconds=2), lambda: context) is None
        assert len(keeping.list_backups(founded.context(COORDINATOR))) == 3


def test_a_backup_is_kept_as_long_as_it_was_promised(founded: Founded) -> None:
    """And not a day longer, whatever the setting says by then; the newest is never deleted."""
    first = making.make_backup(at(founded.runtime, NOON))
    assert expiry(founded, NOON) == keeping.LastExpiry(None, 0)
    later = NOON + timedelta(days=89)
    assert expiry(founded, later).expires_at == NOON + timedelta(days=90)
    second = making.make_backup(at(founded.runtime, later))
    assert first.exists()
    much_later = at(founded.runtime, NOON + timedelta(days=500))
    third = making.make_backup(replace(much_later, limits=replace(much_later.limits, backup_days=3000)))
    assert [path.exists() for path in (first, second, third)] == [False, False, True]
    assert expiry(founded, later).expires_at is None


def test_a_file_that_is_elsewhere_still_counts(founded: Founded) -> None:
    """A disk that is not mounted has not forgotten what lies on it."""
    making.make_backup(at(founded.runtime, NOON)).unlink()
    making.make_backup(at(founded.runtime, NOON + timedelta(days=1)))
    assert expiry(founded, NOON + timedelta(hours=1)).expires_at == NOON + timedelta(days=90)


def test_a_killed_backup_is_cleared_away(founded: Founded) -> None:
    """What it left, in both folders, goes with the next one."""
    runtime = founded.runtime
    making.make_backup(at(runtime, NOON))
    left = (
        runtime.backup_folder / "casework-1.age.unfinished",
        runtime.data_folder / "copy.unfinished" / "database.sqlite",
    )
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    making.make_backup(at(runtime, NOON + timedelta(seconds=1)))
    assert not any(path.exists() for path in left)


def test_one_at_a_time(founded: Founded) -> None:
    """Who comes second is told so."""
    making.make_backup(at(founded.runtime, NOON))
    organization = find_organization()
    assert organization
    with (
        only_writer(founded.runtime.backup_folder, organization.id),
        pytest.raises(BackupFailed, match="being made already"),
    ):
        making.make_backup(founded.runtime)


def test_the_folder_of_another_organization_is_refused(founded: Founded) -> None:
    """Its backups would be deleted by our dates."""
    making.make_backup(founded.runtime)
    (founded.runtime.backup_folder / "backup.lock").write_text(uuid4().hex)
    with pytest.raises(BackupFailed, match="another organisation"):
        making.make_backup(founded.runtime)


def test_a_file_that_nobody_noted_is_noted_later(founded: Founded) -> None:
    """Its maker was killed: receipts must know of it, and it is deleted in its time."""
    first = making.make_backup(at(founded.runtime, NOON))
    unknown = first.with_name("casework-20261126T120000Z.age")
    unknown.write_bytes(first.read_bytes())
    date_file(unknown, NOON + timedelta(days=1))
    making.make_backup(at(founded.runtime, NOON + timedelta(days=2)))
    assert len(keeping.list_backups(founded.context())) == 3
    making.make_backup(at(founded.runtime, NOON + timedelta(days=91)))
    assert not first.exists()
    assert not unknown.exists()


def test_a_failure_is_kept_for_the_coordinators(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer that fails every night does not fail unseen; nothing half is left under a name."""
    runtime = founded.runtime

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(BackupFailed, match="disk refused"):
            making.make_backup(runtime)
    assert making.find_failure(runtime) == "The disk refused the backup: it is full, or it fails."
    assert not list(runtime.backup_folder.glob("casework-2*"))
    making.make_backup(runtime)
    assert making.find_failure(runtime) is None


def test_others_may_not_open_the_folder(founded: Founded) -> None:
    """A folder that somebody laid there is refused."""
    founded.runtime.backup_folder.mkdir(mode=0o755)
    founded.runtime.backup_folder.chmod(0o755)
    with pytest.raises(BackupFailed, match="Others may open"):
        making.make_backup(founded.runtime)


def test_a_roster_that_starts_anew_is_refused(founded: Founded) -> None:
    """Who can write to the database cannot have backups sealed to a recovery key of their own."""
    making.make_backup(at(founded.runtime, NOON))
    pin = founded.context().roster.pin
    pin_file = founded.runtime.data_folder / "backup.pin"
    pin_file.write_bytes(replace(pin, hash=bytes(32)).encode())
    with pytest.raises(BackupFailed, match="list of members"):
        making.make_backup(founded.runtime)


def test_a_copy_leaves_with_who_showed_who_they_are(founded: Founded) -> None:
    """It is noted, and no date is promised for it any more."""
    making.make_backup(at(founded.runtime, NOON))
    context = founded.context()
    (line,) = keeping.list_backups(context)
    with pytest.raises(Forbidden, match="unconfirmed"):
        keeping.take_copy(replace(context, is_confirmed=False), line.id)
    file = keeping.take_copy(context, line.id)
    assert file.name == "casework-20261125T120000Z-90d.age"
    assert expiry(founded, NOON + timedelta(days=1)).downloaded == 1
    with pytest.raises(Forbidden):
        keeping.list_backups(founded.context(CASEWORKER))
    file.unlink()
    with pytest.raises(NotFound):
        keeping.take_copy(founded.context(), line.id)


def test_seven_days_are_too_long(founded: Founded) -> None:
    """No backup, or none for a week, is worth a warning."""
    assert keeping.is_overdue(founded.runtime, [])
    making.make_backup(at(founded.runtime, NOON))
    lines = keeping.list_backups(founded.context())
    assert not keeping.is_overdue(at(founded.runtime, NOON + timedelta(days=6)), lines)
    assert keeping.is_overdue(at(founded.runtime, NOON + timedelta(days=8)), lines)


@pytest.fixture
def archive(founded: Founded, tmp_path: Path) -> Iterator[bytes]:
    """The opened archive of a backup."""
    yield open_bytes(recovery(founded), making.make_backup(founded.runtime).read_bytes())


def test_a_changed_archive_is_refused(archive: bytes, tmp_path: Path) -> None:
    """Cut, with a file changed, with something behind it, without its manifest."""
    middle = len(archive) // 2
    changed = (
        archive[:middle],
        archive[:middle] + bytes([archive[middle] ^ 1]) + archive[middle + 1 :],
        archive[:-1024] + archive[512:1024] * 0 + archive[: -1024 or None][:512] + archive[-1024:],
        archive.replace(MANIFEST.encode(), b"another--.json", 1),
        b"",
    )
    for number, content in enumerate(changed):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "archive").write_bytes(content)
        with (folder / "archive").open("rb") as file, pytest.raises(Tampered):
            unpack(file, folder)


def test_a_file_gets_its_name_when_it_is_whole(tmp_path: Path) -> None:
    """Who looks meanwhile sees nothing under it."""

    def fill(target: object) -> None:
        assert not (tmp_path / "name").exists()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_whole(tmp_path, "name", fill)
    assert not list(tmp_path.iterdir())


def test_no_password_on_a_command_line() -> None:
    """libpq's programs get the address, and what else the setting says, in their environment."""
    url = make_url("postgresql+psycopg://ana:s%2Fcret@db.example.org:5433/case?sslmode=verify-full")
    found = postgres_environment(url)
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSSLMODE")
    assert [found[name] for name in names] == [
        "db.example.org",
        "5433",
        "ana",
        "s/cret",
        "case",
        "verify-full",
    ]


def test_the_host_key_survives_a_folder_shared_with_the_data(founded: Founded) -> None:
    """Backups in the data folder itself are unwise, yet nothing there is cleared away but their own."""
    runtime = replace(founded.runtime, backup_folder=founded.runtime.data_folder)
    making.make_backup(runtime)
    assert (runtime.data_folder / "host.part").is_file()
    assert (runtime.data_folder / "host.key").is_file()
