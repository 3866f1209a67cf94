"""Protecting what a draft asks against the whole ledger: outside any transaction, for it takes seconds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from casework.disclosure.ledger.documents import read_told
from casework.disclosure.ledger.parts import protect_in_parts
from casework.disclosure.ledger.release import Protection
from casework.disclosure.solver import go_on
from casework.domain.earlier import Earlier
from casework.domain.official import OfficialCount
from casework.domain.releasedraft import Names, ReleaseDraft
from casework.services.context import Context
from casework.services.releases.composing import Composed, check_periods, check_unit, compose
from casework.services.releases.ledger import Ledger, read_ledger
from casework.services.releases.sizing import check_size, count_combinations
from casework.vault import documents

SECONDS = 60.0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Protected:
    """A release that passed, and the ledger that it was held against."""

    protection: Protection
    ledger: Ledger


def prepare(context: Context, draft: ReleaseDraft) -> tuple[Composed, Ledger]:
    """Return what the engine is asked, and what it is held against.

    Raises DisclosureRefused, Invalid naming a field, Tampered.
    """
    ledger = read_ledger(context)
    return compose_draft(context, draft, ledger), ledger


def compose_draft(context: Context, draft: ReleaseDraft, ledger: Ledger) -> Composed:
    """Return what the engine is asked for a draft; raises DisclosureRefused, Invalid naming a field."""
    check_unit(draft, ledger.releases[0].draft.unit if ledger.held else "")
    check_periods(draft, ledger.releases)
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    return compose(book, draft, [read_told(entry.document).axes for entry in ledger.entries])


def protect(composed: Composed, ledger: Ledger, keep_going: Callable[[], None] = go_on) -> Protected:
    """Return the release; raises DisclosureRefused where none is safe, or none was found in time.

    What `keep_going` raises ends it within seconds.
    """
    protection = protect_tables(composed, ledger, SECONDS, keep_going)
    return Protected(protection, ledger)


def protect_tables(
    composed: Composed, ledger: Ledger, seconds: float, keep_going: Callable[[], None] = go_on
) -> Protection:
    """Protect what was composed within so many seconds; raises as `protect`."""
    check_size(composed.records.axes, composed.layouts, ledger.entries)
    return protect_in_parts(
        composed.records,
        composed.layouts,
        ledger.entries,
        composed.rules,
        time_limit_seconds=seconds,
        keep_going=keep_going,
    )


def count_of(composed: Composed, tables: Sequence[Names], ledger: Ledger) -> int:
    """Count the combinations that have to be checked for these tables: what takes the time."""
    layouts = [composed.lay_out(names) for names in tables]
    return count_combinations(composed.records.axes, layouts, ledger.entries)


def mark_of(protection: Protection, official: Sequence[OfficialCount], earlier: Sequence[Earlier]) -> str:
    """Return what names these very numbers, ours, those of others beside them, and of earlier releases."""
    counts, before = ([one.to_document() for one in each] for each in (official, earlier))
    told = {"schema": 2, "document": protection.release.document(), "official": counts, "earlier": before}
    return sha256(documents.encode(told)).hexdigest()
