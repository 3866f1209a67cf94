"""`doctor` at the terminal: nobody signs in, and the status says whether something is wrong."""

import json
import shutil
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from click.testing import Result

from casework.services.backups.making import make_backup
from casework.services.doctor import network, system
from casework.services.doctor.facts import Dumps
from casework.store.audit import AuditEntry
from casework.store.database import db
from tests.support.application import Founded
from tests.support.doctor import close_to_others


@pytest.fixture(autouse=True)
def well(founded: Founded) -> Iterator[None]:
    """A machine on which nothing is wrong."""
    close_to_others(founded)
    with (
        patch.object(system, "read_dumps", return_value=Dumps(0, False)),
        patch.object(system, "read_swap", return_value=None),
        patch.object(system, "read_memory", return_value=None),
        patch.object(shutil, "disk_usage") as disk,
        patch.object(network, "ask_server", return_value=True),
    ):
        disk.return_value.free = 10**12
        yield


def run(founded: Founded, *options: str) -> Result:
    """Run it."""
    return founded.app.test_cli_runner().invoke(args=["doctor", *options])


def test_without_a_backup_something_is_wrong(founded: Founded) -> None:
    """Status 1, the sentence, and what to do."""
    said = run(founded)
    assert said.exit_code == 1
    assert "WRONG      Last backup: There is no backup in the folder." in said.output
    assert "Make one now" in said.output


def test_what_deserves_a_look_is_not_wrong(founded: Founded) -> None:
    """Warnings and what cannot be known end with 0; where the host key lies is told here."""
    make_backup(founded.runtime)
    close_to_others(founded)
    said = run(founded)
    assert (said.exit_code, "WRONG" in said.output) == (0, False), said.output
    assert "fine       Last backup: The newest backup is of 20" in said.output
    assert "fine       Room for data: 1000.0 GB are free" in said.output
    assert str(founded.runtime.data_folder / "host.key") in said.output


def test_a_file_that_others_may_read_is_named(founded: Founded) -> None:
    """With its path."""
    make_backup(founded.runtime)
    close_to_others(founded)
    exposed = founded.runtime.data_folder / "casework.sqlite"
    exposed.chmod(0o644)
    said = run(founded)
    assert said.exit_code == 1
    assert str(exposed) in said.output


def test_for_machines(founded: Founded) -> None:
    """One JSON object: every check with its state."""
    said = run(founded, "--json")
    told = json.loads(said.output)
    assert (said.exit_code, told["state"]) == (1, "wrong")
    states = {check["check"]: check["state"] for check in told["checks"]}
    assert states["backup"] == "wrong" and states["schema"] == "fine" and states["drill"] == "unknown"


def test_it_changes_nothing(founded: Founded) -> None:
    """No entry in the log, no file."""
    before = db.session.query(AuditEntry).count()
    files = {
        file for file in founded.runtime.data_folder.rglob("*") if not file.name.endswith(("-wal", "-shm"))
    }
    run(founded)
    assert db.session.query(AuditEntry).count() == before
    after = {
        file for file in founded.runtime.data_folder.rglob("*") if not file.name.endswith(("-wal", "-shm"))
    }
    assert after == files
