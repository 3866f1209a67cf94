"""The volatile store of one host: a SQLite file, which lies in memory where the system has a place for it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    inspect,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from casework.store.database import empty_log_of
from casework.store.volatilestore import Batch, Record, name_shape, spell

_METADATA = MetaData()
ENTRY = Table(
    "entry",
    _METADATA,
    Column("kind", String, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("belongs_to", LargeBinary, nullable=False, index=True),
    Column("ends_at_seconds", Integer, nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
)


class SqliteStore:
    """One table, whose rows are overwritten as they go (`secure_delete`)."""

    is_shared = False

    def __init__(self, url: str) -> None:
        """Open the file, and make its table anew where another casework made it otherwise.

        It goes with the machine's memory, so nothing migrates it: whoever was signed in signs in again.
        """
        self.engine = create_engine(url, hide_parameters=True)
        self._own = threading.local()
        shape = int(name_shape(), 16) & 0x7FFF_FFFF
        with self.engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA user_version").scalar_one() == shape:
                return
        with self.engine.begin() as connection:
            _drop_all(connection)
            _METADATA.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {shape:d}")

    def find(self, kind: str, key: bytes) -> bytes | None:
        """Return a record as it was spelled."""
        query = select(ENTRY.c.content).where(ENTRY.c.kind == kind, ENTRY.c.key == key)
        with self._reading() as connection:
            return connection.scalar(query)

    def list(self, kind: str, group: bytes | None = None) -> Sequence[bytes]:
        """Return every record of a kind, or of a group of it."""
        query = select(ENTRY.c.content).where(ENTRY.c.kind == kind)
        if group is not None:
            query = query.where(ENTRY.c.belongs_to == group)
        with self._reading() as connection:
            return connection.scalars(query).all()

    def list_keys(self, kind: str, group: bytes) -> Sequence[bytes]:
        """Return the keys of a group."""
        query = select(ENTRY.c.key).where(ENTRY.c.kind == kind, ENTRY.c.belongs_to == group)
        with self._reading() as connection:
            return connection.scalars(query).all()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Read by the connection of the thread's own writing: those who wait may hold all others."""
        own: Connection | None = getattr(self._own, "connection", None)
        if own is not None:
            yield own
            return
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Batch]:
        """Take SQLite's write lock, then apply the batch."""
        batch = Batch()
        with self.engine.connect() as connection:
            # The driver begins nothing by itself: this is the first statement, and waits.
            connection.exec_driver_sql("UPDATE entry SET kind = kind WHERE 0")
            self._own.connection = connection
            try:
                yield batch
            finally:
                del self._own.connection
            _apply(connection, batch)
            connection.commit()

    def tidy(self) -> None:
        """Fold the write-ahead log into the file and empty it."""
        empty_log_of(self.engine)

    def check(self) -> None:
        """Keep to what is said where the file lies: no more can be asked of it."""

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _apply(connection: Connection, batch: Batch) -> None:
    if batch.clears:
        connection.execute(delete(ENTRY))
    for kind, key, _group in batch.deletes:
        connection.execute(delete(ENTRY).where(ENTRY.c.kind == kind, ENTRY.c.key == key))
    for record in batch.puts:
        put = insert(ENTRY).values(**_row(record))
        changed = {name: put.excluded[name] for name in ("belongs_to", "ends_at_seconds", "content")}
        connection.execute(put.on_conflict_do_update(index_elements=["kind", "key"], set_=changed))
    if batch.over_at_seconds is not None:
        connection.execute(delete(ENTRY).where(ENTRY.c.ends_at_seconds <= batch.over_at_seconds))


def _row(record: Record) -> dict[str, object]:
    return {
        "kind": record.kind,
        "key": record.key,
        "belongs_to": record.group,
        "ends_at_seconds": record.ends_at_seconds,
        "content": spell(record),
    }


def _drop_all(connection: Connection) -> None:
    """Drop what is there, whichever casework made it."""
    for name in inspect(connection).get_table_names():
        connection.exec_driver_sql(f'DROP TABLE "{name}"')
