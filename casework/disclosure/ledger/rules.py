"""By which rules a release is protected."""

from dataclasses import dataclass, field
from typing import Final

from casework.disclosure.refusals import refusal
from casework.disclosure.threshold import check_threshold

MOST_HIDDEN_PERCENT: Final = 40
LEAST_OTHERS: Final = 3
"""In an identifiable group, so many at least have to have another outcome, as far as anybody can tell."""


@dataclass(frozen=True)
class Rules:
    """`k` is the threshold of cases. With `zeros_published` an observed zero is never hidden.

    `identifying` are the axes that make a group of people whom somebody may know, `outcomes` those that tell
    what happened to them: where a whole group had one outcome, that is told of each of them. At most
    `most_hidden_percent` of the cells of a table that are not known to be zero may be hidden.
    """

    k: int = 5
    zeros_published: bool = True
    identifying: frozenset[str] = field(default_factory=frozenset)
    outcomes: frozenset[str] = field(default_factory=frozenset)
    most_hidden_percent: int = MOST_HIDDEN_PERCENT
    for_release: bool = True

    def __post_init__(self) -> None:
        """Raises DisclosureRefused: threshold_too_low, unknown_option."""
        check_threshold(self.k, for_release=self.for_release)
        is_share = isinstance(self.most_hidden_percent, int) and 0 <= self.most_hidden_percent <= 100
        are_sets = isinstance(self.identifying, frozenset) and isinstance(self.outcomes, frozenset)
        if not isinstance(self.zeros_published, bool) or not is_share or not are_sets:
            raise refusal("unknown_option")
        if self.identifying & self.outcomes:
            raise refusal("unknown_option")
