"""Prints what a file of a case costs beside hashing and writing, then reading, the same bytes."""

import argparse
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from uuid import UUID

from benchmarks.records import draft, found
from casework.app import create_app, prepare
from casework.config import load_settings
from casework.services.attachments.adding import add_attachment
from casework.services.attachments.keeping import give_copy
from casework.services.context import Context
from casework.services.incidents import log_incident

FILE_BYTES = 200_000_000
PIECE_BYTES = 256 * 1024
ROUNDS = 3


def main() -> None:
    """Add a recording, of which no cleaned copy is made, and take it again, in turn with plain bytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of it")
    size_bytes = FILE_BYTES // (10 if parser.parse_args().small else 1)
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name).resolve()
        settings = load_settings(
            {"CASEWORK_CONFIG": ""},
            overrides={
                "INSTANCE_PATH": folder / "instance",
                "VOLATILE_URL": f"sqlite:///{folder}/memory/volatile.sqlite",
            },
        )
        app = create_app(settings)
        prepare(app)
        with app.app_context():
            context = found(app)
            _compare(context, log_incident(context, draft(1)).case_id, folder / "plain", size_bytes)


def _compare(context: Context, case_id: UUID, plain: Path, size_bytes: int) -> None:
    _add(context, case_id, PIECE_BYTES)  # what the first file of all loads is not the file's
    _forget_peak()
    before = _peak_mb()
    times: dict[str, list[float]] = {}

    def measure(what: str, deed: Callable[[], object]) -> None:
        started = time.perf_counter()
        deed()
        times.setdefault(what, []).append(time.perf_counter() - started)

    attached: list[UUID] = []
    for _ in range(ROUNDS):
        measure("plain", lambda: _write(plain, _pieces(size_bytes)))
        measure("seal", lambda: attached.append(_add(context, case_id, size_bytes)))
        measure("read", lambda: _read(plain))
        measure("open", lambda: _take(context, case_id, attached[-1]))
    middle = {what: sorted(seconds)[ROUNDS // 2] for what, seconds in times.items()}
    size = size_bytes / 1e6
    print(f"file {size:,.0f} MB")
    for what, seconds in middle.items():
        print(f"{what:<6}{seconds:6.2f} s   {size / seconds:6.0f} MB/s")
    print(f"ratio seal {middle['seal'] / middle['plain']:.2f}, open {middle['open'] / middle['read']:.2f}")
    print(f"memory at the peak {_peak_mb():.0f} MB, of which {_peak_mb() - before:.0f} MB for the file")


def _pieces(size_bytes: int) -> Iterator[bytes]:
    """Yield what begins as a recording does; the same piece again and again."""
    piece = b"ID3\x04" + os.urandom(PIECE_BYTES - 4)
    for start in range(0, size_bytes, PIECE_BYTES):
        yield piece[: size_bytes - start]


def _add(context: Context, case_id: UUID, size_bytes: int) -> UUID:
    return add_attachment(context, case_id, "recording.mp3", "", _pieces(size_bytes))


def _take(context: Context, case_id: UUID, attachment_id: UUID) -> None:
    for _piece in give_copy(context, case_id, attachment_id, "original").content:
        pass


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> None:
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")


def _forget_peak() -> None:
    """Count the peak anew: hashing a passphrase took more than any file does."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
