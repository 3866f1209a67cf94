"""Everything that both databases hold, to be compared before and after."""

from collections.abc import Mapping

from sqlalchemy import select

from casework.store.database import db

Dump = Mapping[str, tuple[str, ...]]


def dump_tables() -> Dump:
    """Return every row of every table, lasting and volatile, in an order of its own; needs an app context.

    It reads through connections of its own: only what is committed counts.
    """
    rows: dict[str, tuple[str, ...]] = {}
    for bind, metadata in db.metadatas.items():
        with db.engines[bind].connect() as connection:
            for table in metadata.sorted_tables:
                rows[table.name] = tuple(sorted(map(repr, connection.execute(select(table)))))
    return rows


def changed_tables(before: Dump, after: Dump) -> dict[str, tuple[int, int]]:
    """Return the tables that differ, with how many rows went and how many came."""
    return {
        name: (len(set(before[name]) - set(after[name])), len(set(after[name]) - set(before[name])))
        for name in before
        if before[name] != after[name]
    }
