"""Fixtures of the tests in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.application import Template
from tests.support.live_server import LiveServer, serve


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server before its first run; the folder is really not there yet."""
    with serve(tmp_path / "fresh") as server:
        yield server


@pytest.fixture
def server(sqlite_template: Template, tmp_path: Path) -> Iterator[LiveServer]:
    """A server with the organization and its cast."""
    with sqlite_template.copy(tmp_path / "founded"), serve(tmp_path / "founded") as server:
        yield server


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with the demonstration: cases enough for every kind of page.

    Tests share it and add to it.
    """
    with serve(tmp_path_factory.mktemp("demonstration") / "instance", "--demo") as server:
        yield server
