"""The follow-ups of one case, opened, and the clocks that run in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.domain.clocks import DueReview
from casework.domain.followup import DETENTION, Detention, FollowUpFacts, FollowUpTexts, detentions_of
from casework.errors import NotFound
from casework.services import records
from casework.services.access import get_case_row
from casework.services.casekeyring import open_case_keys
from casework.services.context import Context
from casework.services.followups.documents import open_facts, open_texts
from casework.store.followups import find_follow_up, list_follow_ups


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """A follow-up, opened."""

    id: UUID
    case_id: UUID
    version: int
    facts: FollowUpFacts
    texts: FollowUpTexts


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A detention that is not over, and the review that is due."""

    detention: Detention
    due: DueReview


@dataclass(frozen=True, slots=True)
class CaseFollowUps:
    """All that follows in a case: `ahead` what is to be done, soonest first; `past` the rest, newest first.

    `clocks` are the detentions that go on, the review due soonest first.
    """

    ahead: Sequence[FollowUpView]
    past: Sequence[FollowUpView]
    detentions: Sequence[Detention]
    clocks: Sequence[RunningClock]


@dataclass(frozen=True, slots=True)
class FollowUpOfCase:
    """A follow-up with the reference of its case."""

    reference: str
    view: FollowUpView


def read_follow_ups(context: Context, case_id: UUID) -> CaseFollowUps:
    """Open what follows in a case; raises NotFound. That it was read, `get_case` writes down."""
    get_case_row(context, case_id)
    zone, keys = context.runtime.timezone, open_case_keys(context, case_id)
    views = [
        FollowUpView(row.id, case_id, row.version, open_facts(context, row), open_texts(keys, row))
        for row in list_follow_ups(case_id)
    ]
    there = [view for view in views if view.facts.deleted_on is None]
    found = detentions_of({view.id: view.facts for view in there})
    ahead = [view for view in there if view.facts.is_open]
    past = [view for view in there if not view.facts.is_open]

    def soonest(view: FollowUpView) -> tuple[bool, datetime | None, str]:
        due_at = view.facts.due_at(zone)
        return due_at is None, due_at, view.id.hex

    return CaseFollowUps(
        ahead=sorted(ahead, key=soonest),
        past=sorted(past, key=_recency, reverse=True),
        detentions=found,
        clocks=running_clocks(context, found),
    )


def running_clocks(context: Context, found: Sequence[Detention]) -> list[RunningClock]:
    """Return the clocks of the detentions that go on, the review due soonest first."""
    zone = context.runtime.timezone
    due = [(one, one.next_review(zone)) for one in found]
    running = [RunningClock(one, review) for one, review in due if review is not None]
    return sorted(running, key=lambda clock: (clock.due.due_at, clock.detention.id))


def get_follow_up(context: Context, case_id: UUID, follow_up_id: UUID) -> FollowUpOfCase:
    """Open one follow-up; raises NotFound, for a deleted one too. `get_case` writes down that it was read."""
    case = get_case_row(context, case_id)
    view = _open(context, case_id, follow_up_id)
    return FollowUpOfCase(records.open_case(context, case).reference, view)


def get_detention(context: Context, case_id: UUID, detention_id: UUID) -> FollowUpOfCase:
    """Open the follow-up that started a clock; raises NotFound for any other kind."""
    found = get_follow_up(context, case_id, detention_id)
    if found.view.facts.kind != DETENTION:
        raise NotFound("detention")
    return found


def _open(context: Context, case_id: UUID, follow_up_id: UUID) -> FollowUpView:
    row = find_follow_up(follow_up_id)
    if row is None or row.case_id != case_id:
        raise NotFound("follow_up")
    facts = open_facts(context, row)
    if facts.deleted_on is not None:
        raise NotFound("follow_up")
    return FollowUpView(
        row.id, case_id, row.version, facts, open_texts(open_case_keys(context, case_id), row)
    )


def _recency(view: FollowUpView) -> tuple[object, ...]:
    facts = view.facts
    happened = (facts.due or facts.when).date.span()
    day = happened[0] if happened else facts.added_on
    at = (facts.due or facts.when).time
    return day, at is not None, str(at or ""), facts.added_on, view.id.hex
