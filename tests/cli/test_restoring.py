"""`restore` at the terminal: the ledger's date, the questions of a new beginning, and what it refuses."""

from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from casework.cli import recover
from casework.domain.quorum import USUAL
from casework.services.backups.folder import LEDGER, list_files
from casework.services.backups.ledger import write_ledger
from casework.services.backups.making import make_backup
from casework.services.bin import bin_case
from casework.services.cases import get_case
from casework.services.erasing import erase_case, erase_some
from casework.services.incidents import log_incident
from casework.services.lists import Filter, list_cases
from casework.services.recovery import renewals
from casework.store.cases import Case, find_record
from casework.store.database import db
from casework.store.erasures import Erasure
from casework.store.organization import find_organization
from casework.store.restoration import is_half_restored
from casework.vault.recovery import split
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.records import incident_draft
from tests.support.times import later

WORDS = "one two three four five"
ANSWERS = f"1\ncora again\n{WORDS}\ny\n"


@pytest.fixture
def backup(founded: Founded, tmp_path: Path) -> Path:
    """A backup, with its ledger and a file of shares beside it."""
    log_incident(founded.context(CASEWORKER), incident_draft())
    (tmp_path / "shares").write_text("\n".join(split(founded.players[COORDINATOR].recovery_seed)[:2]))
    return make_backup(founded.runtime)


def restore(app: Flask, backup: Path, folder: Path, *options: str, answers: str = ANSWERS) -> Result:
    """Run the command over an empty data folder."""
    command = ["restore", str(backup), "--shares-file", str(folder / "shares"), *options]
    with app.app_context():  # else the command would find that of the organization
        return app.test_cli_runner().invoke(args=command, input=answers)


@pytest.fixture(autouse=True)
def _known_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Propose words that the test can type back."""
    monkeypatch.setattr(recover, "generate", lambda _language: WORDS)


def test_a_dead_machine_comes_back(empty_app: Flask, backup: Path, tmp_path: Path) -> None:
    """The dates of both files are said, and who begins anew is asked."""
    result = restore(empty_app, backup, tmp_path)
    assert result.exit_code == 0, result.output
    assert "The backup is of 20" in result.output
    assert "The ledger is of 20" in result.output
    assert "Releases approved after that are not in it" in result.output
    assert "Done." in result.output
    with empty_app.app_context():
        assert find_organization() is not None
        assert not is_half_restored()


def test_without_a_ledger_it_has_to_be_said(empty_app: Flask, backup: Path, tmp_path: Path) -> None:
    """Nobody restores without one by mistake."""
    for file in list_files(backup.parent, LEDGER):
        file.unlink()
    result = restore(empty_app, backup, tmp_path)
    assert result.exit_code == 2
    assert "--without-ledger" in result.output
    result = restore(empty_app, backup, tmp_path, "--without-ledger")
    assert result.exit_code == 0, result.output
    assert "Without a ledger" in result.output


def test_who_stops_in_the_middle(empty_app: Flask, backup: Path, tmp_path: Path) -> None:
    """The database says that it is half restored, and restoring again begins from the start."""
    result = restore(empty_app, backup, tmp_path, answers="1\n")
    assert result.exit_code != 0
    with empty_app.app_context():
        assert is_half_restored()
    result = restore(empty_app, backup, tmp_path)
    assert result.exit_code == 0, result.output


def test_a_damaged_file(empty_app: Flask, backup: Path, tmp_path: Path) -> None:
    """One sentence, and nothing in the database."""
    backup.write_bytes(backup.read_bytes()[:-10])
    result = restore(empty_app, backup, tmp_path)
    assert result.exit_code == 2
    assert "damaged" in result.output
    with empty_app.app_context():
        assert find_organization() is None


def erase(founded: Founded) -> UUID:
    """Erase the one case that there is, as a coordinator does."""
    context = founded.context(COORDINATOR)
    [line] = list_cases(context, Filter(mine=False)).lines
    bin_case(context, line.id, get_case(context, line.id).version)
    erase_case(founded.context(COORDINATOR), line.id)
    return line.id


def test_what_a_coordinator_erased_is_erased_again_unasked(
    empty_app: Flask, founded: Founded, backup: Path, tmp_path: Path
) -> None:
    """The usual way: the ledger proves it, and says how many."""
    case_id = erase(founded)
    result = restore(empty_app, backup, tmp_path)
    assert result.exit_code == 0, result.output
    assert "1 case erased again" in result.output
    with empty_app.app_context():
        assert find_record(Case, case_id) is None


def plant(founded: Founded) -> Case:
    """Put up a tombstone for a live case, as who writes to the database can, and let the ledger have it."""
    case = db.session.scalars(select(Case)).one()
    db.session.add(
        Erasure(
            case_id=case.id,
            version=1,
            generation=1,
            erased_at=founded.runtime.now().replace(microsecond=0),
            receipt_sealed=b"?",
            receipt_version=1,
        )
    )
    db.session.commit()
    write_ledger(founded.runtime)
    return case


@pytest.mark.parametrize(("answer", "stays"), [("", True), ("n", True), ("y", False)])
def test_what_nobody_signed_is_named_and_asked_about(
    empty_app: Flask, founded: Founded, backup: Path, tmp_path: Path, answer: str, stays: bool
) -> None:
    """By its reference; who only presses Enter keeps the case."""
    case = plant(founded)
    [line] = list_cases(founded.context(COORDINATOR), Filter(mine=False)).lines
    result = restore(empty_app, backup, tmp_path, answers=f"{answer}\n{ANSWERS}")
    assert result.exit_code == 0, result.output
    assert f"{line.facts.reference}  ({case.id})" in result.output
    assert ("0 cases" if stays else "1 case") + " erased again" in result.output
    with empty_app.app_context():
        assert (find_record(Case, line.id) is not None) == stays


@pytest.mark.parametrize(("answer", "stays"), [("", False), ("n", True)])
def test_what_the_bin_erased_under_a_caseworker_is_asked_about(
    empty_app: Flask, founded: Founded, backup: Path, tmp_path: Path, answer: str, stays: bool
) -> None:
    """They may not erase, so their keys alone prove no more; who only presses Enter erases it again."""
    context = founded.context(CASEWORKER)
    [line] = list_cases(context, Filter(mine=False)).lines
    bin_case(context, line.id, get_case(context, line.id).version)
    assert erase_some(later(founded.context(CASEWORKER), 31))
    result = restore(empty_app, backup, tmp_path, answers=f"{answer}\n{ANSWERS}")
    assert result.exit_code == 0, result.output
    assert "in a caseworker’s session" in result.output
    with empty_app.app_context():
        assert (find_record(Case, line.id) is not None) == stays


def _refused(app: Flask, *command: str) -> str:
    """Run `restore` with no terminal to ask at: whatever it refuses, it refuses before it asks."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["restore", *command], input="")
    assert result.exit_code == 2, result.output
    assert "Words of" not in result.output
    with app.app_context():
        assert find_organization() is None or not is_half_restored()
    return result.output


