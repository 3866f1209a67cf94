"""Two hosts on one PostgreSQL and one Redis: whatever happens to one, what was answered is there."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest
from sqlalchemy import create_engine, text

from casework.store.database import connection_options
from tests.faults.federation import BACK_SECONDS, INCIDENT, Federation, log, sign_in
from tests.support.application import CASEWORKER, COLLEAGUE
from tests.support.audit import open_log
from tests.support.hosts import Host, HostVisitor, wait_until


def test_who_signs_in_on_one_works_on_the_other(federation: Federation) -> None:
    """Each request goes to another host: nobody notices; who signs out on one is out on both."""
    visitor = federation.sign_in(CASEWORKER)
    case = log(visitor, "A car stopped beside her.")
    assert case
    for host in (federation.one, federation.other):
        visitor.stay_at(host)
        assert "A car stopped beside her." in visitor.get(case).text
        assert visitor.get("/incidents?who=all").status == 200
    visitor.stay_at(federation.one)
    visitor.get("/account")
    visitor.submit(visitor.page.form(action="/sign-out"), {})
    visitor.stay_at(federation.other)
    assert "/sign-in" in visitor.get(case).url or visitor.page.status == 401


# ---- whatever happens under load ----------------------------------------------------


@dataclass
class Writers:
    """Members who log all the time, at both hosts; `answered` are the cases that they were told of."""

    federation: Federation
    answered: dict[str, str] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)
    _ends: threading.Event = field(default_factory=threading.Event)

    def write(self, login: str, number: int, host: Host) -> None:
        """Log, and after an error sign in again, until it ends."""
        visitor, turn = HostVisitor(host), 0
        while not self._ends.is_set():
            turn += 1
            try:
                if not visitor.cookies or visitor.page.status != 200 or "/sign-in" in visitor.page.url:
                    sign_in(visitor, self.federation.players[login])
                words = f"writer {number} told of {turn}"
                case = log(visitor, words)
                if case:
                    self.answered[words] = case
            except (AssertionError, OSError):
                self.refused.append(visitor.page.status)
                time.sleep(0.2)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let two write at each host."""
        threads = [
            threading.Thread(target=self.write, args=(login, number, host))
            for number, (login, host) in enumerate(
                (login, host)
                for login in (CASEWORKER, COLLEAGUE)
                for host in (self.federation.one, self.federation.other)
            )
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ends.set()
            for thread in threads:
                thread.join()

    def wait_for_more(self, count: int = 3) -> None:
        """Wait until so many more were logged."""
        wanted = len(self.answered) + count
        wait_until(lambda: len(self.answered) >= wanted, BACK_SECONDS, "nothing more is logged")


def _kill(federation: Federation, writers: Writers) -> None:
    for host in (federation.other, federation.one):
        host.kill()
        writers.wait_for_more()  # at the one that is left
        host.start()


def _cut(federation: Federation, writers: Writers) -> None:
    federation.other.cut()
    writers.wait_for_more()
    federation.other.mend()


def _restart_database(federation: Federation, writers: Writers) -> None:
    federation.restart_database()


def _restart_redis(federation: Federation, writers: Writers) -> None:
    federation.redis.restart()


FAULTS = {"kill": _kill, "cut": _cut, "database": _restart_database, "redis": _restart_redis}


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_that_was_answered_is_lost(federation: Federation, fault: str) -> None:
    """A host that is killed or cut off, a database or a Redis that starts anew, while four members write."""
    writers = Writers(federation)
    with writers.at_work():
        writers.wait_for_more()
        FAULTS[fault](federation, writers)
        writers.wait_for_more(6)
    for host in (federation.one, federation.other):
        wait_until(partial(_works, federation, host), BACK_SECONDS, f"{host.name} does not come back")
    reader = federation.sign_in(CASEWORKER)
    lost = {words: case for words, case in writers.answered.items() if words not in reader.get(case).text}
    assert lost == {}
    with federation.looked_into() as founded:
        open_log(founded.context())  # raises where the chain has a gap


def _works(federation: Federation, host: Host) -> bool:
    visitor = HostVisitor(host)
    try:
        sign_in(visitor, federation.players[COLLEAGUE])
        return bool(log(visitor, f"{host.name} works as before"))
    except (AssertionError, OSError):
        return False


def test_who_is_cut_off_with_the_lock_keeps_nobody_waiting(federation: Federation) -> None:
    """The database lets go of a host that it hears no more of: within seconds, not hours."""
    visitor = federation.sign_in(CASEWORKER, federation.one)
    with _lock_held_at(federation.other):
        federation.other.cut()
        assert log(visitor, "He was let go at noon.")


@contextmanager
def _lock_held_at(host: Host) -> Iterator[None]:
    """Begin to write from a host's network, connected as a server of ours is, and go no further."""
    begun, done = threading.Event(), threading.Event()

    def hold() -> None:
        host.enter()
        url = host.settings["CASEWORK_DATABASE_URL"]
        engine = create_engine(url, **connection_options(url))
        with engine.connect() as connection:
            connection.execute(text("UPDATE write_head SET generation = generation"))
            begun.set()
            done.wait()
            connection.invalidate()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert begun.wait(BACK_SECONDS)
        yield
    finally:
        done.set()
        thread.join()


# ---- sessions -----------------------------------------------------------------------


def test_a_redis_that_starts_anew_ends_every_session_and_loses_no_form(federation: Federation) -> None:
    """While it is away a page says so and gives the form back; then one signs in and sends it again."""
    visitor = federation.sign_in(CASEWORKER)
    visitor.get("/incidents/new")
    written = "They asked where she lived, and would not say why."
    federation.redis.stop()
    visitor.fill(INCIDENT | {"text": written}, action="/incidents/new")
    assert visitor.page.status == 503
    assert written in visitor.page.text and "does not answer" in visitor.page.text
    federation.redis.start()
    visitor.fill({"text": written}, action="/incidents/new")
    assert visitor.page.status == 401 and written in visitor.page.text
    again = visitor.page
    sign_in(visitor, federation.players[CASEWORKER])
    visitor.page = again
    visitor.fill({"text": written}, action="/incidents/new")
    assert visitor.page.status == 200 and "/cases/" in visitor.page.url, visitor.page.text
    assert written in visitor.page.text
