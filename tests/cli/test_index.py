"""`index rebuild` and `index verify` at the terminal."""

from pathlib import Path

from click.testing import Result

from casework.store.cases import Incident
from casework.store.database import db
from tests.support.application import ADVOCATE, CASEWORKER, Founded
from tests.support.counted import log_many


def run(founded: Founded, folder: Path, command: str, login: str = ADVOCATE) -> Result:
    """Run a command as this member."""
    (folder / "words").write_text(founded.players[login].passphrase + "\n")
    signing = ["--login", login, "--passphrase-file", str(folder / "words")]
    return founded.app.test_cli_runner().invoke(args=["index", command, *signing])


def test_it_is_made_and_verified(founded: Founded, tmp_path: Path) -> None:
    """Made by who reads coded answers; what is logged afterwards is said to be changed since."""
    log_many(founded.context(CASEWORKER), ["spvm", "sq"])
    made = run(founded, tmp_path, "rebuild")
    assert (made.exit_code, made.output) == (0, "2 cases are in the index.\n")
    log_many(founded.context(CASEWORKER), ["tps"])
    verified = run(founded, tmp_path, "verify")
    assert (verified.exit_code, verified.output) == (0, "2 cases in the index, 1 changed since.\n")


def test_what_differs_is_named(founded: Founded, tmp_path: Path) -> None:
    """By the id of its case; here a record was taken out of the database past casework."""
    one, other = log_many(founded.context(CASEWORKER), ["spvm", "sq"])
    run(founded, tmp_path, "rebuild")
    db.session.delete(db.session.get_one(Incident, one.incident_id))
    db.session.commit()
    verified = run(founded, tmp_path, "verify")
    assert verified.exit_code == 1
    assert f"differs from its records: case {one.case_id}" in verified.output
    assert str(other.case_id) not in verified.output


def test_a_hurt_record_is_said_so(founded: Founded, tmp_path: Path) -> None:
    """Nothing is indexed that does not open."""
    logged = log_many(founded.context(CASEWORKER), ["spvm"])[0]
    row = db.session.get_one(Incident, logged.incident_id)
    row.coded_sealed = row.coded_sealed[:-1]
    db.session.commit()
    made = run(founded, tmp_path, "rebuild")
    assert made.exit_code == 2
    assert "A record does not open" in made.output