def test_what_cannot_be_right_is_said_before_a_share_is_asked_for(
    app: Flask, empty_app: Flask, backup: Path, tmp_path: Path
) -> None:
    """No file, files that are none or the wrong way round, and a folder that is not empty."""
    ledger = list_files(backup.parent, LEDGER)[0]
    (tmp_path / "notes.age").write_text("none of ours")
    assert "make restore ARGS=" in _refused(empty_app)
    assert "neither a backup nor a ledger" in _refused(
        empty_app, str(tmp_path / "notes.age"), "--without-ledger"
    )
    assert "This is a ledger." in _refused(empty_app, str(ledger), "--ledger", str(ledger))
    assert "is a backup" in _refused(empty_app, str(backup), "--ledger", str(backup))
    assert "an organisation in this database" in _refused(app, str(backup))


def test_a_ledger_and_none_is_a_contradiction(empty_app: Flask, backup: Path) -> None:
    """Neither of the two is preferred."""
    ledger = list_files(backup.parent, LEDGER)[0]
    said = _refused(empty_app, str(backup), "--ledger", str(ledger), "--without-ledger")
    assert "Say one of the two" in said


def test_who_stops_is_told_what_was_changed(empty_app: Flask, backup: Path, tmp_path: Path) -> None:
    """Before the first share nothing was; once the rows are in, only restoring again goes on."""
    with empty_app.app_context():
        early = empty_app.test_cli_runner().invoke(args=["restore", str(backup)], input="")
    assert (early.exit_code, "Nothing was changed." in early.output) == (1, True)
    late = restore(empty_app, backup, tmp_path, answers="1\n")
    assert (late.exit_code, "Stopped half way." in late.output) == (1, True)
    assert "Aborted" not in early.output + late.output


def test_a_login_name_that_signing_in_refuses_is_asked_for_again(
    empty_app: Flask, backup: Path, tmp_path: Path
) -> None:
    """One rule for login names everywhere."""
    answers = f"1\n{'x' * 300}\ncora again\n{WORDS}\ny\n"
    result = restore(empty_app, backup, tmp_path, answers=answers)
    assert result.exit_code == 0, result.output
    assert "room for 80 characters" in result.output


def test_the_ledger_of_newer_shares_asks_for_those(
    empty_app: Flask, founded: Founded, backup: Path, tmp_path: Path
) -> None:
    """After those of the backup, with the reason; from a file or typed."""
    context = founded.context()
    cookie = renewals.begin_renewal(context, "", USUAL)
    newer = renewals.get_sharing(context, cookie).shares
    for share in newer:
        renewals.confirm_share(context, cookie, share)
    renewals.finish_renewal(context, cookie)
    result = restore(empty_app, backup, tmp_path, answers="\n".join(newer[:2]) + "\n" + ANSWERS)
    assert result.exit_code == 0, result.output
    assert "First the shares that were in force when the backup was made." in result.output
    assert "New shares were drawn since: the ledger opens with the newer sheets." in result.output
    assert "The older shares, those of the backup, are in force again" in result.output
