"""The copy of backups in another place, by the programs that people have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from casework.errors import BackupFailed
from casework.services.backups.elsewhere import copy_elsewhere, find_copy_failure
from casework.services.backups.folder import BACKUP, LEDGER, file_name, list_files
from casework.services.backups.making import make_backup
from casework.services.runtime import Runtime
from tests.support.application import COORDINATOR, Founded
from tests.support.programs import require

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def at(founded: Founded, moment: datetime) -> Runtime:
    """Return the runtime of that moment."""
    return replace(founded.runtime, now=lambda: moment)


@pytest.fixture(params=["rsync", "rclone"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A folder that is not there yet, as the program calls it."""
    program: str = request.param
    require(program)
    return f"{program}:{tmp_path}/far/away"


def names(folder: Path) -> set[str]:
    """Return what lies there."""
    return {path.name for path in folder.iterdir()}


def test_what_is_here_is_there(founded: Founded, place: str, tmp_path: Path) -> None:
    """Backups and ledgers with their content and times, and nothing else; a second time changes nothing."""
    make_backup(at(founded, NOON))
    for _ in range(2):
        copy_elsewhere(at(founded, NOON), place)
    here = [f for kind in (BACKUP, LEDGER) for f in list_files(founded.runtime.backup_folder, kind)]
    assert names(tmp_path / "far/away") == {file.name for file in here}
    for file in here:
        copy = tmp_path / "far/away" / file.name
        assert copy.read_bytes() == file.read_bytes()
        assert int(copy.stat().st_mtime) == int(file.stat().st_mtime)


def test_what_is_over_goes_there_too(founded: Founded, place: str, tmp_path: Path) -> None:
    """By its name; what is not over stays though it is here no more, and so does what is somebody else's."""
    far = tmp_path / "far/away"
    far.mkdir(parents=True)
    over, lasting = (file_name(BACKUP, NOON - days * DAY, 90) for days in (91, 89))
    for name in (over, lasting, "casework-notes.age", "theirs.txt"):
        (far / name).write_text("x")
    new = make_backup(at(founded, NOON))
    copy_elsewhere(at(founded, NOON), place)
    assert over not in names(far)
    assert {lasting, "casework-notes.age", "theirs.txt", new.name} <= names(far)


def test_a_failure_is_loud(founded: Founded, place: str, tmp_path: Path) -> None:
    """The coordinators' page says so until a copy is made; the backup stands."""
    (tmp_path / "far").write_text("no folder")
    made = make_backup(at(founded, NOON))
    with pytest.raises(BackupFailed, match="its copy in another place failed"):
        copy_elsewhere(at(founded, NOON), place)
    assert made.exists()
    page = founded.client(COORDINATOR).get("/backups").text
    assert "its copy in another place failed" in page
    (tmp_path / "far").unlink()
    copy_elsewhere(at(founded, NOON), place)
    assert find_copy_failure(founded.runtime) is None
    assert "its copy in another place failed" not in founded.client(COORDINATOR).get("/backups").text


def test_a_missing_program_is_a_failure(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """As is any other way in which nothing got there."""
    make_backup(at(founded, NOON))
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(BackupFailed):
        copy_elsewhere(at(founded, NOON), "rsync:/far")


@pytest.mark.parametrize("far", ["away", ""])
def test_the_command_copies(
    founded: Founded, tmp_path: Path, far: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the timer calls; it ends with 2 where the copy failed, after it said which backup there is."""
    require("rsync")
    target = tmp_path / far if far else Path("/proc/nowhere")
    runtime = replace(founded.runtime, backup_copy_to=f"rsync:{target}")
    monkeypatch.setitem(founded.app.extensions, "casework", runtime)
    runner: FlaskCliRunner = founded.app.test_cli_runner()
    ended = runner.invoke(args=["backup"])
    assert "casework-2" in ended.output
    assert ended.exit_code == (0 if far else 2)
