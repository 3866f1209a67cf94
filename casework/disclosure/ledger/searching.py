"""Hides, audits what is shown then, and hides more where the audit finds too little."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.ledger.auditing import Auditor, check_from_outside, distinct
from casework.disclosure.ledger.documents import Told, read_told, write_told
from casework.disclosure.ledger.families import find_known_sum
from casework.disclosure.ledger.history import History, split, trace
from casework.disclosure.ledger.leavers import Leavers
from casework.disclosure.ledger.losses import Loss
from casework.disclosure.ledger.model import Model, hideable
from casework.disclosure.ledger.needs import Need, Needs, spare, thin
from casework.disclosure.ledger.records import Counted
from casework.disclosure.ledger.release import _PROTECTED, ProtectedRelease, Report, TableReport
from casework.disclosure.ledger.rules import Rules
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline, FloatArray
from casework.disclosure.suppress import suppress
from casework.errors import DisclosureRefused

_ROUNDS: Final = 12


class Search:
    """Hides, audits, and asks for more where the audit finds too little."""

    def __init__(self, history: History, counted: Counted, rules: Rules, deadline: Deadline) -> None:
        self._history = history
        self._counted = counted
        self._deadline = deadline
        self._rules = rules
        self._own = max(release.largest_case for release in history.releases)
        self._documents = [release.told for release in history.releases]
        self._needs: tuple[Need, ...] = ()
        self.rounds = 0
        self._heard = history.truth.astype(np.float64)[np.newaxis]
        self.seconds = {"before": 0.0, "hide": 0.0, "audit": 0.0}

    def run(self) -> tuple[ProtectedRelease, Report]:
        """Tries it with all insiders at once, then without them, and last with what was lost before.

        Raises DisclosureRefused: cannot_protect, audit_failed, time_limit, solver.
        """
        truth = self._history.truth
        self._needs = self._list_needs(self._history, self._documents, is_lost=False)
        nobody = np.zeros_like(truth)
        for own in (nobody, spare(np.minimum(truth, self._own), self._needs, truth)):
            try:
                return self._search(own)
            except DisclosureRefused as refused:
                if refused.reason != "cannot_protect":
                    raise
        self._needs = self._list_needs(self._history, self._documents, is_lost=True)
        return self._search(nobody)

    def _search(self, own: IntArray) -> tuple[ProtectedRelease, Report]:
        """`own` is what is taken to be known of each unknown: then those insiders are safe all at once."""
        # That somebody may be where nobody is asked only where the audit finds that somebody might be.
        asked = [replace(need, far=0) if need.may_be_known_zero else need for need in self._needs]
        for _round in range(_ROUNDS):
            self.rounds += 1
            begun = time.monotonic()
            told, price = self._hide(asked, own)
            middle = time.monotonic()
            short = self._audit(told)
            self.seconds["hide"] += middle - begun
            self.seconds["audit"] += time.monotonic() - middle
            if not any(map(any, short)):
                known = self._find_known_sum(told)
                if known is None:
                    told, more = self._shield(told)
                    return ProtectedRelease(told, _PROTECTED), self._report(told, price + more)
                self._needs, short = (*self._needs, known), [*short, (False, False)]
                asked.append(known)
            if own.any() and any(need.is_open and any(ends) for need, ends in zip(asked, short, strict=True)):
                break  # what has to stay open only is no part of this search
            asked = [
                replace(need, far=max(need.far + 1, full.far) if far else need.far, least=need.least - low)
                for need, full, (far, low) in zip(asked, self._needs, short, strict=True)
            ]
        raise refusal("cannot_protect")

    def _shield(self, told: Told) -> tuple[Told, int]:
        """Hides more where somebody who was lost themselves would learn of others; and what that costs."""
        price = 0
        for _round in range(_ROUNDS):
            begun = time.monotonic()
            short = Leavers(self._auditor, self._audit_before, self._history).list_shortfalls(self._needs)
            self.seconds["audit"] += time.monotonic() - begun
            if not short:
                return told, price
            for who, needs in short:
                told, more = self._hide(needs, who.own, self._veil(told), [who.loss])
                price += more
            if any(map(any, self._audit(told))):
                break
        raise refusal("cannot_protect")

    def _veil(self, told: Told) -> BoolArray:
        """The lines that the newest release hides."""
        hidden = np.zeros(len(self._history.lines), dtype=np.bool_)
        newest = self._history.release_of == self._history.newest
        hidden[newest] = [value is None for table in told.values for value in table]
        return hidden

    def _hide(
        self,
        needs: Sequence[Need],
        own: IntArray,
        veiled: BoolArray | None = None,
        losses: Sequence[Loss] = (),
    ) -> tuple[Told, int]:
        """What the newest release shows, read as it is written, and the price of what more is hidden."""
        history = self._history
        model = Model(history, needs, own, veiled, losses)
        cells = model.link()
        tables: list[FloatArray] = [cells.values.astype(np.float64)]
        found = suppress(cells, self._deadline, tables)
        self._heard = np.concatenate([self._heard, [model.read_table(table) for table in tables]])
        hidden = np.append(found.hidden, False)[cells.column_of]
        hidden |= False if veiled is None else veiled
        newest = history.releases[history.newest].told
        values: list[list[int | None]] = [[] for _layout in newest.layouts]
        for line, exact, veiled in zip(history.lines, history.exact.tolist(), hidden.tolist(), strict=True):
            if line.release == history.newest:
                values[line.table].append(None if veiled else exact)
        told = replace(newest, values=tuple(tuple(table) for table in values))
        return read_told(write_told(told)), round(cells.cost(found.hidden))

    def _audit(self, told: Told) -> list[tuple[bool, bool]]:
        """For each need whether its interval, as the documents have it, has to reach further up, or down."""
        history = self._history
        documents = [*self._documents[:-1], told]
        check_shown(told, history)
        self._auditor = auditor = Auditor(documents, self._history, self._own, self._deadline)
        auditor.hear(self._heard)
        short = auditor.list_shortfalls(self._needs)
        self._heard = distinct(np.concatenate([self._heard, auditor.tell()]))
        if any(map(any, short)):
            return short
        auditor.check_newest()
        if not history.changes.is_apart:
            self._audit_apart(documents)
        self._check_from_outside(documents)
        return short

    def _check_from_outside(self, documents: Sequence[Told]) -> None:
        """Where somebody was lost, another pattern may be one that misleads nobody who relies on growth."""
        try:
            check_from_outside(documents, self._deadline)
        except DisclosureRefused as refused:
            if refused.reason == "audit_failed" and self._history.changes.restarts.any():
                raise refusal("cannot_protect") from refused
            raise

    def _find_known_sum(self, told: Told) -> Need | None:
        begun = time.monotonic()
        newest = iter([value for table in told.values for value in table])
        shown = [
            (next(newest) if line.release == self._history.newest else line.value) is not None
            for line in self._history.lines
        ]
        found = find_known_sum(self._history, np.array(shown), self._deadline)
        self.seconds["audit"] += time.monotonic() - begun
        return found

    def _audit_apart(self, documents: Sequence[Told]) -> None:
        """The same for whoever does not rely on it that who was counted stays counted."""
        apart = trace(self._history.releases, self._deadline, apart=self._history.growth)
        auditor = Auditor(documents, apart, self._own, self._deadline)
        auditor.hear(split(self._heard, self._history, apart))
        for is_lost in (False, True):
            needs = self._list_needs(apart, documents, is_lost=is_lost)
            if not any(map(any, auditor.list_shortfalls(needs))):
                return
        raise refusal("audit_failed")

    def _audit_before(self) -> Auditor:
        """An auditor to whom the newest release has said nothing."""
        return Auditor(self._documents, self._history, self._own, self._deadline, is_newest_out=False)

    def _list_needs(self, history: History, documents: Sequence[Told], *, is_lost: bool) -> tuple[Need, ...]:
        """What has to be protected; what follows from others is left out.

        With `is_lost` no more than what was protected before the newest release, and then all is asked, since
        what was lost of one may be what another followed from.
        """
        begun = time.monotonic()
        every = list_needs(history, self._counted, self._rules, self._deadline)
        asked = every if is_lost else thin(every, history.truth)
        if is_lost or any(need.is_open for need in asked):
            before = Auditor(documents, history, self._own, self._deadline, is_newest_out=False)
            asked = tuple(before.clip([need])[0] if is_lost or need.is_open else need for need in asked)
        self.seconds["before"] += time.monotonic() - begun
        return asked

    def _report(self, told: Told, price: int) -> Report:
        tables = []
        for layout, values, tally in zip(told.layouts, told.values, self._counted.tallies, strict=True):
            hidden = [at for at, value in enumerate(values) if value is None]
            counted = sum(value != 0 for value in values)
            margins = [any(layout.is_margin(place, told.axes)) for place in layout.places()]
            lost = sum(int(tally.units[at]) for at in hidden if not margins[at])
            share = 1 - len(hidden) / counted if counted else 1.0
            tables.append(TableReport(layout.name, len(values), len(hidden), share, lost))
        return Report(
            tuple(tables),
            price,
            None,
            not self._history.changes.restarts.any(),
            self.rounds,
            dict(self.seconds),
        )


def list_needs(history: History, counted: Counted, rules: Rules, deadline: Deadline) -> tuple[Need, ...]:
    """What has to be protected; where the newest release shares nothing, only what it has to do with."""
    needs = Needs(history, counted, rules, deadline).all()
    if not history.changes.is_apart:
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
