"""Starting with a host key that is missing, changed, moved or new."""

import shutil
from pathlib import Path

import pytest

from casework.errors import ConfigError
from casework.services.signing_in import authentication
from tests.support.application import CASEWORKER, Template, build_app, close

HALVES = ("host.key", "host.part")


@pytest.mark.parametrize("half", HALVES)
def test_a_missing_half_refuses_to_start(
    template: Template, tmp_path: Path, bytecode_folder: Path, half: str
) -> None:
    """The message names the setting; nothing is made in its place."""
    folder = tmp_path / "instance"
    with template.copy(folder) as settings:
        (folder / half).unlink()
        with pytest.raises(ConfigError, match=f"HOST_KEY_FILE: .*{half} is missing"):
            build_app(folder, bytecode_folder, **settings)
        assert not (folder / half).exists()


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("content", [b"k" * 32, b"", b"k" * 31, b"k" * 33])
def test_another_half_refuses_to_start(
    template: Template, tmp_path: Path, bytecode_folder: Path, half: str, content: bytes
) -> None:
    """A key of another instance, an emptied or a cut file: named, and left as it is."""
    folder = tmp_path / "instance"
    with template.copy(folder) as settings:
        (folder / half).write_bytes(content)
        with pytest.raises(ConfigError, match="HOST_KEY_FILE"):
            build_app(folder, bytecode_folder, **settings)
        assert (folder / half).read_bytes() == content


def test_swapped_halves_refuse_to_start(template: Template, tmp_path: Path, bytecode_folder: Path) -> None:
    """Each half has its place."""
    folder = tmp_path / "instance"
    with template.copy(folder) as settings:
        outside, erasable = ((folder / half).read_bytes() for half in HALVES)
        (folder / HALVES[0]).write_bytes(erasable)
        (folder / HALVES[1]).write_bytes(outside)
        with pytest.raises(ConfigError, match="HOST_KEY_FILE"):
            build_app(folder, bytecode_folder, **settings)


def test_the_right_key_elsewhere_opens_the_same_database(
    template: Template, tmp_path: Path, bytecode_folder: Path
) -> None:
    """HOST_KEY_FILE leads to it, outside the data folder and its backups; a member signs in."""
    folder, kept = tmp_path / "instance", tmp_path / "elsewhere.key"
    with template.copy(folder) as settings:
        shutil.move(folder / "host.key", kept)
        app = build_app(folder, bytecode_folder, HOST_KEY_FILE=kept, **settings)
        player = template.players[CASEWORKER]
        with app.app_context():
            assert authentication.sign_in(app.extensions["casework"], player.login, player.passphrase)
        assert not (folder / "host.key").exists()
        close(app)


def test_an_empty_database_gets_its_key_once(
    empty_folder: Path, tmp_path: Path, bytecode_folder: Path
) -> None:
    """It is for this account alone, and a second start leaves it as it is."""
    folder = tmp_path / "empty"
    shutil.copytree(empty_folder, folder)
    for half in HALVES:
        (folder / half).unlink()
    close(build_app(folder, bytecode_folder))
    made = [(folder / half).read_bytes() for half in HALVES]
    assert all(len(content) == 32 for content in made) and made[0] != made[1]
    assert all((folder / half).stat().st_mode & 0o077 == 0 for half in HALVES)
    close(build_app(folder, bytecode_folder))
    assert [(folder / half).read_bytes() for half in HALVES] == made
