"""What words cost: the least that is let through, save in tests/vault, which is about it, and in servers.

What is sealed says its cost, so that whatever opens it takes the same way as for people.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from casework.vault import passphrase, wordsealing

CHEAP = passphrase.Cost(iterations=1, memory_kib=19 * 1024, lanes=1)
CHEAP_WORK_FACTOR = 10
VAULT = Path(__file__).parents[1] / "vault"


@contextmanager
def low_costs() -> Iterator[None]:
    """Let this process seal seeds and files under words at the lowest cost; nothing else changes."""
    named = passphrase.seal_seed.__kwdefaults__
    assert named is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(named, "cost", CHEAP)
        patch.setattr(wordsealing, "WORK_FACTOR", CHEAP_WORK_FACTOR)
        yield


@pytest.fixture(autouse=True)
def costs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Spare every other test the seconds that guessing is meant to cost."""
    if VAULT in request.path.parents:
        yield
        return
    with low_costs():
        yield
