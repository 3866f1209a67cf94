"""A database of every version there was becomes one of today's, with all the rows that it had."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, MetaData, Table, inspect, select, types

from casework.store.database import db
from tests.store.test_schema import _differences
from tests.support.application import build_app, close
from tests.support.postgres import new_database

MIGRATIONS = Path(__file__).parents[2] / "migrations"
SCRIPTS = ScriptDirectory(str(MIGRATIONS))
VERSIONS = sorted(script.revision for script in SCRIPTS.walk_revisions())
DROPPED = set(
    re.findall(r'op\.drop_table\("(\w+)"\)', "".join(p.read_text() for p in MIGRATIONS.rglob("0*.py")))
)


@pytest.fixture(params=["sqlite", "postgres"])
def blank(request: pytest.FixtureRequest, tmp_path: Path, bytecode_folder: Path) -> Iterator[Flask]:
    """An application over a database with nothing in it."""
    if request.param == "sqlite":
        app = build_app(tmp_path / "instance", bytecode_folder)
        yield app
        close(app)
        return
    with new_database(request.getfixturevalue("postgres_url")) as url:
        app = build_app(tmp_path / "instance", bytecode_folder, DATABASE_URL=url)
        yield app
        close(app)


def value(kind: types.TypeEngine[Any], number: int) -> object:
    """Return something of this type, another one for each number."""
    match kind:
        case types.Boolean():
            return False
        case types.Integer():
            return number
        case types.DateTime():
            return datetime(2026, 1, 1 + number, tzinfo=None if kind.timezone is False else UTC)
        case types.LargeBinary():
            return bytes([number]) * 16
        case types.Uuid():
            return uuid4()
        case types.CHAR():
            return uuid4().hex
        case _:
            return f"text {number}"


def fill(connection: Connection) -> dict[str, int]:
    """Put two rows into every table that the schema of this version has; returns how many stand in each."""
    schema = MetaData()
    schema.reflect(connection)
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in schema.sorted_tables:
        if table.name == "alembic_version":
            continue
        rows[table.name] = [make(table, number, rows) for number in (1, 2)]
        for row in rows[table.name]:
            connection.execute(table.insert().values(row))
    return count(connection, schema)


def make(table: Table, number: int, rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return a row whose references lead to rows that are there."""
    row = {column.name: value(column.type, number) for column in table.columns}
    for key in table.foreign_keys:
        if key.column.table.name in rows:
            row[key.parent.name] = rows[key.column.table.name][number - 1][key.column.name]
        elif key.parent.nullable:
            row[key.parent.name] = None
    return row


def count(connection: Connection, schema: MetaData) -> dict[str, int]:
    """Return how many rows each table has."""
    names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return {
        table.name: len(connection.execute(select(table)).all())
        for table in schema.sorted_tables
        if table.name in names
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_leads_here(blank: Flask, version: str) -> None:
    """No row is lost but those of tables that a version gave up; the schema is that of the models."""
    with blank.app_context():
        upgrade(revision=version)
        with db.engine.begin() as connection:
            before = fill(connection)
        upgrade()
        with db.engine.connect() as connection:
            assert _differences(connection) == []
            schema = MetaData()
            schema.reflect(connection)
            after = count(connection, schema)
        kept = {name: number for name, number in before.items() if name not in DROPPED}
        assert {name: after.get(name) for name in kept} == kept
        assert set(kept.values()) <= {2}


def test_there_is_one_way() -> None:
    """Each version follows one other, and one is the newest."""
    assert len(SCRIPTS.get_heads()) == 1
    assert VERSIONS == [f"{number:04}" for number in range(1, len(VERSIONS) + 1)]
