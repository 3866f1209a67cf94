"""Kill −9 in the middle of a backup or a restore: nothing half has a name, and the next one works."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.cli import main as flask

from casework.services import restoring
from casework.services.backups.folder import BACKUP, LEDGER, list_files
from casework.services.backups.making import make_backup
from casework.services.incidents import log_incident
from casework.services.recovery import recovering
from casework.services.recovery.shareentry import Entered
from casework.services.restoring import restore
from casework.services.runtime import Runtime
from casework.services.verifying.checking import Failure
from casework.services.verifying.live import verify_live
from casework.store.restoration import holds_organization, is_half_restored
from casework.vault.backup import open_bytes
from casework.vault.identity import MemberSecret
from casework.vault.recovery import split
from tests.support.application import CASEWORKER, COORDINATOR, Founded, build_closed_app, close
from tests.support.forked import Forked
from tests.support.records import incident_draft

ROOT = Path(__file__).parents[2]
KILLS = 8
INCIDENTS = 40


def command(folder: Path, *arguments: str) -> Forked:
    """Start one of ours over a data folder, with nobody at the keyboard."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CASEWORK_")}
    ours = {
        "CASEWORK_CONFIG": "",
        "CASEWORK_INSTANCE_PATH": str(folder),
        "CASEWORK_VOLATILE_URL": f"sqlite:///{folder}/volatile/volatile.sqlite",
    }
    return Forked(flask, ("flask", "--app", "run", *arguments), kept | ours)


def kill_often(whole: float, folder: Path, *arguments: str) -> Iterator[bool]:
    """Start a command, which takes about so many seconds, and kill it; yields whether it was still running.

    Who ended by itself is killed earlier the next time: a machine that was busy before may be quick now.
    """
    for _ in range(KILLS):
        process = command(folder, *arguments)
        seconds = random.uniform(0.4, 1.0) * whole
        ended = process.wait(seconds) is not None
        process.kill()
        process.close()
        if ended:
            whole = 0.7 * seconds
        yield not ended


def duration(folder: Path, *arguments: str, status: int = 0) -> float:
    """Return how long a command takes when nobody kills it; this is how it should end."""
    process = command(folder, *arguments)
    started = time.monotonic()
    said = process.read(120)
    assert process.wait() == status, said
    process.close()
    return time.monotonic() - started


@pytest.fixture
def folder(founded: Founded) -> Path:
    """A data folder with some incidents in it."""
    for number in range(INCIDENTS):
        log_incident(founded.context(CASEWORKER), incident_draft(f"number {number}, at length. " * 200))
    return founded.runtime.data_folder


def test_killed_backups(founded: Founded, folder: Path) -> None:
    """Each file that has its name opens whole; what was begun is cleared away by the next one."""
    secret = MemberSecret(founded.players[COORDINATOR].recovery_seed)
    whole = duration(folder, "backup")
    killed = 0
    for hit in kill_often(whole, folder, "backup"):
        killed += hit
        for file in list_files(founded.runtime.backup_folder, BACKUP):
            assert open_bytes(secret, file.read_bytes()).startswith(b"manifest.json"), file
    assert killed
    time.sleep(1.1)
    make_backup(founded.runtime)
    left = [path.name for path in folder.rglob("*.unfinished")]
    assert left == []
    failures: list[Failure] = []
    verify_live(founded.context(), lambda _total: None, failures.append, lambda _count: None)
    assert failures == []


def test_killed_restores(founded: Founded, folder: Path, tmp_path: Path, bytecode_folder: Path) -> None:
    """The database is empty, or says that it is half restored; restoring again begins from nothing."""
    shares = split(founded.players[COORDINATOR].recovery_seed)[:2]
    (tmp_path / "shares").write_text("\n".join(shares))
    backup, elsewhere = make_backup(founded.runtime), tmp_path / "elsewhere"
    arguments = ("restore", str(backup), "--shares-file", str(tmp_path / "shares"))
    whole, killed = duration(elsewhere, *arguments, status=1), 0
    for hit in kill_often(whole, elsewhere, *arguments):
        killed += hit
        assert state_of(elsewhere, bytecode_folder) in ("empty", "half restored")
    assert killed
    app = build_closed_app(elsewhere, bytecode_folder)
    with app.app_context():
        runtime: Runtime = app.extensions["casework"]
        entered = Entered()
        for words in shares:
            entered = entered.add(words)
        ledger = list_files(backup.parent, LEDGER)[0]
        restored = restore(
            runtime, backup, ledger, entered, lambda _total: None, lambda _count: None, lambda _doubt: False
        )
        recovering.open_with(entered.open(recovering.find_recovery_key()))
        restoring.finish(runtime)
        assert restored.made_at
        assert holds_organization()
    close(app)


def state_of(folder: Path, bytecode_folder: Path) -> str:
    """Say what stands in a database after a kill."""
    app = build_closed_app(folder, bytecode_folder)
    with app.app_context():
        state = "half restored" if is_half_restored() else "whole" if holds_organization() else "empty"
    close(app)
    return state
