"""The way from exact counts and the ledger to a release. There is no other."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from typing import Final

import numpy as np

from casework.disclosure.counts import IntArray
from casework.disclosure.ledger.auditing import Auditor, check_from_outside
from casework.disclosure.ledger.documents import Told, Values, read_told, write_told
from casework.disclosure.ledger.entries import Entry, Release, read_entry, write_exact
from casework.disclosure.ledger.history import History, split, trace
from casework.disclosure.ledger.layouts import Layout
from casework.disclosure.ledger.model import Model, hideable
from casework.disclosure.ledger.needs import Need, Needs, spare
from casework.disclosure.ledger.records import Counted, Records, count_release
from casework.disclosure.ledger.rules import Rules
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline, FloatArray
from casework.disclosure.suppress import Suppression, suppress
from casework.errors import DisclosureRefused

_ROUNDS: Final = 6
_PROTECTED: Final = object()


@dataclass(frozen=True)
class ProtectedRelease:
    """A release that passed the audit: all that a renderer accepts. `protect_release` and `parse_release` make it."""

    told: Told
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        """Raises TypeError unless an audit vouches for it."""
        if seal is not _PROTECTED:
            raise TypeError("a ProtectedRelease is made by protect_release() alone")

    def document(self) -> dict[str, object]:
        """The canonical document."""
        return write_told(self.told)


@dataclass(frozen=True)
class TableReport:
    """How much of a table is shown. `lost` are the units in its hidden cells that are not margins."""

    name: str
    cells: int
    hidden: int
    share_shown: float
    lost: int


@dataclass(frozen=True)
class Report:
    """What the search did; not for publication. `objective` is the price of what is hidden to shield others."""

    tables: tuple[TableReport, ...]
    objective: int
    bound: int | None
    grows: bool
    rounds: int
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Protection:
    """The release, what the ledger is to keep of it once it is approved, and a report for its makers."""

    release: ProtectedRelease
    entry: Entry
    report: Report


def protect_release(
    records: Records,
    layouts: Sequence[Layout],
    ledger: Sequence[Entry],
    rules: Rules,
    *,
    time_limit_seconds: float,
) -> Protection:
    """Hides what must be hidden in the newest release, given all earlier ones, or raises DisclosureRefused.

    `ledger` are all releases that ever left, in their order, those that were withdrawn too. The same records,
    ledger and rules give the same release, or run into the time limit.
    """
    deadline = Deadline(time_limit_seconds)
    earlier = [read_entry(entry) for entry in ledger]
    counted = count_release(records, layouts)
    _check_counts(counted, rules, earlier)
    told = Told(
        counted.unit,
        rules.k,
        rules.zeros_published,
        counted.axes,
        counted.layouts,
        tuple((None,) * len(tally.units) for tally in counted.tallies),
    )
    cases = tuple(tuple(tally.cases.tolist()) for tally in counted.tallies)
    newest = Release(told, counted.atoms, cases, counted.largest(rules.k))
    history = trace([*earlier, newest])
    release, report = _Search(history, counted, rules, deadline).run()
    _check_shares(report.tables, rules)
    return Protection(release, Entry(release.document(), write_exact(counted, rules.k)), report)


class _Search:
    """Hides, audits, and asks for more where the audit finds too little."""

    def __init__(self, history: History, counted: Counted, rules: Rules, deadline: Deadline) -> None:
        self._history = history
        self._counted = counted
        self._deadline = deadline
        self._rules = rules
        begun = time.monotonic()
        self._documents = [release.told for release in history.releases]
        needs = list_needs(history, counted, rules)
        before = Auditor(self._documents, history, 0, deadline, is_newest_out=False)
        self._needs = before.clip(needs)
        self.rounds = 0
        self._heard = history.truth.astype(np.float64)[np.newaxis]
        self.seconds = {"before": time.monotonic() - begun, "hide": 0.0, "audit": 0.0}

    def run(self) -> tuple[ProtectedRelease, Report]:
        """Raises DisclosureRefused: cannot_protect, audit_failed, time_limit, solver."""
        try:
            own = np.minimum(self._history.truth, int(self._counted.case_sizes[0]))
            return self._search(spare(own, self._needs, self._history.truth))
        except DisclosureRefused as refused:
            if refused.reason != "cannot_protect":
                raise
            return self._search(np.zeros_like(self._history.truth))

    def _search(self, own: IntArray) -> tuple[ProtectedRelease, Report]:
        """`own` is what is taken to be known of each unknown: then those insiders are safe all at once."""
        asked = list(self._needs)
        for _round in range(_ROUNDS):
            self.rounds += 1
            begun = time.monotonic()
            told, found, price = self._hide(asked, own)
            middle = time.monotonic()
            short = self._audit(told)
            self.seconds["hide"] += middle - begun
            self.seconds["audit"] += time.monotonic() - middle
            if not any(map(any, short)):
                return ProtectedRelease(told, _PROTECTED), self._report(told, found, price)
            asked = [
                replace(need, far=need.far + far, least=need.least - low)
                for need, (far, low) in zip(asked, short, strict=True)
            ]
        raise refusal("cannot_protect")

    def _hide(self, needs: Sequence[Need], own: IntArray) -> tuple[Told, Suppression, int]:
        history = self._history
        model = Model(history, needs, own)
        cells, heard = model.link(), [history.truth.astype(np.float64)]
        tables: list[FloatArray] = []
        found = suppress(cells, self._deadline, tables)
        self._heard = np.array(heard + [model.read_table(table) for table in tables])
        hidden = np.append(found.hidden, False)[cells.column_of]
        newest = history.releases[history.newest].told
        values: list[list[int | None]] = [[] for _layout in newest.layouts]
        for line, exact, veiled in zip(history.lines, history.exact.tolist(), hidden.tolist(), strict=True):
            if line.release == history.newest:
                values[line.table].append(None if veiled else exact)
        told = replace(newest, values=tuple(tuple(table) for table in values))
        return read_told(write_told(told)), found, round(cells.cost(found.hidden))

    def _audit(self, told: Told) -> list[tuple[bool, bool]]:
        """For each need whether its interval, as the documents have it, has to reach further up, or down."""
        history = self._history
        documents = [*self._documents[:-1], told]
        check_shown(told, history)
        own = int(self._counted.case_sizes[0])
        auditor = Auditor(documents, history, own, self._deadline)
        auditor.hear(self._heard)
        short = auditor.list_shortfalls(self._needs)
        if any(map(any, short)):
            return short
        auditor.check_newest()
        if history.grows:
            apart = trace(history.releases, may_grow=False)
            needs = list_needs(apart, self._counted, self._rules)
            before = Auditor(documents, apart, 0, self._deadline, is_newest_out=False)
            needs = before.clip(needs)
            auditor = Auditor(documents, apart, own, self._deadline)
            auditor.hear(split(self._heard, history, apart))
            if any(map(any, auditor.list_shortfalls(needs))):
                raise refusal("audit_failed")
        check_from_outside(documents, self._deadline)
        return short

    def _report(self, told: Told, found: Suppression, price: int) -> Report:
        tables = []
        for layout, values, tally in zip(told.layouts, told.values, self._counted.tallies, strict=True):
            hidden = [at for at, value in enumerate(values) if value is None]
            counted = sum(value != 0 for value in values)
            margins = [any(layout.is_margin(place, told.axes)) for place in layout.places()]
            lost = sum(int(tally.units[at]) for at in hidden if not margins[at])
            share = 1 - len(hidden) / counted if counted else 1.0
            tables.append(TableReport(layout.name, len(values), len(hidden), share, lost))
        return Report(tuple(tables), price, found.bound, self._history.grows, self.rounds, dict(self.seconds))


def list_needs(history: History, counted: Counted, rules: Rules) -> tuple[Need, ...]:
    """What has to be protected; without growth, only what the newest release has to do with."""
    needs = Needs(history, counted, rules).all()
    if history.grows:
        return needs
    newest = history.members[history.release_of == history.newest].any(axis=0)
    return tuple(need for need in needs if need.quantity[newest].any())


def check_shown(told: Told, history: History) -> None:
    """What is shown is true and no unsafe count; what may not be hidden is shown.

    Raises DisclosureRefused("audit_failed").
    """
    values = [value for table in told.values for value in table]
    newest = history.release_of == history.newest
    may = hideable(history)[newest].tolist()
    lines = [line for line in history.lines if line.release == history.newest]
    for value, line, exact, can_hide in zip(values, lines, history.exact[newest].tolist(), may, strict=True):
        is_right = can_hide if value is None else value == exact and not 1 <= line.cases < told.k
        if not is_right:
            raise refusal("audit_failed")


def parse_release(
    document: Mapping[str, object], earlier: Sequence[Mapping[str, object]], *, time_limit_seconds: float
) -> ProtectedRelease:
    """The release of a document, after an attack on it from outside, together with the earlier documents.

    Raises DisclosureRefused: bad_document, audit_failed, inconsistent, time_limit, solver.
    """
    told = read_told(document)
    check_from_outside([*map(read_told, earlier), told], Deadline(time_limit_seconds))
    return ProtectedRelease(told, _PROTECTED)


def _check_counts(counted: Counted, rules: Rules, earlier: Sequence[Release]) -> None:
    if any(release.told.unit != counted.unit for release in earlier):
        raise refusal("unlike_units")
    for tally in counted.tallies:
        cases = int(tally.cases.max(initial=0))
        if cases == 0:
            raise refusal("empty")
        if cases < rules.k:
            raise refusal("too_few_cases", threshold=rules.k)


def _check_shares(tables: Sequence[TableReport], rules: Rules) -> None:
    worst = min(table.share_shown for table in tables)
    percent = round(100 * (1 - worst))
    if percent > rules.most_hidden_percent:
        raise refusal("too_much_hidden", percent=percent, most=rules.most_hidden_percent)
