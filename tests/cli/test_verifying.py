"""`verify` at the terminal: a bar, a line for each that is hurt, and the exit status."""

from pathlib import Path

from click.testing import Result

from casework.services.incidents import log_incident
from casework.store.cases import Incident
from casework.store.database import db
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


def test_who_may_not(founded: Founded, tmp_path: Path) -> None:
    """A caseworker is told so."""
    result = verify(founded, tmp_path, login=CASEWORKER)
    assert result.exit_code == 2
    assert "Only a coordinator may verify." in result.output
