"""The recovery seed in SLIP-39 shares: any M of N give it back, fewer say nothing.

A seed is full-entropy: so no passphrase (the empty one of SLIP-39) and the lowest iteration exponent.
"""

import hmac
from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from casework.domain.messages import N_
from casework.errors import Invalid, Tampered
from casework.vault.identity import SEED_BYTES
from casework.vault.share import words_of

MAXIMUM_SHARES = 16
ITERATION_EXPONENT = 0
_KIND = (1, True, ITERATION_EXPONENT)  # one group, extendable


def split(seed: bytes, threshold: int = 2, shares: int = 3) -> list[str]:
    """Split a 32-byte seed into shares of 33 English words each, any `threshold` of which recover it.

    Invalid("shares") unless 1 ≤ threshold ≤ shares ≤ 16, and one share where the threshold is 1.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError("a seed has 32 bytes")
    if not 1 <= threshold <= shares <= MAXIMUM_SHARES or (threshold == 1 and shares > 1):
        raise Invalid(shares=N_("Two of three is usual: at most 16 shares, and at least two to recover."))
    groups = generate_mnemonics(1, [(threshold, shares)], seed, iteration_exponent=ITERATION_EXPONENT)
    return [str(share) for share in groups[0]]


def combine(shares: Sequence[str]) -> bytes:
    """Give back the seed; Tampered for too few shares, a wrong word, or shares of different splits.

    Shares beyond the threshold are checked to belong, too.
    """
    typed = list(dict.fromkeys(" ".join(words_of(share)) for share in shares))
    try:
        read = [Share.from_mnemonic(share) for share in typed]
        if any((one.group_count, one.extendable, one.iteration_exponent) != _KIND for one in read):
            raise Tampered("these shares are of another kind")
        threshold = read[0].member_threshold
        common, rest = typed[: threshold - 1], typed[threshold - 1 :]
        seeds = {bytes(combine_mnemonics([*common, share])) for share in rest}
    except (MnemonicError, ValueError, IndexError):
        raise Tampered("these shares do not fit together") from None
    if len(seeds) != 1 or len(seed := seeds.pop()) != SEED_BYTES:
        raise Tampered("these shares do not fit together")
    return seed


def same_share(expected: str, typed: str) -> bool:
    """Whether a share was typed back right; case, accents, numbering and spacing are ignored."""
    return hmac.compare_digest(
        *(" ".join(words_of(text)).encode(errors="replace") for text in (expected, typed))
    )


def differing_words(expected: str, typed: str) -> tuple[int, list[int]]:
    """Return how many words are missing, and the numbers of those that differ.

    More words than there should be count as negative; numbers are given only when none is missing.
    """
    right, given = words_of(expected), words_of(typed)
    if len(right) != len(given):
        return len(right) - len(given), []
    pairs = enumerate(zip(right, given, strict=True), start=1)
    return 0, [number for number, (word, other) in pairs if word != other]
