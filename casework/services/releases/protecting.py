"""Protecting what a draft asks against the whole ledger: outside any transaction, for it takes seconds."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from casework.disclosure.ledger.documents import read_told
from casework.disclosure.ledger.parts import protect_in_parts
from casework.disclosure.ledger.release import Protection
from casework.disclosure.solver import go_on
from casework.domain.releasedraft import ReleaseDraft
from casework.services.context import Context
from casework.services.releases.composing import Composed, check_periods, check_unit, compose
from casework.services.releases.ledger import Ledger, read_ledger
from casework.vault import documents

SECONDS = 60.0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Protected:
    """A release that passed, the ledger that it was held against, and what names these very numbers."""

    protection: Protection
    ledger: Ledger
    mark: str


def prepare(context: Context, draft: ReleaseDraft) -> tuple[Composed, Ledger]:
    """Return what the engine is asked, and what it is held against.

    Raises DisclosureRefused, Invalid naming a field, Tampered.
    """
    ledger = read_ledger(context)
    check_unit(draft, ledger.releases[0].draft.unit if ledger.held else "")
    check_periods(draft, ledger.releases)
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    return compose(book, draft, [read_told(entry.document).axes for entry in ledger.entries]), ledger


def protect(composed: Composed, ledger: Ledger, keep_going: Callable[[], None] = go_on) -> Protected:
    """Return the release; raises DisclosureRefused where none is safe, or none was found in time.

    What `keep_going` raises ends it within seconds.
    """
    protection = protect_in_parts(
        composed.records,
        composed.layouts,
        ledger.entries,
        composed.rules,
        time_limit_seconds=SECONDS,
        keep_going=keep_going,
    )
    return Protected(protection, ledger, _mark(protection))


def _mark(protection: Protection) -> str:
    return sha256(documents.encode(protection.release.document())).hexdigest()
