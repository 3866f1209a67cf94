"""The host key: made once, with the database, and never again."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from flask import Flask

from casework.errors import ConfigError
from casework.services.instance import load_form_key, load_host_key
from tests.support.application import build_app, close


@pytest.fixture
def database() -> str:
    """The key lies in files: one database is enough."""
    return "sqlite"


@pytest.fixture
def halves(app: Flask, tmp_path: Path) -> tuple[Path, Path]:
    """The files of an instance whose database has an organization."""
    return tmp_path / "instance" / "host.key", tmp_path / "instance" / "host.part"


def test_both_halves_open_the_database_that_they_were_made_with(halves: tuple[Path, Path]) -> None:
    """They are read as often as casework starts, and only their owner can read them."""
    assert load_host_key(*halves).check == load_host_key(*halves).check
    assert [path.stat().st_mode & 0o777 for path in halves] == [0o600, 0o600]


@pytest.mark.parametrize("half", [0, 1])
def test_a_database_without_its_host_key_refuses_to_start(halves: tuple[Path, Path], half: int) -> None:
    """A half that is gone is never made anew: nothing would open, and nobody would know why."""
    halves[half].unlink()
    with pytest.raises(ConfigError, match="HOST_KEY_FILE"):
        load_host_key(*halves)
    assert not halves[half].exists()


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("content", [bytes(32), bytes(31), b""])
def test_another_host_key_is_refused(halves: tuple[Path, Path], half: int, content: bytes) -> None:
    """Of another database, or cut short: the error names the setting and shows nothing of the key."""
    halves[half].write_bytes(content)
    with pytest.raises(ConfigError, match="HOST_KEY_FILE"):
        load_host_key(*halves)


def test_the_form_key_stays(tmp_path: Path) -> None:
    """Tokens of open forms outlive a restart."""
    assert load_form_key(tmp_path / "form.key") == load_form_key(tmp_path / "form.key")


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_host_key_that_others_can_open_is_refused(halves: tuple[Path, Path], half: int, mode: int) -> None:
    """Before anything is derived from it."""
    halves[half].chmod(mode)
    with pytest.raises(ConfigError, match="HOST_KEY_FILE: others can open"):
        load_host_key(*halves)


@pytest.mark.parametrize(("mode", "taken"), [(0o440, True), (0o400, True), (0o444, False)])
def test_a_credential_of_systemd_may_be_open_to_its_group(
    halves: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: int, taken: bool
) -> None:
    """It lies in a folder that only the service enters; to everybody else it stays closed."""
    credential = halves[0].rename(tmp_path / "casework-host-key")
    credential.chmod(mode)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "other"))
    with pytest.raises(ConfigError, match="HOST_KEY_FILE") if mode & 0o077 else nullcontext():
        load_host_key(credential, halves[1])
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with nullcontext() if taken else pytest.raises(ConfigError, match="HOST_KEY_FILE"):
        load_host_key(credential, halves[1])


@pytest.mark.parametrize(
    "url",
    ["postgresql+psycopg://casework:secret@/casework?host=/nonexistent", "sqlite:////nonexistent/a.sqlite"],
)
def test_a_database_out_of_reach_is_not_taken_for_a_new_one(
    tmp_path: Path, bytecode_folder: Path, url: str
) -> None:
    """No host key is made: casework stops, names the setting or the file, and shows no password."""
    with pytest.raises(ConfigError, match=r"DATABASE_URL|/nonexistent/a\.sqlite") as refused:
        build_app(tmp_path / "new", bytecode_folder, DATABASE_URL=url)
    assert "secret" not in str(refused.value)
    assert not list((tmp_path / "new").glob("host.*"))


def test_a_new_postgres_gets_its_key(tmp_path: Path, bytecode_folder: Path, fresh_postgres_url: str) -> None:
    """No table is there yet."""
    close(build_app(tmp_path / "new", bytecode_folder, DATABASE_URL=fresh_postgres_url))
    assert len(list((tmp_path / "new").glob("host.*"))) == 2
