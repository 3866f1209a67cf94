"""What would pass in the place of tables that cannot be released: near forms, and what each would show."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from casework.disclosure.ledger.parts import protect_in_parts
from casework.disclosure.ledger.release import ProtectedRelease
from casework.domain.releasedraft import Names, ReleaseDraft
from casework.errors import DisclosureRefused
from casework.services.releases.composing import Composed, coarser, steps_of
from casework.services.releases.ledger import Ledger
from casework.services.releases.looks import Alternative


@dataclass(frozen=True, slots=True)
class Proposals:
    """Forms that pass; where time `ran_out`, some were not tried to their end, and may pass too."""

    forms: Sequence[Alternative]
    ran_out: bool


NOTHING_PROPOSED = Proposals((), False)
Share = Callable[[Sequence[Names]], float | None]
"""Returns the least share of a table that these tables show together; None where they cannot be shown."""
Fits = Callable[[ProtectedRelease, Sequence[Names]], bool]
"""Whether tables that pass are of any use to who asks."""


def serve_all(_protected: ProtectedRelease, _tables: Sequence[Names]) -> bool:
    """Whoever writes a release can use whatever passes."""
    return True


def propose(
    draft: ReleaseDraft,
    composed: Composed,
    ledger: Ledger,
    seconds: float,
    keep_going: Callable[[], None],
    fits: Fits = serve_all,
) -> Proposals:
    """Return forms that pass and fit, found within so many seconds; what `keep_going` raises ends it.

    First all tables together, each as fine as it passes alone: one change is seldom enough where several
    are too fine. Then what one change of one table gives.
    """
    share = _Measure(composed, ledger, seconds, keep_going, fits)
    found = []
    together = _combine(draft, share) if len(draft.tables) > 1 else None
    if together:
        found.append(together)
    for (names, instead), tables in coarser(draft).items():
        shown = None if together and tables == together.tables else share(tables)
        if shown is not None:
            found.append(Alternative(tables, whole_percent(shown), names, instead))
    # What leaves a table out comes last.
    return Proposals(sorted(found, key=lambda form: -len(form.tables)), share.ran_out)


class _Measure:
    """Protects tables as long as there is time; after that none passes, and it `ran_out`."""

    def __init__(
        self,
        composed: Composed,
        ledger: Ledger,
        seconds: float,
        keep_going: Callable[[], None],
        fits: Fits,
    ) -> None:
        self._composed = composed
        self._ledger = ledger
        self._until = time.monotonic() + seconds
        self._keep_going = keep_going
        self._fits = fits
        self.ran_out = False

    def __call__(self, tables: Sequence[Names]) -> float | None:
        """Return the least share of a table that these show together; None where they do not pass or fit."""
        left = self._until - time.monotonic()
        if left <= 0:
            self.ran_out = True
            return None
        try:
            made = protect_in_parts(
                self._composed.records,
                [self._composed.lay_out(names) for names in tables],
                self._ledger.entries,
                self._composed.rules,
                time_limit_seconds=left,
                keep_going=self._keep_going,
            )
        except DisclosureRefused as refused:
            self.ran_out = self.ran_out or refused.reason == "time_limit"
            return None
        if not self._fits(made.release, tables):
            return None
        return min(table.share_shown for table in made.report.tables)


def whole_percent(share: float) -> int:
    """Return a share from 0 to 1 as whole per cent, rounded down."""
    return int(100 * share)


def _combine(draft: ReleaseDraft, share: Share) -> Alternative | None:
    """Return the tables in the finest forms that pass alone, as many of the first as pass together."""
    alone: list[Names] = []
    for at, names in enumerate(draft.tables):
        forms = (form for form in (names, *steps_of(draft, at)) if not _is_among(form, alone))
        passing = next((form for form in forms if share([form]) is not None), None)
        if passing:
            alone.append(passing)
    for count in range(len(alone), 0, -1):
        shown = share(alone[:count])
        if shown is not None:
            return Alternative(tuple(alone[:count]), whole_percent(shown))
    return None


def _is_among(form: Names, tables: Sequence[Names]) -> bool:
    return any(frozenset(form) == frozenset(one) for one in tables)
