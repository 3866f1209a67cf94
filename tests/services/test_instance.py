"""The host key: made once, with the database, and never again."""

from pathlib import Path

import pytest
from flask import Flask

from casework.errors import ConfigError
from casework.services.instance import load_form_key, load_host_key


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
