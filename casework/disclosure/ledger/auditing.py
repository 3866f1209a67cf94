"""The last word on a release: attacks the documents of all releases together, and compares with the truth."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from casework.disclosure.counts import IntArray
from casework.disclosure.ledger.documents import Told
from casework.disclosure.ledger.history import History
from casework.disclosure.ledger.losses import Bounds
from casework.disclosure.ledger.needs import Need, Quantity
from casework.disclosure.outsider.claims import Claims
from casework.disclosure.outsider.intervals import Outsider
from casework.disclosure.outsider.knowledge import Knowledge, know
from casework.disclosure.outsider.releases import always, claim_releases, never
from casework.disclosure.outsider.settling import settle_knowledge
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline, FloatArray, Row
from casework.errors import DisclosureRefused


class Auditor:
    """Attackers on the documents of all releases: one from outside, and insiders, who know their own case."""

    def __init__(
        self,
        told: Sequence[Told],
        history: History,
        own: int,
        deadline: Deadline,
        *,
        is_newest_out: bool = True,
    ) -> None:
        """`own` is the most units that an insider's case has.

        With `is_newest_out` false nobody has seen the newest release yet. Raises DisclosureRefused:
        audit_failed, inconsistent, too_large.
        """
        self._history = history
        claims = claim_releases(told, history.changes.among)
        if not is_newest_out:
            claims = _forget(claims, len(told))
        everything = know(claims, zeros_published=True)
        unknown_of = _match(everything, history)
        self._knowledge, kept, settled = settle_knowledge(everything)
        truth = history.truth[unknown_of].astype(np.float64)
        self._truth = truth[kept]
        self._check_truth(truth, settled, kept)
        self._unknown_of = unknown_of[kept]
        self._settled_of, self._settled = np.delete(unknown_of, kept), np.delete(truth, kept)
        self._attacker = Outsider(self._knowledge, deadline)
        self._attacker.remember(self._truth)
        self._own = np.maximum(self._knowledge.lower, np.minimum(self._truth, own))
        self._insiders = np.flatnonzero(self._own > self._knowledge.lower).astype(np.int64)
        self._heard = self._truth[np.newaxis]
        self._clears = np.zeros((0, len(self._insiders)), dtype=np.bool_)

    def hear(self, tables: FloatArray) -> None:
        """Tables of all unknowns of the history that are said to agree with the documents, one a row."""
        found = self._attacker.agreeing(tables[:, self._unknown_of])
        self._heard = distinct(np.concatenate([self._heard, found]))

    def tell(self) -> FloatArray:
        """All tables found, of all unknowns of the history, one a row."""
        told = np.tile(self._history.truth.astype(np.float64), (len(self._attacker.all_tables), 1))
        told[:, self._unknown_of] = np.array(self._attacker.all_tables)
        return told

    def list_shortfalls(self, needs: Sequence[Need]) -> list[tuple[bool, bool]]:
        """For each need whether its interval does not reach up far enough, and whether not down.

        For everybody from outside, and for insiders, who know their own units in one unknown: the upper end
        stays up for them too, and the lower end may rise by what is their own, and no more; they are asked
        where nothing is short from outside. Raises DisclosureRefused: time_limit, solver.
        """
        asked = [self.translate(need) for need in needs]
        self._attacker.suppose(self._knowledge.lower)
        seen = (
            self._heard
            @ np.array([quantity for _need, quantity in asked]).reshape(len(asked), len(self._truth)).T
        )
        is_zero = self._list_known_zeros(asked)
        short = []
        for (need, quantity), sums, nobody in zip(asked, seen.T, is_zero, strict=True):
            rises = nobody or bool((sums >= need.far).any()) or self._rises_enough(quantity, need)
            falls = bool((sums <= need.least).any()) or self._falls(quantity, need.least)
            short.append((not rises, not falls))
        if any(map(any, short)):
            return short  # more is hidden then, and insiders are asked after that
        self._clears = self._heard[:, self._insiders] >= self._own[self._insiders]
        for at, ((need, quantity), sums) in enumerate(zip(asked, seen.T, strict=True)):
            if need.is_open or is_zero[at]:
                continue
            rises = self._rises_for_each(quantity, need, sums)
            short[at] = (not rises, not self._falls_for_each(quantity, need, sums))
        return short

    def _list_known_zeros(self, asked: Sequence[tuple[Need, FloatArray]]) -> list[bool]:
        """Whether a need is met because everybody knows that nobody is there: asked of all at once."""
        inside = np.zeros(len(self._truth), dtype=np.bool_)
        for need, quantity in asked:
            if need.may_be_known_zero:
                inside |= quantity != 0
        zero = self._attacker.always_zero(inside & ~(self._heard > 0).any(axis=0))
        return [need.may_be_known_zero and not (quantity[~zero] != 0).any() for need, quantity in asked]

    def clip(self, needs: Sequence[Need]) -> list[Need]:
        """The needs, less what could not be met before the newest release: it must not make that any worse.

        What need only stay open has to move up if it could, or else down.
        """
        found = []
        for need in needs:
            asked, quantity = self.translate(need)
            value = int(quantity @ self._truth)
            rises, falls = self._rises(quantity, asked.far), self._falls(quantity, asked.least)
            far, least = asked.far, asked.least
            if need.is_open:
                far, least = far if rises else value, least if falls and not rises else value
            elif not (rises and falls):
                far = self._attacker.farthest(quantity, far)
                least = -self._attacker.farthest(-quantity, -least)
            found.append(
                replace(need, far=far + need.far - asked.far, least=least + need.least - asked.least)
            )
        return found

    def knowing(self, more: Sequence[Bounds]) -> Outsider:
        """An attacker who knows some more, beside the documents."""
        rows = [row for bounds in more for quantity, least in bounds if (row := self._row(quantity, least))]
        base = self._knowledge
        bounded = base.bounded.copy()
        for _again in rows:  # what is no more than what is bounded is bounded
            for row in rows:
                coefficients, columns = np.array(row.coefficients), np.array(row.columns)
                if bounded[columns[coefficients > 0]].all():
                    bounded[columns[coefficients < 0]] = True
        claims = (*base.row_claims, *[-1] * len(rows))
        known = replace(base, rows=(*base.rows, *rows), row_claims=claims, bounded=bounded)
        attacker = Outsider(known, self._attacker.deadline)
        attacker.remember(self._truth)
        for table in attacker.agreeing(np.array(self._attacker.all_tables)):
            attacker.remember(table)
        return attacker

    def _row(self, quantity: Quantity, least: int) -> Row | None:
        """That a quantity is at least so much, of what is not settled; None where nothing is left to know."""
        known = int(quantity[self._settled_of] @ self._settled)
        part = quantity[self._unknown_of]
        inside = np.flatnonzero(part)
        if not len(inside):
            return None
        return Row(inside.tolist(), part[inside].astype(float).tolist(), least - known, np.inf)

    def check_newest(self) -> None:
        """Nothing that the newest release hides is exact.

        Raises DisclosureRefused: audit_failed, time_limit, solver.
        """
        newest = self._history.newest + 1
        self._attacker.suppose(self._knowledge.lower)
        for at in self._knowledge.open_claims:
            claim = self._knowledge.claims[at]
            if claim.file != newest:
                continue
            quantity = np.asarray(self._knowledge.quantities[at], dtype=np.float64)
            value = int(quantity @ self._truth)
            is_open = self._rises(quantity, value + 1) or self._falls(quantity, value - 1)
            if not is_open:
                raise refusal("audit_failed")

    def _rises_for_each(self, quantity: FloatArray, need: Need, sums: FloatArray) -> bool:
        """Whether the upper end stays far enough up for whoever knows of their own units in one unknown."""
        self._attacker.suppose(self._knowledge.lower)
        if need.may_be_known_zero and not self._rises(quantity, 1):
            return True
        left = self._insiders[~self._clears[sums >= need.far].any(axis=0)]
        return self._holds_for(left, quantity, need.far)

    def _falls_for_each(self, quantity: FloatArray, need: Need, sums: FloatArray) -> bool:
        """The lower end may rise by the insider's own units, and no more: they learn of nobody else."""
        for own in np.unique(self._own[self._insiders]).astype(np.int64).tolist():
            if quantity @ self._truth <= need.least + own:
                continue  # the truth is a table that each of them believes in
            is_asked = self._own[self._insiders] == own
            left = self._insiders[is_asked & ~self._clears[sums <= need.least + own].any(axis=0)]
            if not self._holds_for(left, -quantity, -need.least - own):
                return False
        return True

    def _holds_for(self, insiders: IntArray, quantity: FloatArray, value: int) -> bool:
        """Whether a quantity reaches a value for each of them: for all at once, or for halves of them."""
        if not len(insiders):
            return True
        base = self._knowledge.lower
        self._attacker.suppose(base)
        seen = self._attacker.seen(quantity, value)
        left = insiders[~(seen[:, insiders] >= self._own[insiders]).any(axis=0)]
        if not len(left):
            return True
        lower = base.copy()
        lower[left] = self._own[left]
        self._attacker.suppose(lower)
        if self._attacker.reaches(quantity, value):
            return True
        half = len(left) // 2
        return half > 0 and all(self._holds_for(part, quantity, value) for part in (left[:half], left[half:]))

    def _rises_enough(self, quantity: FloatArray, need: Need) -> bool:
        return self._rises(quantity, need.far) or (need.may_be_known_zero and not self._rises(quantity, 1))

    def _rises(self, quantity: FloatArray, far: int) -> bool:
        return self._attacker.reaches(quantity, far)

    def _falls(self, quantity: FloatArray, least: int) -> bool:
        return self._attacker.reaches(-quantity, -least)

    def translate(self, need: Need) -> tuple[Need, FloatArray]:
        """The need for what is not settled of its quantity, in the attacker's unknowns."""
        known = int(need.quantity[self._settled_of] @ self._settled)
        part = np.asarray(need.quantity[self._unknown_of], dtype=np.float64)
        return replace(need, far=need.far - known, least=need.least - known), part

    def _check_truth(self, truth: FloatArray, settled: FloatArray, kept: IntArray) -> None:
        """The truth is one of the tables that the attacker thinks possible."""
        sums = ((sum(self._truth[at] for at in row.columns), row) for row in self._knowledge.rows)
        is_possible = all(row.lower <= total <= row.upper for total, row in sums)
        agrees = np.array_equal(np.delete(truth, kept), np.delete(settled, kept))
        if not is_possible or not agrees or np.any(self._truth < self._knowledge.lower):
            raise refusal("audit_failed")


