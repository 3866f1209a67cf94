"""Recovery shares as people bring them, one at a time, until enough are there to give the key back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from casework.errors import ShareRefused, Tampered
from casework.vault import recovery
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.share import RecoveryShare, read_share, words_of


@dataclass(frozen=True, slots=True)
class Entered:
    """The shares entered, in that order. `split` is that of the shares in force, 0 where unknown."""

    shares: tuple[RecoveryShare, ...] = field(default=(), repr=False)
    split: int = 0

    @classmethod
    def of(cls, words: Iterable[str], split: int = 0) -> Self:
        """Read shares that were taken before."""
        return cls(tuple(map(read_share, words)), split)

    @property
    def numbers(self) -> list[int]:
        """Which shares they are."""
        return [share.number for share in self.shares]

    @property
    def threshold(self) -> int:
        """How many are needed, as the shares themselves say; 0 before the first."""
        return self.shares[0].threshold if self.shares else 0

    @property
    def missing(self) -> int:
        """How many are still needed; at least one before the first, which says how many."""
        return max(self.threshold - len(self.shares), 0) if self.shares else 1

    @property
    def is_complete(self) -> bool:
        """Whether there are enough to be opened with."""
        return not self.missing

    def add(self, typed: str) -> Self:
        """Take one more; ShareRefused says what is wrong with it.

        Reasons beside those of `read_share`: `repeated` (its number), `superseded` (it is not of the shares
        in force), `foreign` (it does not belong with those entered before).
        """
        share = read_share(typed)
        if self.split and share.split != self.split:
            raise ShareRefused("superseded", share.number)
        if any((share.split, share.threshold) != (one.split, one.threshold) for one in self.shares):
            raise ShareRefused("foreign", share.number)
        if share.number in self.numbers:
            raise ShareRefused("repeated", share.number)
        return replace(self, shares=(*self.shares, share))

    def open(self, expected: MemberPublic) -> MemberSecret:
        """Give the recovery key back; ShareRefused where these shares give another one than is expected.

        Reasons: `too_few` (how many are missing), `disagree` (the shares do not fit together), `strange`
        (they do, and give the key of another organization, or one that was replaced).
        """
        secret = self.combine()
        if secret.public != expected:
            raise ShareRefused("strange")
        return secret

    def combine(self) -> MemberSecret:
        """Give back whatever key these shares give, for a file that says itself whether it is the right one.

        ShareRefused: `too_few`, `disagree`.
        """
        if self.missing:
            raise ShareRefused("too_few", self.missing)
        try:
            return MemberSecret(recovery.combine([share.words for share in self.shares]))
        except Tampered:
            raise ShareRefused("disagree") from None


def correct(typed: str, words: Mapping[int, str]) -> str:
    """Return a share as it was typed, with other words at these numbers."""
    numbered = enumerate(words_of(typed), start=1)
    return " ".join(words.get(number, word) for number, word in numbered)
