"""The twin in plain text: the same facts in ordinary SQLite tables, under the same pragmas."""

import json
import sqlite3
from pathlib import Path

_SCHEMA = """
create table if not exists "case" (id text primary key, reference text not null);
create table if not exists person (
    id text primary key, case_id text not null, name text not null, folded text not null
);
create table if not exists incident (
    id text primary key, case_id text not null, day text not null, coded text not null,
    narrative text not null, folded text not null
);
create index if not exists person_case on person (case_id);
create index if not exists incident_day on incident (day);
"""


class PlainTwin:
    """A plaintext database with the work that the benchmark compares."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "cache_size=-32000"):
            self.connection.execute(f"pragma {pragma}")
        self.connection.executescript(_SCHEMA)

    def add(self, rows: list[tuple[str, str, str, str, str, str]]) -> None:
        """Add cases of one person and one incident: id, reference, name, day, coded JSON, narrative."""
        self.connection.execute("begin")
        for row_id, reference, name, day, coded, narrative in rows:
            self.connection.execute('insert into "case" values (?, ?)', (row_id, reference))
            self.connection.execute(
                "insert into person values (?, ?, ?, ?)", (row_id, row_id, name, name.lower())
            )
            self.connection.execute(
                "insert into incident values (?, ?, ?, ?, ?, ?)",
                (row_id, row_id, day, coded, narrative, f"{name} {narrative}".lower()),
            )
        self.connection.execute("commit")

    def open_all(self) -> int:
        """Read and parse every coded document."""
        rows = self.connection.execute("select id, case_id, coded from incident").fetchall()
        return len([json.loads(coded) for _id, _case, coded in rows])

    def list_page(self) -> int:
        """Read the first fifty cases by date, with names."""
        query = """
            select c.id, c.reference, i.day, i.coded, group_concat(p.name)
            from incident i join "case" c on c.id = i.case_id join person p on p.case_id = c.id
            group by c.id order by i.day desc limit 50
        """
        total = self.connection.execute('select count(*) from "case"').fetchone()[0]
        return len(self.connection.execute(query).fetchall()) + int(total)

    def search(self, words: list[str]) -> int:
        """Find the incidents whose names and narrative hold every word."""
        where = " and ".join("folded like ?" for _ in words)
        return len(
            self.connection.execute(
                f"select id, case_id, day from incident where {where} order by day desc",  # noqa: S608
                [f"%{word}%" for word in words],
            ).fetchall()
        )
