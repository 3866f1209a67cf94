"""Other starts of the search: each is safe by itself, they differ, and none takes time that is not there."""

import time

import numpy as np
import pytest

from casework.disclosure.frequency.files import read_frequencies
from casework.disclosure.frequency.model import Policy, link_frequencies
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.search.opening import Opener
from casework.disclosure.search.probe import Probe
from casework.disclosure.search.restarting import Restarts
from casework.disclosure.solver import Deadline


@pytest.fixture
def cells() -> LinkedCells:
    draw = np.random.default_rng(4)
    counts = draw.poisson(np.exp(draw.normal(2.6, 1.2, size=(6, 7))))
    lines = [f"{row},{column},{count}" for (row, column), count in np.ndenumerate(counts)]
    text = "\n".join(["row,column,count", *lines]) + "\n"
    return link_frequencies(read_frequencies(text, "count", []), Policy(5, zeros_published=True))


def make_restarts(cells: LinkedCells, seconds: float) -> tuple[Probe, Restarts]:
    deadline = Deadline(60.0)
    probe = Probe(cells, deadline)
    return probe, Restarts(probe, Opener(cells, deadline), np.zeros(len(cells.values)), seconds)


def test_each_start_is_safe_and_they_differ(cells: LinkedCells) -> None:
    """A pattern that hides less is not: nothing is hidden in vain."""
    probe, restarts = make_restarts(cells, 0.0)
    drawn = [restarts.draw(time.monotonic() + 60) for _ in range(8)]
    for hidden in drawn:
        assert hidden is not None and probe.shields(hidden) and hidden[cells.primary].all()
        for column in np.flatnonzero(hidden & ~cells.primary):
            fewer = hidden.copy()
            fewer[column] = False
            assert not probe.shields(fewer)
    assert len({hidden.tobytes() for hidden in drawn if hidden is not None}) > 1


def test_what_would_take_too_long_is_not_begun(cells: LinkedCells) -> None:
    """A twentieth of the time that is left is the most."""
    restarts = make_restarts(cells, 1.0)[1]
    assert restarts.draw(time.monotonic() + 19) is None
    assert restarts.draw(time.monotonic() + 60) is not None
