"""Prints what a cross-tab costs over the coded index, beside SQLite and DuckDB over the same facts in plain.

    .venv/bin/python -m benchmarks.index --facts 1000 10000 100000 1000000

Incidents by contact type and police service, without those in the bin. The index is the real one, sealed in a
real database; the records beside it are rows without content, which nothing opens. Cold is a worker with
nothing in memory: manifest, what was written since, counts of the records, columns, grouping. Each time is
the fastest of its rounds: what else runs on a machine only ever adds. DuckDB is left out where it is not
installed.
"""

import argparse
import importlib
import resource
import sqlite3
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import insert

from benchmarks.instances import open_instance
from benchmarks.records import found
from casework.analysis.columns import Block, Column, Table, count_by
from casework.analysis.columns.column import width_of
from casework.domain.coded import FIELDS, INCIDENT_FIELDS, PERSON_FIELDS
from casework.domain.vocabulary import code_list
from casework.services.context import Context
from casework.services.exploring.asking import ask
from casework.services.exploring.questions import Question
from casework.services.incidents import log_incident
from casework.services.index.blocks import ROWS_A_BLOCK
from casework.services.index.facts import Facts, ask_index
from casework.services.index.folding import MOST_BEHIND, fold_some
from casework.services.index.manifest import Manifest, seal_block, seal_manifest
from casework.services.index.rows import BINNED, SCHEMA, YES
from casework.store import cases as store
from casework.store.database import db
from casework.store.factindex import add_columns, find_index, write_manifest
from casework.store.head import get_generation
from tests.support.records import incident_draft

SHOW, BY = "contact_type", "police_service"
BINNED_IN = 100
CASES_OF = 0.8
QUESTION = Question(show=SHOW, by=BY, first=date(2015, 1, 1), last=date(2026, 12, 31))