def distinct(tables: FloatArray) -> FloatArray:
    """Each table once, one a row, in the order in which they came."""
    first = {table.tobytes(): at for at, table in reversed(list(enumerate(np.ascontiguousarray(tables))))}
    return np.asarray(tables[sorted(first.values())])


def _forget(claims: Claims, newest: int) -> Claims:
    """As if the newest release had said nothing of its cells."""
    forgotten = (
        replace(claim, value=None, is_listed=False) if claim.file == newest else claim
        for claim in claims.claims
    )
    return replace(claims, claims=tuple(forgotten))


def _match(knowledge: Knowledge, history: History) -> IntArray:
    """For each of the attacker's unknowns which one of the engine's it is: that of the same lines and marks.

    What lies in a published zero is no unknown of the attacker's, and zero in truth.
    """
    ours = {one.tobytes(): at for at, one in enumerate(np.concatenate([history.members, history.marks]).T)}
    theirs = np.ascontiguousarray(knowledge.quantities.T)
    found = [ours.get(column.tobytes(), -1) for column in theirs]
    rest = np.ones(len(history.truth), dtype=np.bool_)
    rest[found] = False
    if -1 in found or len(set(found)) < len(found) or np.any(history.truth[rest]):
        raise refusal("audit_failed")
    return np.array(found, dtype=np.int64)


