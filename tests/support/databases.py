"""On which database a test of a service runs: on each, or with `--databases drawn` the one drawn by its name.

What differs between them lies in casework/store, whose tests all run on both. A service asks the store, so
most of its tests say the same twice; drawn, every module still meets both. Marked `both_databases` are those
that ask for more: what breaks in the middle, what is sealed, what is tampered with in the database itself.
"""

from zlib import crc32

import pytest

DATABASES = ("sqlite", "postgres")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody who waits run half of them; what lets a change in runs all."""
    parser.addoption("--databases", choices=["drawn", "both"], default="both", help="for tests of services")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not drawn; it is counted as deselected."""
    on_both = config.getoption("--databases") == "both"
    due = [
        is_due(
            item.nodeid, _database_of(item), on_both or item.get_closest_marker("both_databases") is not None
        )
        for item in items
    ]
    if not all(due):
        config.hook.pytest_deselected(
            items=[item for item, is_kept in zip(items, due, strict=True) if not is_kept]
        )
        items[:] = [item for item, is_kept in zip(items, due, strict=True) if is_kept]


def is_due(name: str, database: str, on_both: bool) -> bool:
    """Whether a test runs on the database that its name tells; the same on every machine and each time."""
    if on_both or database not in DATABASES or not name.startswith("tests/services/"):
        return True
    return DATABASES[crc32(name.replace(database, "").encode()) % len(DATABASES)] == database


def _database_of(item: pytest.Item) -> str:
    return str(item.callspec.params.get("database", "")) if hasattr(item, "callspec") else ""
