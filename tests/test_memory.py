"""The folders in memory: one for each data folder, and none for a data folder that is gone."""

import os
import socket
import time
from pathlib import Path

import pytest

from casework import memory
from casework.config import Settings, load_settings, make_folders
from run import Server


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the folders lie in this test."""
    base = tmp_path / "memory"
    base.mkdir()
    monkeypatch.setattr(memory, "find_base", lambda: base)
    return base


def _started(folder: Path, **more: object) -> Settings:
    settings = load_settings({}, overrides={"INSTANCE_PATH": str(folder)} | more)
    make_folders(settings)
    (_memory_of(settings) / "volatile.sqlite").touch()
    return settings


def _memory_of(settings: Settings) -> Path:
    assert settings.volatile_folder is not None
    return settings.volatile_folder


def test_what_was_killed_goes_once_its_data_are_gone(base: Path, tmp_path: Path) -> None:
    """At the next start of another; an instance that only stands still keeps its sessions."""
    gone, stays = (_started(tmp_path / name) for name in ("gone", "stays"))
    assert {_memory_of(gone).parent, _memory_of(stays).parent} == {base}
    gone.instance_path.rmdir()
    memory.sweep(base)
    assert list(base.iterdir()) == [_memory_of(stays)]
    assert (_memory_of(stays) / "volatile.sqlite").exists()


def test_one_that_does_not_say_whose_it_is_goes_when_all_has_run_out(base: Path) -> None:
    """As an earlier casework left them; what is somebody else's, or no folder of ours, stays."""
    ours = base / f"casework-{os.getuid()}-"
    old, new, link = (Path(f"{ours}{name}") for name in ("old", "new", "link"))
    other = base / "other"
    before = time.time() - 15 * 24 * 3600
    for folder in (old, new, other):
        folder.mkdir()
        (folder / "volatile.sqlite").touch()
        if folder != new:
            os.utime(folder / "volatile.sqlite", (before, before))
            os.utime(folder, (before, before))
    link.symlink_to(other)
    memory.sweep(base)
    assert set(base.iterdir()) == {new, other, link}
    assert (other / "volatile.sqlite").exists()


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_a_demonstration_leaves_nothing_in_memory(base: Path, tmp_path: Path, is_demonstration: bool) -> None:
    """When it is stopped; a real instance that is stopped signs nobody out."""
    settings = _started(tmp_path / "data", DEMONSTRATION=is_demonstration)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(settings, listener)
    server.cfg.on_exit(None)
    assert _memory_of(settings).exists() == (not is_demonstration)


def test_a_folder_that_was_chosen_is_left_alone(tmp_path: Path) -> None:
    """VOLATILE_URL may lead anywhere."""
    chosen = tmp_path / "chosen"
    _started(tmp_path / "data", VOLATILE_URL=f"sqlite:///{chosen}/volatile.sqlite")
    memory.remove(chosen, tmp_path / "data")
    assert [each.name for each in chosen.iterdir()] == ["volatile.sqlite"]
