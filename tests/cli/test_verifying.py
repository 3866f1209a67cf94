"""`verify` at the terminal: a bar, a line for each that is hurt, and the exit status."""

from datetime import UTC, datetime
from pathlib import Path

from click.testing import Result
from flask import Flask

from casework.services.backups.making import make_backup
from casework.services.incidents import log_incident
from casework.services.verifying.watched import find_check
from casework.store.cases import Incident
from casework.store.database import db
from casework.store.restoration import doubt_ledger
from casework.vault.recovery import split
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.records import incident_draft


def verify(founded: Founded, folder: Path, login: str = COORDINATOR) -> Result:
    """Run the command as this member."""
    (folder / "words").write_text(founded.players[login].passphrase + "\n")
    signing = ["--login", login, "--passphrase-file", str(folder / "words")]
    return founded.app.test_cli_runner().invoke(args=["verify", *signing])


def test_a_sound_database(founded: Founded, tmp_path: Path) -> None:
    """Nothing is named, and the exit status is 0."""
    log_incident(founded.context(CASEWORKER), incident_draft())
    result = verify(founded, tmp_path)
    assert result.exit_code == 0, result.output
    assert " 0 hurt" in result.output
    found = find_check(founded.context(COORDINATOR))
    assert found and found.is_finished and found.hurt == 0 and found.opened > 0


def test_after_a_restore_releases_may_be_missing(founded: Founded, tmp_path: Path) -> None:
    """That is no fault of a record: it is said beside what was found."""
    doubt_ledger(datetime(2026, 11, 3, 12, tzinfo=UTC))
    db.session.commit()
    result = verify(founded, tmp_path)
    assert result.exit_code == 0, result.output
    assert "A backup of 2026-11-03 was restored: releases after number 0 may be missing" in result.output


def test_a_hurt_record(founded: Founded, tmp_path: Path) -> None:
    """It is named by table and id, without a word of it, and the exit status is 1."""
    logged = log_incident(founded.context(CASEWORKER), incident_draft())
    row = db.session.get_one(Incident, logged.incident_id)
    row.narrative_sealed = row.narrative_sealed[:-1]
    db.session.commit()
    result = verify(founded, tmp_path)
    assert result.exit_code == 1, result.output
    assert f"incident.narrative_sealed {logged.incident_id}" in result.output
    assert " 1 hurt" in result.output
    found = find_check(founded.context(COORDINATOR))
    assert found and found.hurt == 1 and str(logged.incident_id) in found.failures[0]


def test_who_may_not(founded: Founded, tmp_path: Path) -> None:
    """A caseworker is told so."""
    result = verify(founded, tmp_path, login=CASEWORKER)
    assert result.exit_code == 2
    assert "Only a coordinator may verify." in result.output


def test_a_backup(founded: Founded, tmp_path: Path) -> None:
    """With shares from a file; the wrong ones are told from a damaged file."""
    backup = make_backup(founded.runtime)
    shares = split(founded.players[COORDINATOR].recovery_seed)[:2]
    (tmp_path / "shares").write_text("\n".join(shares) + "\n")
    command = ["verify", str(backup), "--shares-file", str(tmp_path / "shares")]
    result = founded.app.test_cli_runner().invoke(args=command)
    assert result.exit_code == 0, result.output
    assert " 0 hurt" in result.output
    assert shares[0] not in result.output
    (tmp_path / "shares").write_text("\n".join(split(bytes(32))[:2]))
    result = founded.app.test_cli_runner().invoke(args=command)
    assert result.exit_code == 2
    assert "other shares" in result.output


def test_shares_are_asked_for(founded: Founded) -> None:
    """One after the other, until there are enough."""
    backup = make_backup(founded.runtime)
    shares = split(founded.players[COORDINATOR].recovery_seed)
    typed = "\n".join([shares[0], shares[0], shares[2]]) + "\n"
    result = founded.app.test_cli_runner().invoke(args=["verify", str(backup)], input=typed)
    assert result.exit_code == 0, result.output
    assert "entered already" in result.output


def test_before_first_run_nobody_is_asked_who_they_are(empty_app: Flask) -> None:
    """It says what is not there yet."""
    result = empty_app.test_cli_runner().invoke(args=["verify"])
    assert result.exit_code == 2
    assert "No organisation has been founded here" in result.output and "Login" not in result.output