def check_from_outside(told: Sequence[Told], deadline: Deadline) -> None:
    """What can be checked without the exact counts: nothing hidden or added last is known to be small.

    With growth and without; documents that contradict growth tell that it cannot be relied on.

    Raises DisclosureRefused: audit_failed, inconsistent, time_limit, solver.
    """
    for restart in (never, always):
        claims = claim_releases(told, restart)
        try:
            outsider = Outsider(know(claims, zeros_published=True), deadline)
        except DisclosureRefused as refused:
            if restart is never and refused.reason == "inconsistent":
                continue
            raise
        _check_small(outsider, told)


def _check_small(outsider: Outsider, told: Sequence[Told]) -> None:
    knowledge, k = outsider.knowledge, told[-1].k
    newest = len(told)
    asked = [
        np.asarray(knowledge.quantities[at], dtype=np.float64)
        for at in knowledge.open_claims
        if knowledge.claims[at].file == newest
    ]
    if any(0 < (claim.value or 0) < k for claim in knowledge.claims if claim.file == newest):
        raise refusal("audit_failed")
    later = knowledge.quantities.astype(np.float64)
    asked += [later[new] - later[old] for new, old in knowledge.added if knowledge.claims[new].file == newest]
    for quantity in asked:
        small = not outsider.reaches(quantity, k) and not outsider.reaches(-quantity, 0)
        if small:
            raise refusal("audit_failed")
