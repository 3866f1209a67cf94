"""Looking at a release before it is approved: that is an answer too, so each is counted and audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from casework.disclosure.ledger.protecting import propose_coarser
from casework.disclosure.ledger.release import ProtectedRelease
from casework.domain.permissions import Permission
from casework.domain.releasedraft import Names, ReleaseDraft
from casework.errors import DisclosureRefused, TooSoon
from casework.services.context import Context
from casework.services.releases.composing import Composed, check_tables, coarser
from casework.services.releases.ledger import Ledger
from casework.services.releases.protecting import prepare, protect
from casework.services.releases.rows import get_row, open_release
from casework.services.transactions import transaction
from casework.store import releases as store
from casework.store.database import db

PROPOSAL_SECONDS = 20.0
# What a coarser table is no remedy for.
_HOPELESS = frozenset(
    {"damaged", "not_enough", "unlike_units", "inconsistent", "bad_document", "no_candidates"}
)


@dataclass(frozen=True, slots=True)
class TableShown:
    """How much of a table is shown: numbers in all, hidden ones, and whole per cent of those not zero."""

    names: Names
    cells: int
    hidden: int
    percent_shown: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """A coarser form that passes: `instead` in the place of the table `names`; empty, that is left out."""

    names: Names
    instead: Names
    percent_shown: int


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """The answer. Of `release` and `refusal` one is there; `mark` names these very numbers, for approving."""

    release: ProtectedRelease | None = None
    mark: str = ""
    tables: Sequence[TableShown] = ()
    refusal: DisclosureRefused | None = None
    alternatives: Sequence[Alternative] = ()


def preview_release(context: Context, release_id: UUID) -> Preview:
    """Answer what a release asks as it would be approved now, or say why not, and what would pass.

    Raises TooSoon after too many of the member's previews in an hour, Conflict once it was approved,
    NotFound, and Invalid naming a field.
    """
    context.require(Permission.COMPOSE_RELEASES)
    draft = open_release(context, get_row(release_id)).edited_draft()
    check_tables(draft)
    with transaction(context, "release.previewed") as opened:
        _count(context)
        opened.note(release=release_id)
    try:
        composed, ledger = prepare(context, draft)
    except DisclosureRefused as refusal:
        return Preview(refusal=refusal)
    return _preview(draft, composed, ledger)


def _preview(draft: ReleaseDraft, composed: Composed, ledger: Ledger) -> Preview:
    try:
        found = protect(composed, ledger)
    except DisclosureRefused as refusal:
        return Preview(refusal=refusal, alternatives=_propose(draft, composed, ledger, refusal))
    report = found.protection.report.tables
    # What is lost, in units, stays inside: of a single hidden number it is that number.
    tables = [
        TableShown(names, table.cells, table.hidden, _percent(table.share_shown))
        for names, table in zip(draft.tables, report, strict=True)
    ]
    return Preview(found.protection.release, found.mark, tables)


def _propose(
    draft: ReleaseDraft, composed: Composed, ledger: Ledger, refusal: DisclosureRefused
) -> list[Alternative]:
    if refusal.reason in _HOPELESS:
        return []
    steps = coarser(draft)
    by_label = {str(at): step for at, step in enumerate(steps)}
    proposals = propose_coarser(
        composed.records,
        {label: steps[step] for label, step in by_label.items()},
        ledger.entries,
        composed.rules,
        time_limit_seconds=PROPOSAL_SECONDS,
    )
    return [
        Alternative(*by_label[one.label], _percent(one.share_shown))
        for one in proposals
        if one.share_shown is not None
    ]


def _count(context: Context) -> None:
    """Count one more; raises TooSoon with the seconds after which the next one is answered."""
    now, most = context.runtime.now_seconds(), context.runtime.limits.previews_per_hour
    before = store.list_previews(context.member_id, now - store.PREVIEW_SECONDS)
    if len(before) >= most:
        raise TooSoon(before[-most] + store.PREVIEW_SECONDS - now + 1)
    db.session.add(store.Preview(id=uuid4(), member_id=context.member_id, at_seconds=now))


def _percent(share: float) -> int:
    return int(100 * share)
