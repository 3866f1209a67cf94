"""Having a file cleaned by a process of its own: whatever is in it, the server stays as it is."""

import subprocess
import sys
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from casework.evidence.kinds import Family, family_of
from casework.evidence.refusals import CODES, DAMAGED, NO_WAY, TOO_MUCH, Busy, Uncleanable

SECONDS = 300.0
"""For one file, from its first byte to the last of its copy."""
PREVIEW_SECONDS = 20.0
WAIT_SECONDS = 330.0
"""For one's turn: longer than any one file takes."""
CLEANED, PREVIEW = "cleaned", "preview"

_ROOT = Path(__file__).resolve().parents[2]
_CLEANED_FAMILIES = {Family.IMAGE, Family.PDF}
"""All others wait for nothing."""
_FRAME_BYTES = 1024 * 1024
# One after the other: each may take as much memory as the worker is allowed.
_turn = threading.Lock()

Piece = tuple[str, bytes]
"""CLEANED and a piece of the copy, or PREVIEW and a whole picture; first `kind` and the copy's media type."""


def clean(kind: str, content: Iterable[bytes]) -> Generator[Piece, None, None]:
    """Yield the copies of a file of this media type: the cleaned one in pieces, and last the preview, if any.

    Raises Uncleanable, also after some pieces of the copy: they are worth nothing then. Raises Busy where
    others were cleaned for all the time that one waits.
    """
    if family_of(kind) not in _CLEANED_FAMILIES:
        raise Uncleanable(NO_WAY)
    with _take_turn(), _Worker(kind) as worker:
        worker.feed(content)
        preview, is_whole = b"", False
        for letter, piece in worker.frames():
            match letter:
                case b"F":
                    code = piece.decode("ascii", "replace")
                    raise Uncleanable(code if code in CODES else DAMAGED)
                case b"K":
                    yield "kind", piece
                case b"C":
                    yield CLEANED, piece
                case b"P":
                    preview += piece
                case b"D":
                    is_whole = True
                    worker.allow(PREVIEW_SECONDS)
                case b"E" if preview:
                    yield PREVIEW, preview
        if not is_whole:
            # It was ended: by us, or by the system, for what it wanted to take.
            raise Uncleanable(TOO_MUCH)


@contextmanager
def _take_turn() -> Iterator[None]:
    if not _turn.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _turn.release()


class _Worker:
    """The process, for as long as its time lasts."""

    def __init__(self, kind: str) -> None:
        # No environment but what Python needs: neither settings nor credentials go to it.
        self._process = subprocess.Popen(  # noqa: S603 - our own module, without a shell
            [sys.executable, "-s", "-m", "casework.evidence.worker", kind],
            cwd=_ROOT,
            env={"PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._timer: threading.Timer | None = None
        self.allow(SECONDS)

    def allow(self, seconds: float) -> None:
        """Let it go on for so long from now."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(seconds, self._process.kill)
        self._timer.daemon = True
        self._timer.start()

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()

    def feed(self, content: Iterable[bytes]) -> None:
        """Send the file; where the process was ended, what it says or does not say tells why."""
        assert self._process.stdin is not None  # noqa: S101 - it is piped
        with suppress(BrokenPipeError):
            for piece in content:
                self._process.stdin.write(piece)
            self._process.stdin.close()

    def frames(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield what it answers, as far as it comes whole."""
        source = self._process.stdout
        assert source is not None  # noqa: S101 - it is piped
        while len(head := source.read(5)) == 5:
            length = int.from_bytes(head[1:], "big")
            piece = source.read(length) if length <= _FRAME_BYTES else b""
            if len(piece) < length:
                return
            yield head[:1], piece
