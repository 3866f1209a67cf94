"""Looking at a release before it is approved, or at one number: answers too, so each is counted and audited.

It takes up to `SECONDS` and `PROPOSAL_SECONDS`: a page begins it, and asks how far it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from casework.disclosure.ledger.release import ProtectedRelease
from casework.domain.period import write_quarter
from casework.domain.permissions import Permission
from casework.domain.question import Question
from casework.domain.releasedraft import LEAST_THRESHOLD, Names, ReleaseDraft
from casework.errors import Conflict, DisclosureRefused, Invalid, Tampered, TooSoon
from casework.services.context import Context
from casework.services.releases.beside import list_beside
from casework.services.releases.composing import SEPARATOR, Composed, check_tables, check_unit
from casework.services.releases.late import list_earlier, list_late
from casework.services.releases.ledger import Ledger
from casework.services.releases.looks import Alternative, Look, Preview, Stage, Stopped
from casework.services.releases.numbers import check_answer, coarsen, is_told
from casework.services.releases.offering import list_periods
from casework.services.releases.proposing import (
    NOTHING_PROPOSED,
    Proposals,
    Trials,
    least_percent,
    propose,
)
from casework.services.releases.protecting import SECONDS, compose_draft, mark_of, prepare, protect
from casework.services.releases.released import find_of_time, find_released
from casework.services.releases.rows import find_unit, get_row, open_release
from casework.services.statistics.dimensions import Unit
from casework.services.transactions import transaction
from casework.store.previews import PREVIEW_SECONDS, add_preview, list_previews

PROPOSAL_SECONDS = 40.0
MOST_SECONDS = SECONDS + PROPOSAL_SECONDS
_HOPELESS = frozenset({"damaged", "not_enough", "bad_document"})
"""What no other table is a remedy for."""
_USUAL = {Unit.INCIDENTS: ("contact_group",), Unit.PEOPLE: ("citizenship",)}
"""What a release that asks for nothing yet can begin with."""


def _always() -> bool:
    return True


def begin_look(context: Context, release_id: UUID, is_open: Callable[[], bool] = _always) -> Look:
    """Begin to look at what a release asks; `carry_out` answers. It stops once `is_open` says no.

    Raises TooSoon after too many of the member's looks in an hour, Conflict once it was approved, NotFound,
    and Invalid naming a field.
    """
    context.require(Permission.COMPOSE_RELEASES)
    draft = open_release(context, get_row(release_id)).edited_draft()
    look = _make_look(context, draft, is_open)
    look.release_id = release_id
    return _begin(context, look, "release.previewed", release=release_id)


def begin_question(context: Context, question: Question, is_open: Callable[[], bool] = _always) -> Look:
    """Begin to answer a question, as a look at the release that would publish its number.

    It counts as a look, and is held against the same ledger. Raises TooSoon, and Invalid naming a field.
    """
    context.require(Permission.COMPOSE_RELEASES)
    check_answer(question)
    draft = question.to_draft(max(LEAST_THRESHOLD, context.runtime.limits.threshold))
    look = _make_look(context, draft, is_open)
    look.question = question
    first, last = map(write_quarter, (question.period.first, question.period.last))
    noted = {"table": SEPARATOR.join(question.names), "answer": question.answer, "period": f"{first}/{last}"}
    return _begin(context, look, "question.asked", **noted)


def carry_out(context: Context, look: Look) -> None:
    """Answer what a release asks as it would be approved now, or say why not, and what would pass."""
    context.require(Permission.COMPOSE_RELEASES)
    try:
        look.seen = _answer(context, look)
    except Stopped:
        context.runtime.looks.drop(look)
    except (Invalid, Tampered) as fault:
        look.fault = fault
    finally:
        look.is_finished = True


def find_look(context: Context, release_id: UUID | None) -> Look | None:
    """Return the member's own look at a release, or at their question, on its way or answered.

    None once it is over.
    """
    context.require(Permission.COMPOSE_RELEASES)
    return context.runtime.looks.find(context.member_id, release_id, context.runtime.now_seconds())


def stop_look(context: Context, release_id: UUID | None) -> bool:
    """Let the member's look at a release, or at their question, end at once, and forget it; none is no fault.

    Returns whether it has stopped: an approval may be too far for that. Raises NotFound where there is no
    such release.
    """
    if release_id:
        get_row(release_id)
    look = find_look(context, release_id)
    return look is not None and context.runtime.looks.drop(look)


def preview_release(context: Context, release_id: UUID) -> Preview:
    """Look, and wait for the answer; raises as `begin_look`, and Tampered."""
    look = begin_look(context, release_id)
    carry_out(context, look)
    if look.fault:
        raise look.fault
    if look.seen is None:
        raise Conflict("look")
    return look.seen


def _make_look(context: Context, draft: ReleaseDraft, is_open: Callable[[], bool]) -> Look:
    check_tables(draft)
    check_unit(draft, find_unit(context))
    return Look(
        member_id=context.member_id,
        draft=draft,
        began_at_seconds=context.runtime.now_seconds(),
        is_open=is_open,
    )


def _begin(context: Context, look: Look, event: str, **noted: str | UUID) -> Look:
    with transaction(context, event) as opened:
        _count(context)
        opened.note(**noted)
    context.runtime.looks.put(look)
    return look


def _answer(context: Context, look: Look) -> Preview:
    draft = look.draft
    if not draft.tables:
        return _begin_with(context, look)
    try:
        composed, ledger = prepare(context, draft)
    except DisclosureRefused as refusal:
        return Preview(refusal=refusal)
    look.beside = len(ledger.held)
    released = find_released(context, ledger, look.question) if look.question else find_of_time(ledger, draft)
    try:
        look.stage = Stage.PROTECTING
        found = protect(composed, ledger, look.keep_going)
    except DisclosureRefused as refusal:
        hopeless = refusal.reason in _HOPELESS
        proposed = NOTHING_PROPOSED if hopeless else _propose(context, look, composed, ledger)
        return Preview(
            refusal=refusal, alternatives=proposed.forms, ran_out=proposed.ran_out, released=released
        )
    # Its report stays inside: what is lost, in units, is of a single hidden number that number.
    release = found.protection.release
    is_answered = look.question is None or is_told(release, look.question)
    proposed = NOTHING_PROPOSED if is_answered else _propose(context, look, composed, ledger)
    late = list_late(release.told, ledger.releases)
    official = list_beside(context, draft.period)
    earlier = list_earlier(release.told, draft, ledger.releases)
    return Preview(
        release,
        mark_of(found.protection, official, earlier),
        official=official,
        earlier=earlier,
        alternatives=proposed.forms,
        ran_out=proposed.ran_out,
        late=late,
        released=released,
    )


def _begin_with(context: Context, look: Look) -> Preview:
    """Say that nothing is asked yet, and what a release could begin with."""
    usual = replace(look.draft, tables=(_USUAL[Unit(look.draft.unit)],))
    try:
        composed, ledger = prepare(context, usual)
    except DisclosureRefused as refusal:
        return Preview(refusal=refusal)
    asks_nothing = DisclosureRefused("no_candidates")
    try:
        release = protect(composed, ledger, look.keep_going).protection.release
    except DisclosureRefused:
        proposed = _propose(context, look, composed, ledger)
        return Preview(refusal=asks_nothing, alternatives=proposed.forms, ran_out=proposed.ran_out)
    form = Alternative(composed.tables, least_percent(release, composed.tables))
    return Preview(refusal=asks_nothing, alternatives=[form])


def _propose(context: Context, look: Look, composed: Composed, ledger: Ledger) -> Proposals:
    """Return what passes in the place of what was asked; for a question, what shows its number."""
    look.stage = Stage.PROPOSING
    asked = look.question

    def tell(draft: ReleaseDraft) -> None:
        look.trying = draft

    def fits(protected: ProtectedRelease, tables: Sequence[Names]) -> bool:
        return asked is None or is_told(protected, coarsen(asked, tables[0]))

    trials = Trials(
        ledger=ledger,
        compose=lambda draft: compose_draft(context, draft, ledger),
        seconds=PROPOSAL_SECONDS,
        keep_going=look.keep_going,
        tell=tell,
        fits=fits,
    )
    draft = replace(look.draft, tables=composed.tables)
    periods = list_periods(context, draft.period, ledger, draft.replaces)
    return propose(draft, composed, trials, periods)


def _count(context: Context) -> None:
    """Count one more; raises TooSoon with the seconds after which the next one is answered."""
    now, most = context.runtime.now_seconds(), context.runtime.limits.previews_per_hour
    before = list_previews(context.member_id, now - PREVIEW_SECONDS)
    if len(before) >= most:
        raise TooSoon(before[-most] + PREVIEW_SECONDS - now + 1)
    add_preview(context.member_id, now)
