"""The database file as SQLite gives it: rows as dictionaries, ids as bytes."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from tests.vault.reader.conventions import Document
from tests.vault.reader.refusals import require


@dataclass(frozen=True)
class Table:
    """A table's columns with their types, and those of its primary key in order."""

    name: str
    kinds: dict[str, str]
    key: tuple[str, ...]


class Tables:
    """A database file, open for reading only."""

    def __init__(self, file: Path) -> None:
        """Open it."""
        self._connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        self._connection.row_factory = sqlite3.Row
        listed = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self.names = {row["name"] for row in listed}

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def table(self, name: str) -> Table:
        """Return what columns a table has."""
        require(name in self.names, "table")
        columns = self._connection.execute(f'PRAGMA table_info("{name}")').fetchall()
        key = sorted((column["pk"], column["name"]) for column in columns if column["pk"])
        kinds = {column["name"]: column["type"] for column in columns}
        return Table(name, kinds, tuple(column for _, column in key))

    def rows(self, name: str, order: str = "") -> list[Document]:
        """Return a table's rows as they are stored."""
        require(name in self.names, "table")
        end = f" ORDER BY {order}" if order else ""
        return [dict(row) for row in self._connection.execute(f'SELECT * FROM "{name}"{end}')]  # noqa: S608

    def find(self, name: str, **wanted: object) -> list[Document]:
        """Return the rows whose columns have these values."""
        return [row for row in self.rows(name) if all(row[key] == value for key, value in wanted.items())]


def to_id(stored: str) -> bytes:
    """Return the sixteen bytes of an id: SQLite holds its hex digits."""
    return bytes.fromhex(stored)
