"""What could identify somebody in a story: gone through by who wrote it, and again by who approves it."""

from collections.abc import Collection, Mapping

from casework.errors import Invalid

from .messages import N_

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


def require_decided(checks: Mapping[str, str]) -> None:
    """Raise `Invalid`, naming `check_` with the first kind that lacks one, unless each has a decision."""
    for item in ITEMS:
        if checks.get(item) not in DECISIONS:
            raise Invalid(**{f"check_{item}": N_("Decide about each line of the list.")})
    if checks.keys() != set(ITEMS) or checks["names"] == STAYS:
        raise Invalid(check_names=N_("No name of anybody may stay. Change it, then decide again."))


def require_told_plain(asked: Collection[str], stays: Collection[str]) -> None:
    """Raise `Invalid`, naming `stays`, unless each word that a program asks about may stay."""
    if not set(asked) <= set(stays):
        raise Invalid(
            stays=N_("Change these words, or tick each that is a plain word here and points at nobody.")
        )


def require_looked(looked: Collection[str], asked: Collection[str] = ()) -> None:
    """Raise `Invalid`, naming `looked`, unless the approver went through all kinds, and each word `asked`."""
    if not set(ITEMS) <= set(looked) <= {*ITEMS, *asked} or not set(asked) <= set(looked):
        raise Invalid(looked=N_("Go through the whole list, and tick each line once you agree."))
