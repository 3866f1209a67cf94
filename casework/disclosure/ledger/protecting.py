"""The way from exact counts and the ledger to a release. There is no other."""

from collections.abc import Callable, Mapping, Sequence

from casework.disclosure.ledger.auditing import check_from_outside
from casework.disclosure.ledger.documents import Told, read_told
from casework.disclosure.ledger.entries import Entry, Release, read_entry, write_exact
from casework.disclosure.ledger.history import trace
from casework.disclosure.ledger.layouts import Layout
from casework.disclosure.ledger.records import Counted, Records, count_release
from casework.disclosure.ledger.release import _PROTECTED, ProtectedRelease, Protection, TableReport
from casework.disclosure.ledger.rules import Rules
from casework.disclosure.ledger.searching import Search
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline, go_on
from casework.disclosure.threshold import check_threshold


def protect_release(
    records: Records,
    layouts: Sequence[Layout],
    ledger: Sequence[Entry],
    rules: Rules,
    *,
    time_limit_seconds: float,
    keep_going: Callable[[], None] = go_on,
) -> Protection:
    """Hides what must be hidden in the newest release, given all earlier ones, or raises DisclosureRefused.

    `ledger` are all releases that ever left, in their order, those withdrawn too. The same input gives the
    same release, or runs into the time limit; what `keep_going` raises ends it. No error names a count.

    Raises DisclosureRefused: unknown_option, unknown_unit, unlike_units, bad_shape, bad_code, bad_document
    (of the ledger), impossible_not_zero, no_candidates, empty, too_few_cases, too_large, cannot_protect,
    too_much_hidden, audit_failed, inconsistent, time_limit, solver.
    """
    deadline = Deadline(time_limit_seconds, keep_going)
    if not rules.identifying | rules.outcomes <= set(records.axes):
        raise refusal("unknown_option")  # a misspelt axis would switch a check off
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
    few, one = counted.largest(rules.k), counted.largest(2)
    newest = Release(told, counted.atoms, cases, few, one, counted.holders)
    history = trace([*earlier, newest], deadline)
    release, report = Search(history, counted, rules, deadline).run()
    _check_shares(report.tables, rules)
    return Protection(release, Entry(release.document(), write_exact(counted, rules.k)), report)


def parse_release(
    document: Mapping[str, object],
    earlier: Sequence[Mapping[str, object]],
    *,
    time_limit_seconds: float,
    for_release: bool = True,
) -> ProtectedRelease:
    """The release of a document, after an attack on it from outside, together with the earlier documents.

    Raises DisclosureRefused: bad_document, threshold_too_low, audit_failed, inconsistent, too_large,
    time_limit, solver.
    """
    told = read_told(document)
    check_threshold(told.k, for_release=for_release)
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
