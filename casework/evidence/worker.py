"""The process that reads files which anybody may have made: little memory and time, no files, no network use.

It takes the media type as its argument and the content on its standard input, and answers with frames: a
letter, a u32 length, bytes. `K` the cleaned copy's media type, `C` a piece of it, `D` that it is whole, `P` a
piece of the preview, `F` the code of why there is none, `E` the end.
"""

import ctypes
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from casework.evidence.kinds import Family, family_of
from casework.evidence.refusals import NO_WAY, TOO_MUCH, Uncleanable

MEMORY_BYTES = 2 * 1024 * 1024 * 1024
CPU_SECONDS = 120
PIECE_BYTES = 64 * 1024
_PR_SET_PDEATHSIG = 1

Send = Callable[[bytes, bytes], None]


def main() -> None:
    """Clean one file."""
    end_with_parent()
    end_first()
    limit()
    kind, content = sys.argv[1], sys.stdin.buffer.read()
    try:
        answer(kind, content, _send)
    except Uncleanable as refused:
        _send(b"F", refused.code.encode())
    except (MemoryError, RecursionError):
        _send(b"F", TOO_MUCH.encode())
    _send(b"E", b"")
    sys.stdout.buffer.flush()


def end_with_parent() -> None:
    """Have Linux end this process with the server's: a seal ends what it holds of a file, too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def end_first() -> None:
    """Where the machine's memory runs out, have Linux end this process, and not the server."""
    with suppress(OSError):  # no Linux
        Path("/proc/self/oom_score_adj").write_text("1000")


def limit() -> None:
    """Bound what this process may use, before it reads anything that a stranger made."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def answer(kind: str, content: bytes, send: Send) -> None:
    """Send the cleaned copy of a file and a preview of it; raises Uncleanable."""
    match family_of(kind):
        case Family.IMAGE:
            from casework.evidence.images import clean_image

            cleaned_kind, cleaned, preview = clean_image(kind, content)
            _send_copy(send, cleaned_kind, cleaned)
            _send_pieces(send, b"P", preview)
        case Family.PDF:
            _answer_pdf(content, send)
        case _:
            raise Uncleanable(NO_WAY)


def _answer_pdf(content: bytes, send: Send) -> None:
    from casework.evidence.firstpage import draw_first_page
    from casework.evidence.pdfs import clean_pdf

    cleaned = clean_pdf(content)
    _send_copy(send, "application/pdf", cleaned)
    try:
        _send_pieces(send, b"P", draw_first_page(cleaned))
    except (Uncleanable, MemoryError):
        return  # a page that cannot be drawn is looked at in a program of one's own


def _send_copy(send: Send, kind: str, content: bytes) -> None:
    send(b"K", kind.encode())
    _send_pieces(send, b"C", content)
    send(b"D", b"")


def _send_pieces(send: Send, letter: bytes, content: bytes) -> None:
    view = memoryview(content)
    for at in range(0, len(view), PIECE_BYTES):
        send(letter, bytes(view[at : at + PIECE_BYTES]))


def _send(letter: bytes, content: bytes) -> None:
    sys.stdout.buffer.write(letter + len(content).to_bytes(4, "big") + content)
    if letter == b"D":
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
