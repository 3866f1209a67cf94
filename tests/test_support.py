"""The fixtures that stand on the system give what they promise."""

from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import BrowserContext

from tests.support.databases import DATABASES, is_due


def test_a_fresh_database_is_empty_and_real(fresh_postgres_url: str) -> None:
    """Each test gets a PostgreSQL database of its own with no table in it."""
    with psycopg.connect(fresh_postgres_url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        version = connection.info.server_version
    assert tables == (0,)
    assert version >= 130000


@pytest.mark.browser
def test_the_browser_draws_a_page(browser_context: BrowserContext) -> None:
    """Chromium starts, runs and answers."""
    page = browser_context.new_page()
    page.set_content("<title>casework</title><p>here")
    assert page.title() == "casework"


def test_real_files_are_found_or_named(data_dir: Path) -> None:
    """The folder of real files holds the arrests that the import is shown with."""
    assert (data_dir / "toronto_arrests_cardata.csv").is_file()


@pytest.mark.parametrize("folder", ["services", "store"])
def test_a_service_meets_one_database_and_the_store_both(folder: str) -> None:
    """Either is drawn about as often, the same each time, and exactly one for each test."""
    names = [f"tests/{folder}/test_one.py::test_it[{{}}-{number}]" for number in range(1000)]
    runs = {each: {name for name in names if is_due(name.format(each), each, False)} for each in DATABASES}
    assert runs["sqlite"] | runs["postgres"] == set(names)
    if folder == "store":
        assert runs["sqlite"] == runs["postgres"]
    else:
        assert runs["sqlite"].isdisjoint(runs["postgres"])
        assert 400 < len(runs["sqlite"]) < 600


def test_who_asks_for_both_databases_gets_them() -> None:
    """By mark or by option."""
    assert all(is_due(f"tests/services/test_one.py::test_it[{each}]", each, True) for each in DATABASES)
