"""`flask --app run import-incidents`: what a coordinator at a terminal is told, and what is stored then."""

import os
from pathlib import Path

import pytest
from click.testing import Result

from casework.services.lists import Filter, list_incidents
from tests.support.application import CASEWORKER, COORDINATOR, PENDING, Founded

MAPPING = """
source = "a list"
key = "row"
[date]
precision = "year"
year = "year"
[fields]
contact_type = "traffic_stop"
police_service = "spvm"
[identity]
name = "name"
"""
ROWS = "row,year,name\n1,2024,Ana\n2,2025,Bo\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the command takes."""
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "mapping.toml").write_text(MAPPING)
    return tmp_path


def run(founded: Founded, folder: Path, *options: str, login: str = COORDINATOR, words: str = "") -> Result:
    """Run the command as this member."""
    (folder / "words").write_text((words or founded.players[login].passphrase) + "\n")
    names = ["import-incidents", str(folder / "rows.csv"), "--mapping", str(folder / "mapping.toml")]
    signing = ["--login", login, "--passphrase-file", str(folder / "words")]
    return founded.app.test_cli_runner().invoke(args=[*names, *signing, *options])


def count(founded: Founded) -> int:
    """Count the incidents that are in."""
    return list_incidents(founded.context(COORDINATOR), Filter(mine=False)).total


def test_a_dry_run_stores_nothing(founded: Founded, folder: Path) -> None:
    """It says what a run would do."""
    result = run(founded, folder, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "2 would be imported, 0 in already, 0 refused." in result.output
    assert count(founded) == 0


def test_a_file_is_imported_once(founded: Founded, folder: Path) -> None:
    """However often it is run; without consent it says that the rows count in no table."""
    first, again = run(founded, folder), run(founded, folder)
    assert "2 imported, 0 in already, 0 refused." in first.output
    assert "no consent to statistics" in first.output
    assert "0 imported, 2 in already, 0 refused." in again.output
    assert count(founded) == 2


def test_refused_rows_are_reported(founded: Founded, folder: Path) -> None:
    """The others are stored; the command ends with 1, and a file lists each refused row."""
    (folder / "rows.csv").write_text(f"{ROWS}3,soon,Cleo\n")
    result = run(founded, folder, "--report", str(folder / "report.txt"))
    assert result.exit_code == 1
    assert "2 imported, 0 in already, 1 refused." in result.output
    assert (folder / "report.txt").read_text().startswith("row 3: year: ")
    assert count(founded) == 2


@pytest.mark.parametrize("there", [True, False])
def test_the_report_is_for_its_account_alone(founded: Founded, folder: Path, there: bool) -> None:
    """It quotes the file; what lay there before, and whatever the umask, makes no difference after."""
    (folder / "rows.csv").write_text(f"{ROWS}3,soon,Cleo\n")
    report, before = folder / "report.txt", os.umask(0o022)
    try:
        if there:
            report.write_text("older")
        run(founded, folder, "--report", str(report))
        assert report.stat().st_mode & 0o777 == 0o600
        assert "soon" in report.read_text()
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_a_report_that_cannot_be_written_says_so(founded: Founded, folder: Path) -> None:
    """After the counts, and without a traceback."""
    result = run(founded, folder, "--report", str(folder / "nowhere" / "report.txt"))
    assert result.exit_code == 2
    assert "2 imported" in result.output
    assert "The report was not written" in result.output


def test_a_file_that_breaks_in_the_middle_stores_nothing(founded: Founded, folder: Path) -> None:
    """The rows before the fault are not stored either: nobody knows what they are."""
    (folder / "rows.csv").write_text(f'{ROWS}3,"20"25,Cleo\n')
    result = run(founded, folder)
    assert result.exit_code == 2
    assert "file: Line 4 is not CSV" in result.output
    assert count(founded) == 0


@pytest.mark.parametrize(
    ("login", "words"),
    [("nobody", "some words"), (COORDINATOR, "other words"), (PENDING, ""), (CASEWORKER, "")],
    ids=["unknown", "wrong passphrase", "not admitted", "not a coordinator"],
)
def test_who_may_not_import_starts_nothing(founded: Founded, folder: Path, login: str, words: str) -> None:
    """It ends without a row stored, and without a traceback."""
    result = run(founded, folder, login=login, words=words)
    assert result.exit_code == 2, result.output
    assert count(founded) == 0


def test_a_wrong_mapping_starts_nothing(founded: Founded, folder: Path) -> None:
    """The entry is named, and nobody is asked for a passphrase for it."""
    (folder / "mapping.toml").write_text(MAPPING.replace("spvm", "polizei"))
    result = run(founded, folder)
    assert result.exit_code == 2
    assert "fields.police_service" in result.output
