"""A template with more in it: what many tests start from is done once, and then copied as the founding is.

A module overrides `template` for those of its tests that ask for it:

    @pytest.fixture
    def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
        return stocked(template, fill) if "counted" in request.fixturenames else template

What the deed returned is `template.made`: every test that is given it sees the same object.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.application import Founded, Template, build_app, close
from tests.support.postgres import copy_database

Deed = Callable[[Founded], object]
Stock = Callable[[Template, Deed], Template]


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory, bytecode_folder: Path) -> Stock:
    """Give a template in which a deed was done, for as long as the session lasts."""
    made: dict[tuple[Path, Deed], Template] = {}

    def stock(template: Template, deed: Deed) -> Template:
        key = template.folder, deed
        if key not in made:
            folder = tmp_path_factory.mktemp("stocked") / "instance"
            made[key] = _do_once(template, deed, folder, bytecode_folder)
        return made[key]

    return stock


def _do_once(template: Template, deed: Deed, folder: Path, bytecode_folder: Path) -> Template:
    # A copy of the database goes with the server, so nothing has to drop it.
    url = template.postgres_url and copy_database(template.postgres_url, template.database_name)
    shutil.copytree(template.folder, folder)
    app = build_app(folder, bytecode_folder, **({"DATABASE_URL": url} if url else {}))
    with app.app_context():
        made = deed(Founded(app, template.players))
    close(app)
    return replace(template, folder=folder, database_name=urlsplit(url).path[1:], made=made)
