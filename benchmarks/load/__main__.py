"""Plays an organization at work: fifty members at once, each with a session of their own, over real sockets.

    .venv/bin/python -m benchmarks.load                                  # five minutes, 10,000 cases, SQLite
    .venv/bin/python -m benchmarks.load --database postgresql+psycopg://… # an empty database
    .venv/bin/python -m benchmarks.load --minutes 120 --samples soak.csv  # a soak

Each member does one thing after the other, by the shares of their role, and thinks between two, for fifteen
seconds in the mean. What is timed is the requests of a deed, one after the other, as their browser waits for
them. The players take part of the machine that the server has: their times are the worse for it.
"""

import argparse
import random
import re
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.load import stage
from benchmarks.load.browsing import Browser, Unsound
from benchmarks.load.deeds import log_incident, plan
from benchmarks.load.sampling import Sampler
from benchmarks.load.shared import Shared
from benchmarks.load.tally import Tally

SHARED = 5
MINUTE = 60


def main() -> None:
    """Prepare, play, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=50)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--think", type=float, default=15, help="seconds between two deeds, in the mean")
    parser.add_argument("--database", default="", help="another database than SQLite in the folder")
    parser.add_argument("--keep", type=Path, help="a folder to fill once and use again")
    parser.add_argument("--samples", type=Path, help="where memory and open files are written, as CSV")
    parser.add_argument("--port", type=int, default=8765)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.keep or Path(temporary)) / "instance"
        samples = arguments.samples or Path(temporary, "samples.csv")
        words = stage.prepare(folder, arguments.cases, arguments.members, arguments.database)
        log = Path(temporary, "server.log")
        with stage.serve(folder, arguments.port, arguments.database, log) as pid:
            name, players = stage.sign_in(folder, words, arguments.database)
            browsers = [Browser(arguments.port, name, one.cookie) for one in players]
            with Sampler(pid, folder, samples) as sampler:
                _play(arguments, players, browsers, sampler)
        print(f"the server logged: {log.read_text('utf-8') or 'nothing'}")
        print("".join(f"{line}\n" for line in _first_and_last(samples)))


def _play(
    arguments: argparse.Namespace, players: list[stage.Player], browsers: list[Browser], sampler: Sampler
) -> None:
    shared, tally = Shared([_share(browsers[0]) for _ in range(SHARED)]), Tally()
    ends_at = time.monotonic() + arguments.minutes * MINUTE

    def play(number: int) -> None:
        chance, browser = random.Random(number), browsers[number]
        deeds = plan(players[number].role, shared)
        weights = [deed.weight for deed in deeds]
        while time.monotonic() < ends_at:
            time.sleep(chance.expovariate(1 / arguments.think))
            deed, fault = chance.choices(deeds, weights)[0], ""
            try:
                deed.do(browser, chance)
            except (Unsound, OSError, AssertionError, IndexError) as error:
                fault = f"{type(error).__name__}: {error}"[:160]
            sampler.requests += browser.count()
            tally.add(deed.name, browser.take_seconds(), fault)

    threads = [threading.Thread(target=play, args=(number,)) for number in range(len(players))]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(1)
    database = "PostgreSQL" if arguments.database else "SQLite"
    print(f"{len(players)} members, {arguments.cases:,} cases, {database}, {arguments.minutes:g} minutes")
    tally.print_all()
    saved, lost = shared.check(browsers[0])
    print(f"\n{saved} words saved in {SHARED} shared incidents, {shared.conflicts} conflicts, {lost} lost")


def _share(browser: Browser) -> str:
    """Log an incident that many will change; returns its address."""
    case = log_incident(browser, random.Random(0))
    return str(re.findall(r'href="(/incidents/[0-9a-f-]{36})"', browser.open(case).text)[0])


def _first_and_last(samples: Path) -> list[str]:
    lines = samples.read_text("utf-8").splitlines()
    return [lines[0], *lines[1:2], *lines[-1:]]


if __name__ == "__main__":
    main()
