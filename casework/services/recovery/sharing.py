"""A recovery key on its way to paper: drawn, split, and each share typed back."""

import base64
from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from casework.domain.documents import Document
from casework.domain.messages import N_
from casework.domain.quorum import Quorum
from casework.domain.recovery import RecoveryRecord
from casework.errors import Invalid, NotFound
from casework.vault import recovery
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.share import read_share


@dataclass(frozen=True, slots=True)
class Sharing:
    """A recovery seed and its shares; `confirmed` counts those that were typed back."""

    quorum: Quorum
    seed: bytes
    shares: tuple[str, ...]
    confirmed: int = 0

    def __repr__(self) -> str:
        """Show nothing of the seed and the shares."""
        return f"Sharing({self.confirmed} of {self.quorum.shares})"

    @classmethod
    def draw(cls, quorum: Quorum) -> Self:
        """Draw a new recovery key, and split it."""
        seed = MemberSecret.generate().seed
        return cls(quorum, seed, tuple(recovery.split(seed, quorum.threshold, quorum.shares)))

    @property
    def is_complete(self) -> bool:
        """Whether every share was typed back."""
        return self.confirmed >= len(self.shares)

    @property
    def number(self) -> int:
        """The number of the share that is due, from 1; raises NotFound when none is."""
        if self.is_complete:
            raise NotFound("share")
        return self.confirmed + 1

    @property
    def share(self) -> str:
        """The share that is due; raises NotFound when none is."""
        return self.shares[self.number - 1]

    @property
    def public(self) -> MemberPublic:
        """What everything is sealed to, for these shares to open."""
        return MemberSecret(self.seed).public

    def record(self, made_on: date, made_by: UUID | None = None) -> RecoveryRecord:
        """Return what is written down of these shares once they are in force."""
        split = read_share(self.shares[0]).split
        return RecoveryRecord(self.quorum.threshold, split, self.quorum.shares, made_on, made_by)

    def confirm(self, typed: str) -> Self:
        """Take the share that is due, typed back; raises Invalid naming `words` when it differs."""
        if not recovery.same_share(self.share, typed):
            raise Invalid(words=N_("These are not the words of this share. Compare them with your sheet."))
        return replace(self, confirmed=self.confirmed + 1)

    def compare(self, typed: str) -> tuple[int, list[int]]:
        """Return how the share that is due differs, as `recovery.differing_words` does."""
        return recovery.differing_words(self.share, typed)

    def to_document(self) -> Document:
        """Give the plain form that is sealed."""
        return {
            "threshold": self.quorum.threshold,
            "seed": base64.b64encode(self.seed).decode(),
            "shares": list(self.shares),
            "confirmed": self.confirmed,
        }

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """Read what `to_document` gave."""
        shares = tuple(document["shares"])
        quorum = Quorum(document["threshold"], len(shares))
        return cls(quorum, base64.b64decode(document["seed"]), shares, document["confirmed"])
