"""One recovery share as somebody types it: read strictly, and what is wrong with it said by number.

No message, error or repr repeats a word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shamir_mnemonic import MnemonicError, Share
from shamir_mnemonic.constants import CUSTOMIZATION_STRING_EXTENDABLE
from shamir_mnemonic.rs1024 import _polymod
from shamir_mnemonic.wordlist import WORD_INDEX_MAP

from casework.errors import ShareRefused
from casework.vault.words import fold

WORDS = 33
# "7", "7." or "7)" before a word: copied from a sheet together with it.
_NUMBERING = re.compile(r"(?:^|(?<=\s))\d{1,2}[.):]?(?=\s|[a-z]|$)")
_BITS = 10


@dataclass(frozen=True, slots=True)
class RecoveryShare:
    """A share whose check words fit. `number` counts from 1; shares fit together when `split` is the same."""

    words: str = field(repr=False)
    number: int
    threshold: int
    split: int


def words_of(typed: str) -> list[str]:
    """Return the words that were typed, scanned or pasted: without case, accents, numbering, punctuation."""
    return [word for part in _NUMBERING.sub(" ", fold(typed)).split() if (word := part.strip(".,;:"))]


def read_share(typed: str) -> RecoveryShare:
    """Read a share; ShareRefused says what is wrong with it.

    Reasons: `missing` or `surplus` (how many words), `unknown` (the numbers of the words that are in no
    list), `changed` (the number of the one word that does not fit the others), `swapped` (the numbers of two
    neighbours in the wrong order), `several` (more is wrong than that), `other` (no share of ours).
    """
    words = words_of(typed)
    unknown = [number for number, word in enumerate(words, start=1) if word not in WORD_INDEX_MAP]
    if len(words) != WORDS:
        reason = "missing" if len(words) < WORDS else "surplus"
        raise ShareRefused(reason, abs(WORDS - len(words)))
    if unknown:
        raise ShareRefused("unknown", *unknown)
    _require_checksum([WORD_INDEX_MAP[word] for word in words])
    try:
        share = Share.from_mnemonic(" ".join(words))
    except MnemonicError:
        raise ShareRefused("other") from None
    if (share.group_index, share.group_count, share.iteration_exponent) != (0, 1, 0):
        raise ShareRefused("other")
    return RecoveryShare(" ".join(words), share.index + 1, share.member_threshold, share.identifier)


def _require_checksum(indices: Sequence[int]) -> None:
    residue = _residue(indices)
    if not residue:
        return
    for number in range(1, WORDS):
        swapped = [*indices]
        swapped[number - 1], swapped[number] = swapped[number], swapped[number - 1]
        if not _residue(swapped):
            raise ShareRefused("swapped", number, number + 1)
    changed = [number for number in range(1, WORDS + 1) if residue in _residues_at(indices, number)]
    raise ShareRefused("changed", changed[0]) if changed else ShareRefused("several")


def _residue(indices: Sequence[int]) -> int:
    """Return 0 for words whose checksum fits."""
    return int(_polymod([*CUSTOMIZATION_STRING_EXTENDABLE, *indices])) ^ 1


def _residues_at(indices: Sequence[int], number: int) -> set[int]:
    """Return every residue that another word at this place alone would leave.

    The checksum is linear, so a change of one word shows as the same residue in every share.
    """
    bases = [_change(number, 1 << bit) for bit in range(_BITS)]
    residues = {0}
    for base in bases:
        residues |= {base ^ residue for residue in residues}
    return residues


def _change(number: int, difference: int) -> int:
    plain = [0] * (len(CUSTOMIZATION_STRING_EXTENDABLE) + WORDS)
    changed = [*plain]
    changed[len(CUSTOMIZATION_STRING_EXTENDABLE) + number - 1] = difference
    return int(_polymod(plain)) ^ int(_polymod(changed))
