"""Any quorum of shares gives the seed back, and no fewer do."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.errors import Invalid, Tampered
from casework.vault import recovery
from tests.vault.cast import RECOVERY

quorums = st.integers(min_value=2, max_value=16).flatmap(
    lambda shares: st.tuples(st.integers(min_value=2, max_value=shares), st.just(shares))
)


@given(st.binary(min_size=32, max_size=32), quorums, st.randoms())
@settings(deadline=None, max_examples=40)
def test_any_quorum_recovers_and_fewer_fail(seed: bytes, quorum: tuple[int, int], random: object) -> None:
    """M of N shares in any order, and not M-1."""
    threshold, count = quorum
    shares = recovery.split(seed, threshold, count)
    assert len(shares) == len(set(shares)) == count
    assert hasattr(random, "sample")
    chosen = random.sample(shares, threshold)
    assert recovery.combine(chosen) == seed
    with pytest.raises(Tampered):
        recovery.combine(chosen[1:])


def test_two_of_three_is_the_default() -> None:
    """Every pair recovers; all three do, too; one does not."""
    shares = recovery.split(RECOVERY.seed)
    assert [len(share.split()) for share in shares] == [33, 33, 33]
    for pair in itertools.permutations(shares, 2):
        assert recovery.combine(pair) == RECOVERY.seed
    assert recovery.combine(shares) == RECOVERY.seed
    assert recovery.combine([shares[0], shares[0].upper(), shares[2]]) == RECOVERY.seed
    for share in shares:
        with pytest.raises(Tampered):
            recovery.combine([share, share])


def test_one_of_one() -> None:
    """A single share is possible where it is the only one."""
    assert recovery.combine(recovery.split(RECOVERY.seed, 1, 1)) == RECOVERY.seed


@pytest.mark.parametrize(("threshold", "shares"), [(0, 3), (1, 2), (3, 2), (2, 17), (-1, -1), (0, 0)])
def test_impossible_quorums_are_refused(threshold: int, shares: int) -> None:
    """1 ≤ M ≤ N ≤ 16, and one of several is none."""
    with pytest.raises(Invalid):
        recovery.split(RECOVERY.seed, threshold, shares)


def test_shares_of_another_split_are_refused() -> None:
    """Shares fit together only with those they were made with, also beyond the threshold."""
    one, other = recovery.split(RECOVERY.seed), recovery.split(RECOVERY.seed)
    for mixed in ([one[0], other[1]], [one[0], one[1], other[2]], [one[0], other[1], one[1]]):
        with pytest.raises(Tampered):
            recovery.combine(mixed)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s: "",
        lambda s: s[:-6],
        lambda s: s + " academic",
        lambda s: "zzz " + s,
        lambda s: " ".join(reversed(s.split())),
    ],
    ids=["empty", "cut", "longer", "no word", "reordered"],
)
def test_mistyped_shares_are_refused(spoil: object) -> None:
    """The checksum finds what is no share, and the message repeats nothing of it."""
    first, second, _ = recovery.split(RECOVERY.seed)
    assert callable(spoil)
    with pytest.raises(Tampered) as refused:
        recovery.combine([spoil(first), second])
    assert str(refused.value) == "these shares do not fit together"
    with pytest.raises(Tampered):
        recovery.combine([])


def test_typing_back() -> None:
    """Case and spacing do not matter; words do."""
    first, second, _ = recovery.split(RECOVERY.seed)
    assert recovery.same_share(first, "  " + first.upper().replace(" ", "\n") + " ")
    assert not recovery.same_share(first, second)
    assert not recovery.same_share(first, first.rsplit(" ", 1)[0])
    assert recovery.combine([first.upper(), second.replace(" ", "  ")]) == RECOVERY.seed


def test_a_seed_has_32_bytes() -> None:
    """Another length is a mistake in the program."""
    with pytest.raises(ValueError, match="32 bytes"):
        recovery.split(bytes(16))
