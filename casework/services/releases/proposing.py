"""What would pass in the place of tables that cannot be released: near forms, and what each would show."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from casework.disclosure.ledger.release import ProtectedRelease
from casework.domain.period import Period
from casework.domain.question import WHOLE
from casework.domain.releasedraft import Names, ReleaseDraft
from casework.errors import DisclosureRefused, Invalid
from casework.reports.layout import percent_shown
from casework.reports.publication.grids import read_grids
from casework.services.releases.composing import Composed, coarser, steps_of
from casework.services.releases.ledger import Ledger
from casework.services.releases.looks import Alternative
from casework.services.releases.protecting import count_of, protect_tables

_MOST_STEPS = 3
"""Of one table at most so many coarser forms are offered, the nearest ones."""
_MOST_PERIODS = 2
_TRIAL_SHARE, _TRIAL_SECONDS = 3, 6.0
"""A form may take this part of the time that is left, or these seconds: so some is left for the others."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """Forms that pass; where time `ran_out`, some were not tried to their end, and may pass too."""

    forms: Sequence[Alternative]
    ran_out: bool


NOTHING_PROPOSED = Proposals((), False)
Fits = Callable[[ProtectedRelease, Sequence[Names]], bool]
"""Whether tables that pass are of any use to who asks."""


def serve_all(_protected: ProtectedRelease, _tables: Sequence[Names]) -> bool:
    """Whoever writes a release can use whatever passes."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """How forms are tried: within so many `seconds` in all, and what `keep_going` raises ends it.

    `compose` gives another draft against the ledger, and raises as `protecting.compose_draft`; `tell` is told
    what is tried; `fits` says whether it is of use.
    """

    ledger: Ledger
    compose: Callable[[ReleaseDraft], Composed]
    seconds: float
    keep_going: Callable[[], None]
    tell: Callable[[ReleaseDraft], None]
    fits: Fits = serve_all


def propose(draft: ReleaseDraft, composed: Composed, trials: Trials, periods: Sequence[Period]) -> Proposals:
    """Return forms that pass and fit.

    First each table alone and as fine as it passes, then as many of these together as pass: one change is
    seldom enough where several are too fine. Then what one change of one table gives. Where nothing of that
    passes, the same tables over another of these `periods`.
    """
    share = _Measure(draft, composed, trials)
    found: dict[Sequence[Names], Alternative] = {}
    if len(draft.tables) > 1:
        alone = _try_alone(draft, share)
        together = _combine(draft, alone, share)
        for form in (together, *alone.values()):
            if form and not (together and len(together.tables) == len(draft.tables) and form is not together):
                found.setdefault(form.tables, form)
    for form in _change_one(draft, share):
        found.setdefault(form.tables, form)
    # What leaves a table out comes last.
    forms = sorted(found.values(), key=lambda form: -len(form.tables))
    return Proposals(forms or _try_periods(draft, share, periods), share.ran_out)


class _Measure:
    """Protects tables as long as there is time; after that none passes, and it `ran_out`."""

    def __init__(self, draft: ReleaseDraft, composed: Composed, trials: Trials) -> None:
        self._draft = draft
        self._composed = composed
        self._trials = trials
        self._until = time.monotonic() + trials.seconds
        self._known: dict[tuple[Period, frozenset[frozenset[str]]], int | None] = {}
        self._too_long: int | None = None
        self.ran_out = False

    def size_of(self, tables: Sequence[Names]) -> int:
        """Return how much there is to check in these tables."""
        return count_of(self._composed, tables, self._trials.ledger)

    def is_unreleased(self, period: Period) -> bool:
        """Return whether no release is of any of this time, though there are releases."""
        taken = [release.draft.period.quarters() for release in self._trials.ledger.releases]
        return bool(taken) and {*period.quarters()}.isdisjoint(chain.from_iterable(taken))

    def __call__(self, tables: Sequence[Names], period: Period | None = None) -> int | None:
        """Return `least_percent` of these together; None where they do not pass or fit.

        Each is tried once, over the period of the draft or another one.
        """
        key = period or self._draft.period, frozenset(map(frozenset, tables))
        if key not in self._known:
            self._known[key] = self._try(replace(self._draft, tables=tuple(tables), period=key[0]))
        return self._known[key]

    def _try(self, asked: ReleaseDraft) -> int | None:
        """What is as large as something that took too long is not begun."""
        left, ledger = self._until - time.monotonic(), self._trials.ledger
        if left <= 0:
            self.ran_out = True
            return None
        self._trials.tell(asked)
        size = 0
        try:
            composed = self._trials.compose(asked)
            size = count_of(composed, asked.tables, ledger)
            if self._too_long is not None and self._too_long <= size:
                return None
            seconds = min(left, max(left / _TRIAL_SHARE, _TRIAL_SECONDS))
            made = protect_tables(composed, ledger, seconds, self._trials.keep_going)
        except Invalid:  # over this period it may not be asked at all
            return None
        except DisclosureRefused as refused:
            if refused.reason == "time_limit":
                self.ran_out, self._too_long = True, size
            return None
        if not self._trials.fits(made.release, asked.tables):
            return None
        return least_percent(made.release, asked.tables)


def least_percent(protected: ProtectedRelease, tables: Sequence[Names]) -> int:
    """Return how much of the table that shows least is shown, as it is drawn, in whole per cent."""
    return min(percent_shown(chain(*grid.cells)) for grid in read_grids(protected, tables))


def _try_alone(draft: ReleaseDraft, share: _Measure) -> Mapping[Names, Alternative]:
    """Return by table the finest form of it that passes alone, no two the same."""
    alone: dict[Names, Alternative] = {}
    for at, names in enumerate(draft.tables):
        taken = [form.tables[0] for form in alone.values()]
        for form in (names, *steps_of(draft, at)):
            if not _is_among(form, taken) and (shown := share([form])) is not None:
                alone[names] = Alternative((form,), shown)
                break
    return alone


def _combine(draft: ReleaseDraft, alone: Mapping[Names, Alternative], share: _Measure) -> Alternative | None:
    """Return as many of these forms as pass together, without those that take most to check."""
    forms = [one.tables[0] for one in alone.values()]
    for tables in _fewer(forms, share):
        # The draft itself was refused a moment ago.
        shown = None if tables == draft.tables else share(tables)
        if shown is not None:
            left_out = _left_out(draft, tables)
            return Alternative(tables, shown, left_out=left_out)
    return None


def _fewer(forms: Sequence[Names], share: _Measure) -> Iterator[tuple[Names, ...]]:
    """Give all, then all but one in any way, the quickest first, and so on down to two."""
    left = [tuple(forms)]
    while left and len(left[0]) > 1:
        yield from left
        without = {each[:at] + each[at + 1 :] for each in left for at in range(len(each))}
        left = sorted(without, key=lambda tables: (share.size_of(tables), tables))


def _change_one(draft: ReleaseDraft, share: _Measure) -> Iterator[Alternative]:
    """Give what passes once one table is coarser, the nearest few of each, or left out."""
    steps: Counter[Names] = Counter()
    for (names, instead), tables in coarser(draft).items():
        if instead and steps[names] == _MOST_STEPS:
            continue
        shown = share(tables)
        if shown is not None:
            steps[names] += bool(instead)
            yield Alternative(tables, shown, names, instead)


def _try_periods(draft: ReleaseDraft, share: _Measure, periods: Sequence[Period]) -> list[Alternative]:
    """Return what passes over the nearest periods: the same tables, else the first, as fine as it passes.

    Where not even that does, how many there were in all.
    """
    found: list[Alternative] = []
    single = ((form,) for form in (draft.tables[0], *steps_of(draft, 0), WHOLE))
    forms = list(dict.fromkeys((draft.tables, *single)))
    for period in periods:
        for tables in forms if len(found) < _MOST_PERIODS else ():
            shown = share(tables, period)
            if shown is not None:
                left_out = _left_out(draft, tables)
                is_unreleased = share.is_unreleased(period)
                found.append(
                    Alternative(tables, shown, period=period, left_out=left_out, is_unreleased=is_unreleased)
                )
                break
    return found


def _left_out(draft: ReleaseDraft, tables: Sequence[Names]) -> tuple[Names, ...]:
    """Return the tables of the draft that none of these is or is coarser than, as the whole is than all."""
    forms = {frozenset(form) for form in tables}
    return tuple(
        names
        for at, names in enumerate(draft.tables)
        if forms.isdisjoint(map(frozenset, (names, *steps_of(draft, at), WHOLE)))
    )


def _is_among(form: Names, tables: Sequence[Names]) -> bool:
    return any(frozenset(form) == frozenset(one) for one in tables)
