"""The optimal mode of τ-Argus on our model of a table, by way of its JJ format; pytauargus is optional.

It runs in a process of its own: it prints, leaves logs where it stands, and may not end as it should.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.linkedcells import LinkedCells

_RUN: Final = """
import sys
from pytauargus.engine import Engine
Engine()._hitas.full_jj(in_file_jj=sys.argv[1], out_file=sys.argv[2], max_time=int(sys.argv[3]))
"""
_GRACE: Final = 120
"""Seconds that it may take beyond its own limit before it is stopped."""


class Solution(NamedTuple):
    """What it hides, or None where it left no answer, and the seconds of the clock that it took."""

    hidden: BoolArray | None
    seconds: float


def is_installed() -> bool:
    """Whether pytauargus is here; there are wheels for Linux and for new Macs alone."""
    return find_spec("pytauargus") is not None


def solve(cells: LinkedCells, minutes: int) -> Solution:
    """The best pattern that it finds in whole minutes (its own unit)."""
    with tempfile.TemporaryDirectory() as folder:
        table, answer = Path(folder) / "table.jj", Path(folder) / "answer.jj"
        table.write_text("".join(_lines(cells)), "ascii")
        command = [sys.executable, "-c", _RUN, str(table), str(answer), str(minutes)]
        begun = time.perf_counter()
        try:
            subprocess.run(  # noqa: S603 - this Python, and a program that stands above
                command, cwd=folder, capture_output=True, check=False, timeout=60 * minutes + _GRACE
            )
        except subprocess.TimeoutExpired:
            return Solution(None, time.perf_counter() - begun)
        seconds = time.perf_counter() - begun
        return Solution(_read(answer, cells) if answer.exists() else None, seconds)


def _lines(cells: LinkedCells) -> Iterator[str]:
    """Cells, then equations.

    A cell: number, value, cost, status (u unsafe, s may be hidden, z may not), known bounds, and by how much
    its interval has to reach down, up and in all. An unsafe count's has to reach where ours has to.
    """
    needs = {column: (least, far) for column, least, far in cells.needs}
    yield f"0\n{len(cells.values)}\n"
    for at, value in enumerate(cells.values.tolist()):
        status = "u" if cells.primary[at] else "s" if cells.hideable[at] else "z"
        least, far = needs.get(at, (value, value))
        down, up = value - least, max(far - value, 0)
        bounds = f"{cells.lower[at]} {cells.upper[at]}"
        yield f"{at} {value} {max(value, 1)} {status} {bounds} {down:.3f} {up:.3f} 0\n"
    yield f"{len(cells.rows)}\n"
    for row in cells.rows:
        terms = sorted(zip(row.columns, row.coefficients, strict=True), key=lambda term: term[1])
        named = " ".join(f"{column} ({coefficient:.0f})" for column, coefficient in terms)
        yield f"{row.lower:.0f} {len(row.columns)} : {named}\n"


def _read(answer: Path, cells: LinkedCells) -> BoolArray:
    """A secondary is a line with nothing but its number."""
    words = (line.split() for line in answer.read_text("ascii", "replace").splitlines())
    hidden = cells.primary.copy()
    hidden[np.array([int(line[0]) for line in words if len(line) == 1], dtype=np.int64)] = True
    return hidden
