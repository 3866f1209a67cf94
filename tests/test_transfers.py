"""Who may send a file when, and how fast it has to come."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from casework import transfers
from casework.arriving import HeldUnreader
from casework.transfers import EACH, HELD, RECEIVERS, PacedUnreader, Transfers


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A line: the server's end and the sender's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def ending() -> Iterator[threading.Event]:
    """What lets every thread end."""
    ending = threading.Event()
    yield ending
    ending.set()


Begin = Callable[..., bool]


@pytest.fixture
def begin(pair: tuple[socket.socket, socket.socket], ending: threading.Event) -> Begin:
    """Begin a file of a member; returns whether there was a turn."""
    held = Transfers()

    def begin(member: UUID, missing_bytes: int = 1000) -> bool:
        parser = SimpleNamespace(unreader=HeldUnreader())
        arriving = SimpleNamespace(member=member, missing_bytes=missing_bytes)
        conn = SimpleNamespace(sock=pair[0], parser=parser, arriving=arriving)
        return held.receive(conn, lambda _conn: ending.wait(20)) is not None

    return begin


def test_one_member_leaves_turns_for_others(begin: Begin) -> None:
    """Half of the turns at most, and all together no more than there are."""
    one, other = uuid4(), uuid4()
    assert [begin(one) for _ in range(EACH + 1)] == [True] * EACH + [False]
    assert [begin(other) for _ in range(EACH + 1)] == [True] * EACH + [False]
    assert not begin(uuid4())
    assert 2 * EACH == RECEIVERS


def test_what_is_here_and_is_being_cleaned_takes_no_turn(begin: Begin) -> None:
    """Others send meanwhile; of threads, too, a member has half at most."""
    one, other = uuid4(), uuid4()
    assert [begin(one, missing_bytes=0) for _ in range(HELD // 2 + 1)] == [True] * (HELD // 2) + [False]
    assert [begin(other) for _ in range(EACH + 1)] == [True] * EACH + [False]


def test_a_form_that_is_being_cleaned_takes_no_turn(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor while more of it is to come: nothing is asked of the line."""
    member = uuid4()
    while begin(member):
        pass
    monkeypatch.setattr(transfers, "RESTING_SECONDS", 0.1)
    assert _in_time(lambda: begin(member))


def test_a_turn_ends_with_its_file(begin: Begin, ending: threading.Event) -> None:
    """The next file of the same member is taken then."""
    member = uuid4()
    while begin(member):
        pass
    ending.set()
    assert _in_time(lambda: begin(member))


def _in_time(is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so: threads take their time on a busy machine."""
    until = time.monotonic() + 15  # less than a file of these tests lasts
    while not (found := is_so()) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _send(sender: socket.socket, piece: bytes, stop: threading.Event) -> None:
    while not stop.wait(0.02):
        sender.sendall(piece)


@pytest.mark.parametrize(("size", "is_enough"), [(1, False), (4000, True)])
def test_a_file_comes_fast_enough_or_not_at_all(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch, size: int, is_enough: bool
) -> None:
    """A byte now and then keeps no turn; once given up, what still comes is not read."""
    monkeypatch.setattr(transfers, "PACE_SECONDS", 0.5)
    monkeypatch.setattr(transfers, "PACE_BYTES", 1000)
    reader, stop = PacedUnreader(pair[0], 1_000_000), threading.Event()
    sending = threading.Thread(target=_send, args=(pair[1], b"a" * size, stop), daemon=True)
    sending.start()
    began, come = time.monotonic(), 0
    while (piece := reader.chunk()) and time.monotonic() - began < (2 if is_enough else 30):
        come += len(piece)
    stop.set()
    sending.join()
    assert bool(piece) == is_enough
    if not is_enough:
        assert reader.chunk() == b""


def test_silence_ends_a_file(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who says nothing is waited for so long; what the server does meanwhile does not count."""
    monkeypatch.setattr(transfers, "PACE_SECONDS", 0.3)
    reader = PacedUnreader(pair[0], 1_000_000)
    pair[1].sendall(b"a")
    assert reader.chunk() == b"a"
    time.sleep(0.4)
    pair[1].sendall(b"b")
    assert reader.chunk() == b"b"
    began = time.monotonic()
    assert reader.chunk() == b"" and 0.2 < time.monotonic() - began < 2
