"""Upgrades a copy of an instance that an earlier casework filled: in peace, killed, and rolled back.

    .venv/bin/python -m benchmarks.upgrading /tmp/v0.1.0 /tmp/filled     # a checkout of it, and its instance

`make upgrade` without systemd: the same steps (`tools/upgrade/steps.py`), real copies and migrations, and
each release answers at a port of its own. It prints how long each step took, and holds the rows of before
against those of after, in every column of before.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, column, create_engine, inspect, select, table

from tools.upgrade.journal import Journal
from tools.upgrade.machine import ask
from tools.upgrade.releases import Failed, copy_checkout
from tools.upgrade.steps import Upgrade

ROOT = Path(__file__).resolve().parent.parent
OLD, NEW = "0.1.0", "9.9.9"
PORT = 8791
Digest = Mapping[str, tuple[int, str]]


@dataclass(frozen=True)
class Before:
    """The tables as they were, by name, and what was in them."""

    columns: Mapping[str, list[str]]
    digest: Digest


class Bench:
    """The machine: folders in `root`, and this Python for both releases."""

    def __init__(self, root: Path) -> None:
        self.home, self.instance, self.copy = root / "home", root / "instance", root / "upgrade.copy"
        self.source = root / "new"
        self._environment = os.environ | {"CASEWORK_CONFIG": "", "CASEWORK_INSTANCE_PATH": str(self.instance)}
        self._environment["CASEWORK_VOLATILE_URL"] = f"sqlite:///{root}/volatile.sqlite"

    def lay_out(self, old: Path, filled: Path) -> None:
        """The release that runs, its instance, and the release that comes."""
        for folder, release, version in ((old, self.home / "releases" / OLD, OLD), (ROOT, self.source, NEW)):
            copy_checkout(folder, release)
            project = release / "pyproject.toml"
            lines = project.read_text().splitlines()
            written = (f'version = "{version}"' if line.startswith("version = ") else line for line in lines)
            project.write_text("\n".join(written) + "\n")
        (self.home / "current").symlink_to(f"releases/{OLD}")
        shutil.copytree(filled, self.instance)

    def quiet(self) -> None:
        """What was killed here was killed with all that it had started."""

    def install(self, release: Path) -> None:
        """This Python has what both need."""

    def back_up(self, release: Path) -> None:
        """The command of the release that runs."""
        self._do(release, "-m", "flask", "--app", "run", "backup")

    def hold(self) -> None:
        """Nothing runs but while it is asked."""

    def release(self) -> None:
        """Nothing runs but while it is asked."""

    def adopt(self, release: Path) -> None:
        """There are no units."""

    def database(self, release: Path, verb: str, sha256: str = "") -> dict[str, Any]:
        """With today's code, which an earlier release may not have."""
        words = [verb] if verb == "state" else [verb, str(self.copy)]
        told: dict[str, Any] = json.loads(self._do(ROOT, "-m", "tools.upgrade.database", *words))
        return told

    def migrate(self, release: Path) -> None:
        """By Flask-Migrate."""
        self._do(release, "-m", "flask", "--app", "run", "db", "upgrade")

    def try_out(self, release: Path) -> int:
        """Start it, ask it, stop it."""
        command = [sys.executable, "run.py", "--port", str(PORT)]
        server = subprocess.Popen(  # noqa: S603
            command, cwd=release, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            return ask(PORT, "localhost", lambda: server.poll() is None)
        finally:
            server.terminate()
            server.wait()

    def ask(self) -> int:
        """As `try_out`, of the release that the link leads to."""
        return self.try_out((self.home / "current").resolve())

    def erase_copy(self) -> None:
        """Delete it."""
        self.copy.unlink(missing_ok=True)

    def columns(self) -> dict[str, list[str]]:
        """Return the columns of each table as it is now."""
        with self._connection() as connection:
            known = inspect(connection)
            return {
                name: sorted(column["name"] for column in known.get_columns(name))
                for name in known.get_table_names()
            }

    def digest(self, columns: Mapping[str, list[str]]) -> Digest:
        """Return for each of these tables that is there how many rows it has, and a hash of all of them."""
        now = self.columns()
        with self._connection() as connection:
            return {
                name: _hash(connection.execute(select(*map(column, names)).select_from(table(name))))
                for name, names in columns.items()
                if set(names) <= set(now.get(name, ()))
            }

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        engine = create_engine(f"sqlite:///{self.instance}/casework.sqlite")
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def _do(self, release: Path, *words: str) -> str:
        done = subprocess.run(  # noqa: S603
            [sys.executable, *words],
            cwd=release,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(done.stderr.strip()[-500:])
        return done.stdout


def main() -> None:
    """Run each story over a fresh copy, and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", type=Path, help="the code of the earlier casework")
    parser.add_argument("filled", type=Path, help="an instance that it filled, on SQLite")
    parser.add_argument("--work", type=Path, help="a folder that is there already; does the upgrade in it")
    arguments = parser.parse_args()
    if arguments.work:
        _upgrade(Bench(arguments.work))
        return
    seconds = _peace(arguments)
    for step in ("copy", "migrate"):
        _killed(arguments, step, seconds[step] / 2)
    _rolled_back(arguments, seconds["migrate"] / 2)


def _peace(arguments: argparse.Namespace) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=arguments.filled.parent) as folder:
        bench, before = _begin(arguments, Path(folder))
        seconds = _read_steps(_start(arguments, bench).communicate()[0])
        print("\n".join(f"  {name:10}{each:8.1f} s" for name, each in seconds.items()))
        _compare("in peace", bench, before)
    return seconds


def _killed(arguments: argparse.Namespace, step: str, after_seconds: float) -> None:
    with tempfile.TemporaryDirectory(dir=arguments.filled.parent) as folder:
        bench, before = _begin(arguments, Path(folder))
        _kill_in(arguments, bench, step, after_seconds)
        _start(arguments, bench).communicate()
        _compare(f"killed {after_seconds:.1f} s into {step}, and run again", bench, before)


def _rolled_back(arguments: argparse.Namespace, after_seconds: float) -> None:
    """Killed in the middle of the migration; then the new release turns out not to start."""
    with tempfile.TemporaryDirectory(dir=arguments.filled.parent) as folder:
        bench, before = _begin(arguments, Path(folder))
        _kill_in(arguments, bench, "migrate", after_seconds)
        (bench.home / "releases" / NEW / "run.py").write_text("raise SystemExit(1)\n")
        _start(arguments, bench).communicate()
        _compare("killed, and then the new release did not start", bench, before)


def _begin(arguments: argparse.Namespace, root: Path) -> tuple[Bench, Before]:
    bench = Bench(root)
    bench.lay_out(arguments.old, arguments.filled)
    columns = bench.columns()
    return bench, Before(columns, bench.digest(columns))


def _start(arguments: argparse.Namespace, bench: Bench) -> "subprocess.Popen[str]":
    """Upgrade in a process group of its own."""
    words = (str(arguments.old), str(arguments.filled), "--work", str(bench.home.parent))
    command = [sys.executable, "-m", "benchmarks.upgrading", *words]
    return subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def _kill_in(arguments: argparse.Namespace, bench: Bench, step: str, after_seconds: float) -> None:
    process, journal = _start(arguments, bench), Journal(bench.home / "upgrade.json")
    while not (plan := journal.find()) or plan.doing != step:
        if process.poll() is not None:
            raise SystemExit(f"it ended before {step}: {process.communicate()[0]}")
        time.sleep(0.05)
    time.sleep(after_seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _upgrade(bench: Bench) -> None:
    def say(words: str) -> None:
        print(f"{time.monotonic():.2f} {words}", flush=True)

    try:
        Upgrade(bench.home, bench, say).run(bench.source)
    except Failed as failed:
        say(str(failed))


def _read_steps(said: str) -> dict[str, float]:
    """Return how many seconds each step took, from when the next one was said to begin."""
    split = [line.partition(" ") for line in said.splitlines() if "== " in line or " runs" in line]
    lines = [(float(moment), words) for moment, _, words in split]
    return {
        words.removeprefix("== "): later - now
        for (now, words), (later, _) in pairwise(lines)
        if words.startswith("== ")
    }


def _compare(name: str, bench: Bench, before: Before) -> None:
    """Print which release answers, and whether the tables of before have the rows of before."""
    runs, after = (bench.home / "current").resolve().name, bench.digest(before.columns)
    gone = sorted(before.digest.keys() - after.keys())
    changed = [name for name, found in after.items() if before.digest[name] != found]
    fewer = [name for name in changed if after[name][0] != before.digest[name][0]]
    left = [path.name for path in (bench.copy, bench.home / "upgrade.json") if path.exists()]
    print(f"{name}: {runs} runs and answers {bench.ask()}")
    print(f"  {sum(count for count, _ in after.values()):,} rows in {len(after)} tables of before")
    for title, names in (("gone", gone), ("changed", changed), ("other numbers", fewer), ("left over", left)):
        print(f"  {title}: {', '.join(names) or 'nothing'}", flush=True)


def _hash(rows: Any) -> tuple[int, str]:
    """Of rows in any order."""
    digests = sorted(hashlib.sha256(repr(tuple(row)).encode()).digest() for row in rows)
    return len(digests), hashlib.sha256(b"".join(digests)).hexdigest()


if __name__ == "__main__":
    main()
