"""How many shares there can be."""

import pytest

from casework.domain.quorum import PROPOSED, USUAL, Quorum
from casework.errors import Invalid


def test_what_is_proposed_can_be_and_forgives_a_loss() -> None:
    """Two of three first; every proposal has a sheet to spare."""
    assert PROPOSED[0] == USUAL == Quorum(2, 3)
    assert all(quorum.spare for quorum in PROPOSED)


@pytest.mark.parametrize(("threshold", "shares"), [(2, 2), (2, 16), (16, 16), (3, 5)])
def test_quorums_that_can_be(threshold: int, shares: int) -> None:
    """From two to sixteen, and as many that open as there are at most."""
    assert Quorum(threshold, shares).spare == shares - threshold


@pytest.mark.parametrize(
    ("threshold", "shares", "named"),
    [(1, 3, "threshold"), (4, 3, "threshold"), (1, 1, "shares"), (2, 17, "shares"), (0, 0, "shares")],
)
def test_quorums_that_cannot_be_name_what_to_change(threshold: int, shares: int, named: str) -> None:
    """A sheet that opens alone is none."""
    with pytest.raises(Invalid) as invalid:
        Quorum(threshold, shares)
    assert set(invalid.value.faults) == {named}
