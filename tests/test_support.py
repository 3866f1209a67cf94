"""The fixtures that stand on the system give what they promise."""

from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import BrowserContext


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