def main() -> None:
    """Print a table: a line for each number of facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    for facts in options.facts:
        with tempfile.TemporaryDirectory() as folder:
            for line in _measure(Path(folder), facts, options.rounds):
                print(line, flush=True)


@dataclass(frozen=True)
class Twin:
    """The same facts in plain: one row an incident, as texts."""

    rows: Sequence[tuple[str, ...]]
    names: Sequence[str]


def _measure(folder: Path, facts: int, rounds: int) -> Iterator[str]:
    app = open_instance(folder / "instance")
    with app.app_context():
        context = found(app)
        twin, sealed_bytes = _fill(context, facts)
        sqlite = _sqlite(folder / "plain.sqlite", twin, rounds)
        indexed = _sqlite(folder / "covered.sqlite", twin, rounds, is_covered=True)
        duck = _duckdb(folder / "plain.duckdb", twin, rounds)
        cold, warm = _best(lambda: _cold(context), rounds), _best(lambda: _ask(context), rounds)
        _same(context, sqlite[1])
        explorer = _best(lambda: _cold(context, _explore), rounds), _best(lambda: _explore(context), rounds)
        memory = _memory(context)
        fold, behind = _fold(context, rounds)
        times = f"{sqlite[0] / cold:.1f} times cold, {sqlite[0] / warm:.0f} times warm"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield f"{facts:,} incidents, {sealed_bytes / 1e6:.1f} MB sealed"
        yield f"  cross-tab: cold {cold:.2f} ms, warm {warm:.3f} ms"
        yield f"  cold with {MOST_BEHIND} cases unfolded: {behind:.1f} ms"
        yield f"  SQLite in plain: {sqlite[0]:.2f} ms, {times}"
        yield f"  SQLite with an index that covers just this question: {indexed[0]:.2f} ms"
        yield f"  DuckDB in plain: {duck:.2f} ms" if duck else "  DuckDB is not installed"
        yield f"  the explorer, in a period: cold {explorer[0]:.1f} ms, warm {explorer[1]:.1f} ms"
        yield f"  folding {MOST_BEHIND} changed cases: {fold:.0f} ms, {fold / MOST_BEHIND:.2f} ms for each"
        yield f"  memory: {memory / 1e6:.1f} MB for the cross-tab; with the twins at the peak {peak:.0f} MB"


def _ask(context: Context) -> Any:
    return ask_index(context, _cross_tab)


def _cross_tab(facts: Facts) -> Any:
    columns = [facts.column("incidents", name) for name in (SHOW, BY)]
    binned = np.array([value == BINNED for value in facts.column("cases", "standing").values])
    away = binned[facts.column("cases", "standing").codes]
    where = ~away[facts.numbers("incidents", "case")] if away.any() else None
    return columns, count_by(columns, where)


def _explore(context: Context) -> Any:
    return ask(context, QUESTION)


def _cold(context: Context, question: Callable[[Context], Any] = _ask) -> None:
    context.runtime.casebook.drop_all()
    db.session.rollback()
    db.session.close()
    question(context)


def _same(context: Context, plain: list[tuple[str, str, int]]) -> None:
    (show, by), counts = _ask(context)
    ours = {
        (show.values[at], by.values[to]): int(counts[at, to])
        for at, to in zip(*np.nonzero(counts), strict=True)
    }
    if ours != {(first, second): count for first, second, count in plain}:
        raise SystemExit("the index and SQLite disagree")


def _best(work: Callable[[], object], rounds: int) -> float:
    """The fastest of so many rounds, in milliseconds."""
    took = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return min(took) * 1000


_SQL = f"SELECT {SHOW}, {BY}, COUNT(*) FROM facts WHERE binned = 0 GROUP BY {SHOW}, {BY}"  # noqa: S608 - no input


def _sqlite(
    file: Path, twin: Twin, rounds: int, is_covered: bool = False
) -> tuple[float, list[tuple[str, str, int]]]:
    with sqlite3.connect(file) as plain:
        plain.execute(
            f"CREATE TABLE facts ({', '.join(f'{name} TEXT' for name in twin.names)}, binned INTEGER)"
        )
        marks = ", ".join("?" * (len(twin.names) + 1))
        plain.executemany(f"INSERT INTO facts VALUES ({marks})", twin.rows)  # noqa: S608 - no input
        if is_covered:
            plain.execute(f"CREATE INDEX covering ON facts (binned, {SHOW}, {BY})")
    plain = sqlite3.connect(file)
    plain.execute("PRAGMA cache_size=-512000")
    found_rows = plain.execute(_SQL).fetchall()
    return _best(lambda: plain.execute(_SQL).fetchall(), rounds), found_rows


def _duckdb(file: Path, twin: Twin, rounds: int) -> float | None:
    try:
        duckdb = importlib.import_module("duckdb")
    except ImportError:
        return None
    plain = duckdb.connect(str(file))
    columns = {name: np.array([row[at] for row in twin.rows]) for at, name in enumerate(twin.names)}
    columns["binned"] = np.array([row[-1] for row in twin.rows], dtype=np.int8)
    plain.register("given", columns)
    plain.execute("CREATE TABLE facts AS SELECT * FROM given")
    return _best(lambda: plain.execute(_SQL).fetchall(), rounds)


def _memory(context: Context) -> int:
    tracemalloc.start()
    _cold(context)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return kept


def _fold(context: Context, rounds: int) -> tuple[float, float]:
    """The time of one fold, and of a cold cross-tab just before it."""
    for _ in range(MOST_BEHIND):
        log_incident(context, incident_draft())
    behind = _best(lambda: _cold(context), rounds)
    log_incident(context, incident_draft())
    version = find_index()[0]
    took = _best(lambda: fold_some(context), 1)
    if find_index()[0] != version + 1:
        raise SystemExit("nothing was folded")
    return took, behind


def _fill(context: Context, facts: int) -> tuple[Twin, int]:
    """Seal an index of so many incidents; rows without content stand for its records."""
    draw, blocks, start = np.random.default_rng(1), [], 0
    while start < facts:
        rows = min(ROWS_A_BLOCK, facts - start)
        blocks.append(_draw_block(draw, start, rows))
        start += rows
    pieces, size = [], 0
    generation = get_generation()
    for block in blocks:
        _add_rows(block, generation)
        piece, columns = seal_block(context.keyring, block)
        add_columns(columns)
        pieces.append(piece)
        size += sum(map(len, columns.values()))
    write_manifest(1, seal_manifest(context.keyring, 1, Manifest(generation, tuple(pieces))))
    db.session.commit()
    names = tuple(field.name for field in INCIDENT_FIELDS)
    plain = [row for block in blocks for row in _plain_rows(block, names)]
    return Twin(plain, names), size


def _plain_rows(block: Block, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    table = block["incidents"]
    answers = [
        [value if isinstance(value, str) else ",".join(value) for value in table.answers[name].answers()]
        for name in names
    ]
    standing = np.array(
        [value == BINNED for value in block["cases"].answers["standing"].answers()], dtype=int
    )
    return zip(*answers, standing[table.arrays["case"]].tolist(), strict=True)


def _draw_block(draw: np.random.Generator, start: int, rows: int) -> Block:
    cases = max(1, int(rows * CASES_OF))
    of_case = np.sort(draw.integers(0, cases, rows)).astype(np.uint32)
    tables = {
        "cases": _table(draw, "cases", cases, {"status": ("open", "closed"), "guard": ("",)}, {}),
        "people": _table(draw, "people", cases, _answers(PERSON_FIELDS), {"case": np.arange(cases)}),
        "incidents": _table(draw, "incidents", rows, _answers(INCIDENT_FIELDS), {"case": of_case}),
        "parts": _table(
            draw,
            "parts",
            rows,
            {"roles": _combinations("roles")},
            {"incident": np.arange(rows), "person": of_case},
        ),
        "ties": _table(draw, "ties", 0, {}, {}),
    }
    standing = (draw.integers(0, BINNED_IN, cases) == 0).astype(np.uint8)
    tables["cases"].answers["standing"] = Column(("", BINNED), standing)  # type: ignore[index]
    return tables


def _answers(fields: Sequence[Any]) -> dict[str, Sequence[Any]]:
    days = [(date(2015, 1, 1) + timedelta(days=at)).isoformat() for at in range(4_000)]
    given: dict[str, Sequence[Any]] = {field.name: _combinations(field.name) for field in fields}
    return given | {
        "consent": ("given", "given", "given", "refused"),
        "agrees": (YES, YES, YES, "no"),
        "date": days,
        "logged_on": days,
        "patterns": [(), *((UUID(int=at).hex,) for at in range(20))],
    }


def _combinations(name: str) -> Sequence[Any]:
    field = FIELDS[name]
    codes = code_list(field.list_name).codes
    if not field.multiple:
        return codes
    free = [code for code in codes if code not in field.codes.exclusive]
    return [(one,) for one in codes] + list(pairwise(free))


def _table(
    draw: np.random.Generator,
    name: str,
    rows: int,
    answers: dict[str, Sequence[Any]],
    references: dict[str, Any],
) -> Table:
    layout = SCHEMA[name]
    columns = {}
    for column in layout.answers:
        values = tuple(dict.fromkeys(answers.get(column, ("",))))
        codes = draw.integers(0, len(values), rows).astype(width_of(len(values)))
        columns[column] = Column(values, codes)
    arrays = {
        one: np.frombuffer(draw.bytes(16 * rows), dtype=np.uint8).reshape(rows, 16) for one in layout.ids
    }
    for one in layout.references:
        arrays[one] = np.asarray(references.get(one, np.zeros(0)), dtype=np.uint32)
    return Table(rows, columns, arrays)


def _add_rows(block: Block, generation: int) -> None:
    """Write a row without content for each case, person and incident."""
    ids = {
        table: [UUID(bytes=one.tobytes()) for one in block[table].arrays["id"]]
        for table in ("cases", "people", "incidents")
    }
    common = {"version": 1, "generation": generation, "coded_version": 1, "coded_sealed": b""}
    case = {**common, "team_only": False, "restricted": False, "named_version": 0, "has_whole_history": True}
    _insert(store.Case, ({"id": id_, "reference_hmac": id_.bytes, **case} for id_ in ids["cases"]))
    person = {**common, "identity_sealed": b"", "identity_version": 1, "set_aside": False}
    incident = {**common, "narrative_sealed": b"", "narrative_version": 1}
    for table, model, columns in (("people", store.Person, person), ("incidents", store.Incident, incident)):
        owners = block[table].arrays["case"].tolist()
        _insert(
            model,
            (
                {"id": id_, "case_id": ids["cases"][at], **columns}
                for id_, at in zip(ids[table], owners, strict=True)
            ),
        )


def _insert(model: Any, rows: Iterator[dict[str, Any]]) -> None:
    every = list(rows)
    for start in range(0, len(every), 10_000):
        db.session.execute(
            insert(model.__table__), every[start : start + 10_000], execution_options={"unlisted": True}
        )


if __name__ == "__main__":
    main()
