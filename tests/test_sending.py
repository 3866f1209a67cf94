"""Who is sent a file when, and how fast they have to take it."""

import io
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework import sending
from casework.sending import EACH_SENT, EACH_WAITING, SENDERS, WAITING, Pace, PacedLine, Senders

LARGE = b"a" * 16_000_000  # more than the system takes for a line


class Turns:
    """Senders whose files end when they are told to; counts who has a turn."""

    def __init__(self) -> None:
        self.senders = Senders()
        self.ending = threading.Event()
        self.running: Counter[UUID] = Counter()

    def ask(self, member: UUID) -> "Future[Any] | None":
        """Ask for a file."""
        return self.senders.send(member, lambda: self._send(member))

    def _send(self, member: UUID) -> None:
        self.running[member] += 1
        self.ending.wait(20)
        self.running[member] -= 1


@pytest.fixture
def turns() -> Iterator[Turns]:
    """Nobody has a turn yet."""
    turns = Turns()
    yield turns
    turns.ending.set()


def _until(is_so: Any) -> bool:
    until = time.monotonic() + 60
    while not is_so() and time.monotonic() < until:
        time.sleep(0.01)
    return bool(is_so())


def test_one_member_leaves_turns_for_others(turns: Turns) -> None:
    """However many they ask for; what waits is bounded too, and the next member begins at once."""
    one, other = uuid4(), uuid4()
    asked = [turns.ask(one) for _ in range(EACH_SENT + EACH_WAITING + 1)]
    assert None not in asked[:-1] and asked[-1] is None
    assert turns.ask(other) is not None
    assert _until(lambda: turns.running == {one: EACH_SENT, other: 1})


def test_who_waits_is_bounded_in_all(turns: Turns) -> None:
    """Half of the connections are left for pages; who finds a turn free has it, however many wait."""
    crowd = [uuid4() for _ in range(WAITING // EACH_WAITING)]
    asked = [turns.ask(member) for member in crowd for _ in range(EACH_SENT + EACH_WAITING)]
    newcomers = [uuid4() for _ in range(SENDERS - len(crowd) * EACH_SENT + 1)]
    last = [turns.ask(member) for member in newcomers]
    assert None not in asked and None not in last[:-1] and last[-1] is None
    assert _until(lambda: turns.running.total() == SENDERS)


def test_a_turn_that_ends_goes_to_who_has_the_fewest(turns: Turns) -> None:
    """Not to who asked first and has some: a newcomer waits for one end at most."""
    crowd = [uuid4() for _ in range(SENDERS // EACH_SENT)]
    first = [turns.ask(member) for _ in range(EACH_SENT) for member in crowd]
    late, newcomer = turns.ask(crowd[0]), uuid4()
    turns.ask(newcomer)
    assert _until(lambda: turns.running.total() == SENDERS)
    assert turns.running[newcomer] == 0
    turns.ending.set()
    for future in first:
        assert future is not None
        future.result(5)
    turns.ending.clear()
    turns.senders.go_on()
    assert _until(lambda: turns.running[newcomer] == 1)
    assert late is not None and not late.done()


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A line: the server's end, which the system holds much for, and one that holds little."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as theirs:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        theirs.connect(listener.getsockname())
        ours, _address = listener.accept()
        with ours:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024 * 1024)
            yield ours, theirs


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often."""
    monkeypatch.setattr(sending, "_LOOK_SECONDS", 0.05)


@pytest.mark.usefixtures("soon")
def test_who_does_not_read_is_given_up(line: tuple[socket.socket, socket.socket]) -> None:
    """After the seconds of the pace, and what the system holds for them goes too."""
    paced, began = PacedLine(line[0], Pace(0.5, 1000, 60)), time.monotonic()
    with pytest.raises(ConnectionResetError):
        paced.sendall(LARGE)
    assert 0.4 < time.monotonic() - began < 30  # far from the 60 that it may take in all
    line[0].close()
    with pytest.raises(ConnectionResetError):
        while line[1].recv(65536):
            pass


@pytest.mark.usefixtures("soon")
@pytest.mark.skipif(not hasattr(socket, "TCP_QUICKACK"), reason="only Linux tells what was acknowledged")
def test_a_bad_line_is_waited_for(line: tuple[socket.socket, socket.socket]) -> None:
    """One that takes little, but enough, goes on: long after the system took its last piece in one go."""
    paced, stop = PacedLine(line[0], Pace(0.5, 2000, 60)), threading.Event()
    failed: list[OSError] = []

    def send() -> None:
        try:
            paced.sendall(LARGE)
        except OSError as error:
            failed.append(error)

    def read() -> None:
        while not stop.wait(0.1):
            line[1].recv(8192)

    threads = [threading.Thread(target=deed, daemon=True) for deed in (send, read)]
    for thread in threads:
        thread.start()
    time.sleep(3)
    assert failed == []
    stop.set()
    assert _until(lambda: failed)  # and once it takes nothing any more it ends
    for thread in threads:
        thread.join(60)


@pytest.mark.usefixtures("soon")
def test_all_of_it_has_its_time(line: tuple[socket.socket, socket.socket]) -> None:
    """However steadily it is taken."""
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(0.02):
            line[1].recv(8192)

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    with pytest.raises(ConnectionResetError):
        PacedLine(line[0], Pace(0.2, 1, 1)).sendall(LARGE)
    stop.set()
    reading.join(5)


def test_a_file_is_sent_whole(line: tuple[socket.socket, socket.socket]) -> None:
    """From where it is asked for, and no more than that."""
    content = bytes(range(256)) * 4000
    paced = PacedLine(line[0], sending.FILE)
    got = bytearray()

    def read() -> None:
        while len(got) < 700_000 and (piece := line[1].recv(65536)):
            got.extend(piece)

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    assert paced.sendfile(io.BytesIO(content), offset=7, count=700_000) == 700_000
    reading.join(10)
    assert bytes(got) == content[7 : 7 + 700_000]
