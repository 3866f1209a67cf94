"""Copies the database, puts the copy back, and says where it stands; casework does not run meanwhile.

`python -m tools.upgrade.database state | copy FILE | restore FILE`, with the packages and the settings of the
release that knows this database. What it prints is JSON.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, text

from casework.config import load_settings
from casework.store.copies import postgres_environment
from tools.upgrade.journal import sync_folder

LEAVE_SECONDS = 15.0
"""For so long may connections linger of a casework that has ended."""
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


def main(verb: str, file: Path | None = None) -> dict[str, object]:
    """Do it; raises what the database or the disk say where they refuse."""
    os.umask(0o077)
    engine = create_engine(load_settings().database_url, hide_parameters=True)
    is_sqlite = engine.dialect.name == "sqlite"
    told: dict[str, object] = {}
    try:
        if verb == "copy" and file:
            file.unlink(missing_ok=True)
            (_copy_sqlite if is_sqlite else _copy_postgres)(engine, file)
            _keep(file)
            told["sha256"] = _hash(file)
        if verb == "restore" and file:
            (_restore_sqlite if is_sqlite else _restore_postgres)(engine, file)
        return told | _state(engine)
    finally:
        engine.dispose()


def _state(engine: Engine) -> dict[str, object]:
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        revision = "alembic_version" in tables and connection.scalar(
            text("SELECT version_num FROM alembic_version")
        )
        generation = "write_head" in tables and connection.scalar(text("SELECT generation FROM write_head"))
    return {"revision": revision or "", "generation": int(generation or 0)}


def _copy_sqlite(engine: Engine, file: Path) -> None:
    raw = engine.raw_connection()  # outside of any transaction
    raw.cursor().execute("VACUUM INTO ?", (str(file),))
    raw.close()
    copy = create_engine(f"sqlite:///{file}")
    with copy.connect() as connection:
        told = connection.scalar(text("PRAGMA integrity_check"))
    copy.dispose()
    if told != "ok":
        raise RuntimeError(f"the copy of the database is damaged: {told}")


def _restore_sqlite(engine: Engine, file: Path) -> None:
    place = Path(str(engine.url.database))
    part = place.with_name(f"{place.name}.unfinished")
    shutil.copyfile(file, part)
    _keep(part)
    # A log that belongs to the database from before must not be read into this one.
    for left in ("-wal", "-shm", "-journal"):
        place.with_name(place.name + left).unlink(missing_ok=True)
    part.replace(place)
    sync_folder(place.parent)


def _keep(file: Path) -> None:
    """Have it outlast a power cut: neither VACUUM INTO nor copying waits for the disk."""
    with file.open("rb") as written:
        os.fsync(written.fileno())
    sync_folder(file.parent)


def _copy_postgres(engine: Engine, file: Path) -> None:
    _require_alone(engine)
    _call(engine, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
    _call(engine, "pg_restore", "--list", str(file))


def _require_alone(engine: Engine) -> None:
    """Raise where others use the database by this account: going back would lose what they write."""
    deadline = time.monotonic() + LEAVE_SECONDS
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(_OTHERS):
            if time.monotonic() > deadline:
                raise RuntimeError("others use the database: stop casework on every other host first")
            time.sleep(0.5)


def _restore_postgres(engine: Engine, file: Path) -> None:
    """In one transaction: all of it, or nothing; what the migration made goes."""
    script = file.with_name(f"{file.name}.sql")
    _call(engine, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file))
    anew = ("--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public")
    options = ("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1")
    try:
        _call(engine, "psql", *options, *anew, f"--file={script}")
    finally:
        script.unlink()


def _call(engine: Engine, *words: str) -> None:
    subprocess.run(words, env=postgres_environment(engine.url), stdout=subprocess.DEVNULL, check=True)


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], *map(Path, sys.argv[2:]))))
