"""`verify-release`: alone of what a file says itself, signed in of what was released."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from casework.cli import make_bare
from casework.cli.authenticity import printable
from casework.reports.publication.archive import SUMS, write_archive
from casework.services.releases.claims import unpack
from casework.services.releases.downloads import list_downloads
from casework.services.releases.reading import read_release
from tests.services.releases.test_claims import draw
from tests.services.releases.written import log, release
from tests.support.application import ADVOCATE, CASEWORKER, Founded
from tests.support.published import publish


def verify(path: Path, data: bytes) -> Result:
    """Verify a file without a database."""
    path.write_bytes(data)
    bare = make_bare(["flask", "verify-release", str(path)])
    assert bare is not None
    return bare.test_cli_runner().invoke(args=["verify-release", str(path)])


def test_what_fits_its_checksum_says_which_one_it_has_to_be(tmp_path: Path) -> None:
    result = verify(tmp_path / "release-7.json", draw("release-7.json"))
    assert result.exit_code == 0
    assert publish().checksum in result.output
    assert "Release 7 of Traverse & Collectif." in result.output


def test_an_archive_is_not_vouched_for_by_the_list_in_it(tmp_path: Path) -> None:
    """A document that was changed, and the list with it: its numbers fit, and of the rest nobody knows."""
    held = unpack(draw("release-7.zip"))
    name = "release-7-fr-police_service.csv"
    files = {one: data for one, data in held.items() if one != SUMS}
    forged = write_archive(files | {name: files[name].replace(b"17364", b"17365")}, date(2026, 2, 1))
    assert unpack(forged)[name] != held[name] and unpack(forged)[SUMS] != held[SUMS]
    result = verify(tmp_path / "release-7.zip", forged)
    assert result.exit_code == 2
    assert publish().checksum in result.output
    assert f"Of the other {len(held) - 2} files only --ledger can tell" in result.output
    told = verify(tmp_path / "release-7.zip", draw("release-7.zip"))
    assert (told.exit_code, told.output) == (result.exit_code, result.output)


def test_a_terminal_obeys_no_stranger() -> None:
    assert printable("X.\n\x1b[2KAuthentic: é") == "X.��[2KAuthentic: é"


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    result = verify(tmp_path / "release-7.json", draw("release-7.json").replace(b"9241", b"9242"))
    assert result.exit_code == 1
    assert "Changed: this is not release 7 as it left." in result.output


@pytest.mark.parametrize("name", ["release-7-fr.xlsx", "release-7-fr-police_service.csv"])
def test_of_other_files_it_says_where_to_ask(tmp_path: Path, name: str) -> None:
    result = verify(tmp_path / name, draw(name))
    assert result.exit_code == 2
    assert "of release 7." in result.output
    assert "--ledger" in result.output


def test_text_of_a_pdf_is_not_taken_for_a_checksum(tmp_path: Path) -> None:
    result = verify(tmp_path / "release-7-fr.pdf", b"%PDF-1.7 <" + b"feff0050" * 8 + b">")
    assert result.exit_code == 2
    assert "of release 7." in result.output
    assert "states" not in result.output


def test_with_the_ledger_any_file_is_compared(founded: Founded, tmp_path: Path) -> None:
    log(founded, spvm=12, sq=12)
    published = read_release(founded.context(), release(founded))
    sheet = next(file for file in list_downloads(published) if file.name == "release-1-fr.xlsx")
    path, words = tmp_path / sheet.name, tmp_path / "words"
    path.write_bytes(sheet.draw())
    assert make_bare(["flask", "verify-release", str(path), "--ledger"]) is None

    def ask(login: str) -> Result:
        words.write_text(founded.players[login].passphrase + "\n")
        signing = ["--ledger", "--login", login, "--passphrase-file", str(words)]
        return founded.app.test_cli_runner().invoke(args=["verify-release", str(path), *signing])

    assert ask(CASEWORKER).exit_code == 2
    said = ask(ADVOCATE)
    assert (said.exit_code, said.output.strip()) == (
        0,
        "Authentic: release-1-fr.xlsx of release 1, byte for byte.",
    )
    path.write_bytes(sheet.draw() + b" ")
    said = ask(ADVOCATE)
    assert said.exit_code == 1
    assert said.output.startswith("Changed")
