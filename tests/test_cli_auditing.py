"""`flask --app run verify-audit`: what a coordinator at a terminal is told."""

from pathlib import Path

import pytest
from click.testing import Result

from casework.services.auditing.watched import find_log_check
from casework.store.database import db
from tests.support import tampering
from tests.support.application import ADVOCATE, COORDINATOR, Founded
from tests.support.audit import links


@pytest.fixture
def words(tmp_path: Path, founded: Founded) -> Path:
    """A file with each player's passphrase, by login."""
    for player in founded.players.values():
        (tmp_path / player.login).write_text(player.passphrase + "\n")
    return tmp_path


def run(founded: Founded, words: Path, *options: str, login: str = COORDINATOR) -> Result:
    """Run the command as this member."""
    signing = ["--login", login, "--passphrase-file", str(words / login)]
    return founded.app.test_cli_runner().invoke(args=["verify-audit", *signing, *options])


def test_a_whole_log_is_said_to_be(founded: Founded, words: Path) -> None:
    """Up to where it was checked, up to where a member vouches, and what to note for later."""
    result = run(founded, words)
    assert result.exit_code == 0, result.output
    last = links()[-2]
    assert "Faults found: 0." in result.output
    kept = find_log_check(founded.context(COORDINATOR))
    assert kept and kept.is_finished and (kept.last, kept.wrong) == (last.sequence, 0)
    assert f"vouches for everything up to entry {last.sequence}." in result.output
    note = f"--anchor {last.sequence}:{last.hash.hex()}"
    assert note in result.output
    assert run(founded, words, *note.split()).exit_code == 0


def test_what_is_wrong_is_named(founded: Founded, words: Path) -> None:
    """With its table, its id and the entry; the command fails."""
    table = db.metadata.tables["pattern"]
    row = tampering.find_row(table)
    tampering.delete_raw(table, row)
    result = run(founded, words)
    assert result.exit_code == 1
    assert f"Row {row['id']} of table “pattern” is gone." in result.output
    kept = find_log_check(founded.context(COORDINATOR))
    assert kept and kept.wrong == 1


def test_an_anchor_that_is_not_met_is_a_fault(founded: Founded, words: Path) -> None:
    """Another hash than noted, or an entry beyond the end."""
    assert (
        "is another than the one that was noted" in run(founded, words, "--anchor", f"3:{'ab' * 32}").output
    )
    assert "were cut off" in run(founded, words, "--anchor", f"3000:{'ab' * 32}").output


@pytest.mark.parametrize("typed", ["", "3", "x:ab", "3:ab", f"0:{'ab' * 32}"])
def test_a_mistyped_anchor_is_explained(founded: Founded, words: Path, typed: str) -> None:
    """Before anybody is asked for a passphrase."""
    result = run(founded, words, "--anchor", typed)
    assert result.exit_code == 2 and "64 hex digits" in result.output


def test_others_are_told_why_not(founded: Founded, words: Path) -> None:
    """Only coordinators hold the key."""
    result = run(founded, words, login=ADVOCATE)
    assert result.exit_code == 2 and "Only a coordinator" in result.output
