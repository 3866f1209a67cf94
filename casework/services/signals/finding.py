"""Finds the series that stand out, among the incidents that a member may know of."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

import numpy as np

from casework.analysis.signals.counting import Dated, Integers, Placed, Span, count_past, count_rows, place
from casework.analysis.signals.fitting import Numbers
from casework.analysis.signals.judging import Verdicts, adjust, judge
from casework.analysis.signals.series import Crossing, Repeats, cross
from casework.domain.permissions import Permission
from casework.domain.vocabulary import code_list
from casework.errors import IndexUnusable
from casework.services.access import list_hidden
from casework.services.accounts.seen import list_seen_once, share_seen
from casework.services.books import FactBook, OpenedIncident
from casework.services.context import Context
from casework.services.index.facts import Blocks, ask_blocks
from casework.services.index.guards import find_open
from casework.services.signals.columns import DIMENSIONS, Columns, lay_out
from casework.services.signals.indexed import lay_out_indexed

LEVEL = 0.05
"""At most this share of what is shown is chance, on average."""
FEWEST_IN_ALL, FEWEST_SEEN = 6, 3
"""A series is judged once it has so many incidents in past and window; so few in the window are no signal."""
_OUTLYING = 0.05
"""The oldest incidents, this share of them, are no beginning: before it nobody was writing down."""
_ALIKE = 0.75
"""A signal that shares this much of its incidents with a stronger one is named below it."""


@dataclass(frozen=True, slots=True)
class Window:
    """One length of window, and how much past it needs.

    `blocks` are the most, the fewest, and the fewest since logging began from which on the past is taken as
    it was known then.
    """

    days: int
    most_blocks: int
    fewest_blocks: int
    fewest_live: int


WINDOWS = (Window(30, 60, 6, 12), Window(90, 20, 4, 8))


@dataclass(frozen=True, slots=True)
class Looked:
    """How one window was looked at; `blocks` is 0 where the past is too short to say anything."""

    first_day: date
    last_day: date
    days: int
    blocks: int
    as_known_then: bool
    tested: int = 0
    perhaps: int = 0


Codes = tuple[tuple[str, str], ...]
"""List and code of each answer that a series is of; empty for the series of everything."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A series that stands out; `incidents` are the newest `MOST_SHOWN` of those that were seen.

    `past` counts each block, the oldest first. `perhaps` are incidents that may lie in the window and are not
    counted. `alike` are further series that stand out by mostly the same incidents. `logged` has the days on
    which those seen were logged, with how many.
    """

    codes: Codes
    looked: Looked
    expected: float
    seen: int
    p_value: float
    q_value: float
    dispersion: float
    trend: bool
    season: bool
    past: tuple[float, ...]
    incidents: tuple[OpenedIncident, ...]
    perhaps: int
    logged: tuple[tuple[date, int], ...]
    alike: tuple[Codes, ...] = ()

    @property
    def one_day(self) -> int:
        """Return how many were logged on the day on which most were."""
        return max(count for _day, count in self.logged)


@dataclass(frozen=True, slots=True)
class Found:
    """The signals, the strongest first, and what was looked at; `undated` incidents have no date at all."""

    signals: tuple[Signal, ...]
    windows: tuple[Looked, ...]
    tested: int
    undated: int
    references: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class _Judged:
    """The series of one window that were judged."""

    looked: Looked
    placed: Placed
    series: Sequence[tuple[Crossing, int]]
    past: Numbers
    seen: Integers
    verdicts: Verdicts


def find_signals(context: Context) -> Found:
    """Find what stands out today among the incidents of the cases that the member may open; raises Forbidden.

    Worked out once for a snapshot, a day, and whom its cases open to.
    """
    context.require(Permission.READ_CASES)
    today = context.runtime.today()
    with suppress(IndexUnusable):
        return ask_blocks(context, lambda blocks: _find_indexed(context, blocks, today))
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    hidden = list_hidden(context, book)
    return share_seen(
        context, book, hidden, find_signals, lambda: _find(context, book, hidden, today), more=today
    )


def _find_indexed(context: Context, blocks: Blocks, today: date) -> Found:
    closed, is_open = find_open(context, blocks)
    book, hidden = blocks.fresh, list_hidden(context, blocks.fresh)
    # As with `share_seen`: who sees the same may still know of different cases in the bin.
    key = find_signals, today, closed, hidden, (context.member_id, context.roles) if book.binned else None

    def find() -> Found:
        fresh = list_seen_once(context, book, hidden)
        return _look(lay_out_indexed(context, blocks, is_open, fresh), today)

    return blocks.share(key, find)


def _find(context: Context, book: FactBook, hidden: frozenset[UUID], today: date) -> Found:
    return _look(lay_out(list_seen_once(context, book, hidden), book.cases), today)


def _look(columns: Columns, today: date) -> Found:
    crossings = list(cross(columns.answers))
    judged = [_judge(columns, crossings, window, today) for window in WINDOWS]
    tested = [one for one in judged if len(one.series)]
    p_values = np.concatenate([one.verdicts.p_values for one in tested]) if tested else np.zeros(0)
    q_values, at = adjust(p_values), 0
    signals = list[tuple[Signal, Integers]]()
    for one in tested:
        mine = q_values[at : at + len(one.series)]
        signals += _list_signals(columns, one, mine)
        at += len(one.series)
    signals.sort(key=lambda one: (one[0].q_value, one[0].p_value, len(one[0].codes), -one[0].seen))
    kept = list(_gather(signals))
    behind = columns.look_up([rows for _signal, rows in kept])
    shown = [replace(one, incidents=told) for (one, _), told in zip(kept, behind.incidents, strict=True)]
    looked = tuple(one.looked for one in judged)
    return Found(tuple(shown), looked, len(p_values), columns.undated, behind.references)


def _judge(columns: Columns, crossings: Sequence[Crossing], window: Window, today: date) -> _Judged:
    span, as_known_then = _look_back(columns.dated, window, today.toordinal())
    first, last = date.fromordinal(span.first_day), today
    if not span.blocks:
        nothing = np.zeros(0, dtype=np.int64)
        placed = Placed(nothing, nothing, np.zeros(0), nothing, nothing)
        none = judge(np.zeros((0, 1)), np.zeros(0), window.days)
        looked = Looked(first, last, window.days, 0, as_known_then)
        return _Judged(looked, placed, (), np.zeros((0, 0)), nothing, none)
    placed = place(columns.dated, span, as_known_then)
    series, past, seen = _count(columns, crossings, placed, span)
    perhaps = len(placed.perhaps)
    looked = Looked(first, last, window.days, span.blocks, as_known_then, len(series), perhaps)
    return _Judged(looked, placed, series, past, seen, judge(past, seen.astype(np.float64), window.days))


def _look_back(dated: Dated, window: Window, today: int) -> tuple[Span, bool]:
    """Return the window with as many blocks as there is past for, and whether that is as it was known then.

    It is so once casework has been written in for long enough. What was brought in before, from lists, was
    known at no time, so until then all that is known now counts as past: that hides rises, and makes none.
    """
    start = today - window.days + 1
    if not len(dated.first):
        return Span(today, window.days, 0), False
    begins = int(np.quantile(dated.first, _OUTLYING, method="lower"))
    blocks = min(window.most_blocks, max(0, start - begins) // window.days)
    live = max(0, start - int(dated.logged.min())) // window.days
    as_known_then = live >= window.fewest_live
    blocks = min(blocks, live) if as_known_then else blocks
    return Span(today, window.days, blocks if blocks >= window.fewest_blocks else 0), as_known_then


def _count(
    columns: Columns, crossings: Sequence[Crossing], placed: Placed, span: Span
) -> tuple[list[tuple[Crossing, int]], Numbers, Integers]:
    """Count the past and the window of every series that has enough incidents, each set of them once."""
    is_counted = np.zeros(len(columns.dated.first), dtype=np.bool_)
    is_counted[placed.rows] = is_counted[placed.within] = True
    rows, repeats = np.flatnonzero(is_counted), Repeats(len(is_counted))
    series, pasts, windows = list[tuple[Crossing, int]](), list[Numbers](), list[Integers]()
    for crossing in crossings:
        count = len(crossing.codes)
        past = count_past(placed, crossing.numbers, count, span.blocks)
        seen = count_rows(placed.within, crossing.numbers, count)
        new = repeats.find_new(crossing, rows)
        kept = new[past[new].sum(axis=1) + seen[new] >= FEWEST_IN_ALL]
        series += [(crossing, int(number)) for number in kept]
        pasts.append(past[kept])
        windows.append(seen[kept])
    return series, np.concatenate(pasts), np.concatenate(windows)


def _list_signals(columns: Columns, judged: _Judged, q_values: Numbers) -> Iterator[tuple[Signal, Integers]]:
    """Go through what stands out, each with the rows behind it, in their order."""
    verdicts, placed = judged.verdicts, judged.placed
    for at in np.flatnonzero((q_values <= LEVEL) & (judged.seen >= FEWEST_SEEN)).tolist():
        crossing, number = judged.series[at]
        behind = placed.within[crossing.numbers[placed.within] == number]
        logged = zip(*np.unique(columns.dated.logged[behind], return_counts=True), strict=True)
        signal = Signal(
            codes=_name(crossing, number),
            looked=judged.looked,
            expected=float(verdicts.expected[at]),
            seen=int(judged.seen[at]),
            p_value=float(verdicts.p_values[at]),
            q_value=float(q_values[at]),
            dispersion=float(verdicts.dispersion[at]),
            trend=bool(verdicts.trend[at]),
            season=bool(verdicts.season[at]),
            past=tuple(judged.past[at].tolist()),
            incidents=(),
            perhaps=int((crossing.numbers[placed.perhaps] == number).sum()),
            logged=tuple((date.fromordinal(int(day)), int(count)) for day, count in logged),
        )
        yield signal, np.sort(behind)


def _name(crossing: Crossing, number: int) -> Codes:
    lists = [DIMENSIONS[place] for place in crossing.dimensions]
    codes = crossing.codes[number]
    return tuple((name, code_list(name).codes[code]) for name, code in zip(lists, codes, strict=True))


def _gather(signals: Sequence[tuple[Signal, Integers]]) -> Iterator[tuple[Signal, Integers]]:
    """Put signals below the stronger one that shares most of their incidents; each series stands once."""
    heads = list[tuple[Signal, list[Codes], Integers]]()
    for signal, mine in signals:
        for head, alike, theirs in heads:
            shared = len(np.intersect1d(mine, theirs, assume_unique=True))
            if shared >= _ALIKE * min(len(mine), len(theirs)):
                if signal.codes != head.codes and signal.codes not in alike:
                    alike.append(signal.codes)
                break
        else:
            heads.append((signal, [], mine))
    for head, alike, mine in heads:
        yield replace(head, alike=tuple(alike)), mine
