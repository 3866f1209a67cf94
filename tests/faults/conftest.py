"""The scene that is damaged and put back; two hosts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.federation import Federation, federate
from tests.faults.scene import Scene, build_scene
from tests.support.application import Founded, Template, build_app, close


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Template, bytecode_folder: Any
) -> Iterator[Scene]:
    """One organization for the whole module: each test puts back what it damaged."""
    folder = tmp_path_factory.mktemp("tampering") / "instance"
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder)
        with app.app_context():
            yield build_scene(Founded(app, sqlite_template.players))
        close(app)


@pytest.fixture
def federation(tmp_path: Path, bytecode_folder: Path) -> Iterator[Federation]:
    """An organization on two hosts."""
    with federate(tmp_path, bytecode_folder) as made:
        yield made
