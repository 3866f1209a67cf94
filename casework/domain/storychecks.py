"""What could identify somebody in a story: gone through by who wrote it, and again by who approves it."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from casework.errors import Invalid

from .documents import Document, read_text, read_uuid
from .messages import N_
from .releasedraft import require_keys

ITEMS = (
    "names",
    "places",
    "dates",
    "work",
    "family",
    "origin",
    "injuries",
    "officers",
    "media",
    "quotations",
    "photos",
)
"""In the order in which they are gone through."""

ABSENT, CHANGED, STAYS = "absent", "changed", "stays"
DECISIONS = (ABSENT, CHANGED, STAYS)
"""None of it is told; it was left out, changed or made general; it stays, as the person wants it."""


PLAIN, PUBLIC, OTHERS = "plain", "public", "others"
REASONS = (PLAIN, PUBLIC, OTHERS)
"""Why a word stays: it is a plain word there; everybody knows it; it tells of something else."""

_KEPT_KEYS = frozenset({"words", "kind", "reason", "by"})


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """Words that a program asked about and that stay: what they were taken for, why they stay, who said so.

    `reason` is one of `REASONS`; of what was kept before reasons were asked for it is "", and `by` nobody.
    """

    words: str
    kind: str
    reason: str
    by: UUID | None

    def to_document(self) -> Document:
        """Give the plain form."""
        by = self.by.hex if self.by else None
        return {"words": self.words, "kind": self.kind, "reason": self.reason, "by": by}

    @classmethod
    def from_document(cls, document: Any) -> "Kept":
        """Read what `to_document` gave."""
        require_keys(document, _KEPT_KEYS)
        words, kind, reason = (read_text(document, key) for key in ("words", "kind", "reason"))
        return cls(words, kind, reason, None if document["by"] is None else read_uuid(document["by"]))


def key_of(kind: str, words: str) -> str:
    """Give a key that stands for words of this kind, in pages and records; `words` flat."""
    return hashlib.sha256(f"{kind} {words}".encode()).hexdigest()[:16]


def list_undecided(checks: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong, by `check_` with the kind: it lacks a decision; names stay."""
    faults = {
        f"check_{item}": N_("Decide about each line of the list.")
        for item in ITEMS
        if checks.get(item) not in DECISIONS
    }
    if not faults and (checks.keys() != set(ITEMS) or checks["names"] == STAYS):
        faults["check_names"] = N_("No name of anybody may stay. Change it, then decide again.")
    return faults


def list_untold(asked: Collection[str], stays: Mapping[str, Kept]) -> dict[str, str]:
    """Return what is wrong, by `stays`, unless each word that a program asks about stays for a reason."""
    if all(key in stays and stays[key].reason in REASONS for key in asked):
        return {}
    return {"stays": N_("Change these words in the text, or say of each why it may stay.")}


def require_looked(looked: Collection[str], asked: Collection[str] = (), stays: Collection[str] = ()) -> None:
    """Raise `Invalid`, naming `looked`, unless the approver went through all kinds, and each word `asked`.

    Of a word that is in none of `stays` no writer said why it may stay: then the story has to go back.
    """
    if not set(asked) <= set(stays):
        raise Invalid(looked=N_("Of a word nobody said why it may stay. Give the story back."))
    if not set(ITEMS) <= set(looked) <= {*ITEMS, *asked} or not set(asked) <= set(looked):
        raise Invalid(looked=N_("Go through the whole list, and tick each line once you agree."))
