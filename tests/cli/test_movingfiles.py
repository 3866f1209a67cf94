"""`move-attachments` at the terminal: by one who runs the server, with nobody's keys."""

from pathlib import Path

import pytest
from flask import Flask

from casework.services.attachments.adding import add_attachment
from casework.services.incidents import log_incident
from tests.support.application import CASEWORKER, Founded, build_app, close
from tests.support.bucket import Bucket
from tests.support.files import recording
from tests.support.records import incident_draft


@pytest.fixture
def settings(tmp_path: Path, bucket: Bucket) -> dict[str, object]:
    """What the settings say once files are to lie in the bucket."""
    return bucket.settings(tmp_path / "instance")


def run(app: Flask, *words: str) -> tuple[int, str]:
    """Run the command; returns how it ended and what it said."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["move-attachments", *words])
    return result.exit_code, result.output


def test_a_changed_setting_and_one_command(
    founded: Founded, tmp_path: Path, bytecode_folder: Path, bucket: Bucket, settings: dict[str, object]
) -> None:
    """There, and back with the address as it was; where nothing can be done it says so and ends with 2."""
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    add_attachment(founded.context(CASEWORKER), case_id, "call.mp3", "", [recording()])
    assert run(founded.app, "--from", "folder")[0] == 2
    changed = build_app(tmp_path / "instance", bytecode_folder, **settings)
    stray = tmp_path / "instance" / "attachments" / "00" / f"{'0' * 32}.original"
    stray.parent.mkdir()
    stray.write_bytes(b"of no record")
    code, said = run(changed, "--from", "folder")
    assert (code, "1 file was moved.\nLeft where it lay" in said) == (0, True)
    stray.unlink()
    assert len(bucket.list_files()) == 2
    code, said = run(changed, "--from", "s3://bucket?secret=word")
    assert (code, "knows no option secret" in said) == (2, True)
    key_file = str(settings["ATTACHMENTS_KEY_FILE"])
    assert run(founded.app, "--from", bucket.url)[0] == 2  # no key where the settings would have it
    moved = run(founded.app, "--from", bucket.url, "--key-file", key_file)
    assert moved == (0, "Files\n1 file was moved.\n")
    assert len(bucket.list_files()) == 1
    close(changed)


def test_a_database_without_tables(
    tmp_path: Path, bytecode_folder: Path, settings: dict[str, object]
) -> None:
    """Named by mistake, it is no reason for a traceback: nothing is moved, and the exit status is 2."""
    app = build_app(tmp_path / "instance", bytecode_folder, **settings)
    code, said = run(app, "--from", "folder")
    assert code == 2, said
    assert "This database cannot be read, or is not casework's" in said
    close(app)
