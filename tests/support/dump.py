"""Everything that both databases hold, to be compared before and after."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Table, select

from casework.store.attempts import AttemptRow
from casework.store.database import db
from casework.store.volatilestore import kinds, list_records, spell

Dump = Mapping[str, tuple[tuple[Any, ...], ...]]


def dump_tables() -> Dump:
    """Return every row of every table, lasting and volatile, by primary key; needs an app context.

    It reads through connections of its own: only what is committed counts. Counted attempts to sign in are
    left out: a deed that fails leaves those. Values are as the driver gives them.
    """
    rows: dict[str, tuple[tuple[Any, ...], ...]] = {}
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            query = _write_query(table, connection.dialect)
            rows[table.name] = tuple(map(tuple, connection.exec_driver_sql(query)))
    for kind in kinds():
        if kind is not AttemptRow:
            rows[kind.kind] = tuple((spelled,) for spelled in sorted(map(spell, list_records(kind))))
    return rows


@lru_cache(1024)  # writing a question takes longer than the answer
def _write_query(table: Table, dialect: Dialect) -> str:
    return str(select(table).order_by(*table.primary_key).compile(dialect=dialect))


def changed_tables(before: Dump, after: Dump) -> dict[str, tuple[int, int]]:
    """Return the tables that differ, with how many rows went and how many came."""
    return {
        name: (len(set(before[name]) - set(after[name])), len(set(after[name]) - set(before[name])))
        for name in before
        if before[name] != after[name]
    }
