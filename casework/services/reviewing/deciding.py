"""Deciding about a proposal: a member confirms or rejects it, or takes that back. A rule decides nothing."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from uuid import UUID

from casework.domain.incident import IncidentFacts
from casework.domain.pattern import reject, set_patterns, take_back
from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services import records
from casework.services.access import get_incident_row
from casework.services.context import Context
from casework.services.patterns import PatternView, get_pattern, rewrite
from casework.services.transactions import transaction
from casework.store.cases import Incident


class Decision(StrEnum):
    """What a member says of a proposal."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Met(StrEnum):
    """What a decision met instead of the proposal that was shown; then nothing was written.

    `CHANGED`: it still waits, but the incident or the pattern says something else now.
    """

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CHANGED = "changed"
    NO_LONGER = "no_longer"
    GONE = "gone"


class _Meeting(Exception):
    def __init__(self, met: Met) -> None:
        super().__init__(met.value)
        self.met = met


def decide(
    context: Context, incident_id: UUID, pattern_id: UUID, decision: Decision, seen: tuple[int, int]
) -> Met | None:
    """Confirm or reject a proposal; returns None, or what it met and left as it is.

    `seen` are the versions of the incident and the pattern that were shown. Raises Forbidden.
    """
    context.require(Permission.TAG_INCIDENTS)
    change: Callable[[IncidentFacts], IncidentFacts] = (
        partial(set_patterns, add={pattern_id}, remove=frozenset())
        if decision is Decision.CONFIRMED
        else partial(reject, pattern=pattern_id)
    )

    def look(row: Incident, facts: IncidentFacts, view: PatternView) -> Met | None:
        if found := find_decision(facts, pattern_id):
            return Met(found.value)
        if not view.is_proposed_for(facts):
            return Met.NO_LONGER
        return Met.CHANGED if (row.version, view.version) != seen else None

    return _write(context, f"proposal.{decision}", (incident_id, pattern_id), look, change)


def undo(context: Context, incident_id: UUID, pattern_id: UUID, decision: Decision) -> Met | None:
    """Take a decision back, so that nobody has decided; returns as `decide`. Raises Forbidden."""
    context.require(Permission.TAG_INCIDENTS)

    def look(_row: Incident, facts: IncidentFacts, _view: PatternView) -> Met | None:
        found = find_decision(facts, pattern_id)
        return None if found is decision else Met(found.value) if found else Met.NO_LONGER

    change = partial(take_back, pattern=pattern_id)
    return _write(context, "proposal.taken_back", (incident_id, pattern_id), look, change)


def find_decision(facts: IncidentFacts, pattern_id: UUID) -> Decision | None:
    """Return what was decided about a pattern, by whomever."""
    if pattern_id in facts.patterns:
        return Decision.CONFIRMED
    return Decision.REJECTED if pattern_id in facts.rejected else None


def _write(
    context: Context,
    event: str,
    about: tuple[UUID, UUID],
    look: Callable[[Incident, IncidentFacts, PatternView], Met | None],
    change: Callable[[IncidentFacts], IncidentFacts],
) -> Met | None:
    incident_id, pattern_id = about
    try:
        with transaction(context, event) as opened:
            row, view = get_incident_row(context, incident_id), get_pattern(context, pattern_id)
            if met := look(row, records.open_incident(context, row), view):
                raise _Meeting(met)
            rewrite(context, opened, row, change)
            opened.note(case=row.case_id, incident=row.id, pattern=pattern_id)
    except _Meeting as meeting:
        return meeting.met
    except NotFound:
        return Met.GONE
    return None
