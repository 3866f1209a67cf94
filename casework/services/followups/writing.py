"""Adding and changing follow-ups, ticking them off, deleting them and bringing them back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from casework.domain.followup import (
    DATED,
    DETENTION,
    OF_DETENTION,
    FollowUpFacts,
    FollowUpTexts,
    validate_follow_up,
    validate_order,
)
from casework.domain.messages import N_
from casework.domain.moments import Moment
from casework.domain.permissions import Permission
from casework.domain.vocabulary import NOT_ASKED
from casework.errors import Conflict, Invalid, NotFound
from casework.services import records
from casework.services.access import get_case_row, may_another_open, team_of
from casework.services.casekeyring import open_case_keys, open_case_keys_to_write
from casework.services.context import Context
from casework.services.drafts import drop_drafts
from casework.services.followups.documents import open_facts, open_texts, write_facts, write_texts
from casework.services.history.recording import record_added, record_change, record_coded_change
from casework.services.once import draw_id
from casework.services.transactions import Transaction, transaction
from casework.store import cases as cases_store
from casework.store.database import db
from casework.store.followups import FollowUp, find_follow_up

_UNKNOWN = Moment.unknown()
# What no form says.
_OF_THE_DEED = ("added_on", "added_by", "done_on", "done_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpDraft:
    """A follow-up as a form gives it; `FollowUpFacts` says what each part means."""

    kind: str
    when: Moment = _UNKNOWN
    due: Moment | None = None
    place: str = NOT_ASKED
    outcome: str = NOT_ASKED
    person: UUID | None = None
    incident: UUID | None = None
    detention: UUID | None = None
    assigned_to: UUID | None = None
    texts: FollowUpTexts = FollowUpTexts()  # noqa: RUF009 - a constant: nobody can change it


def add_follow_up(
    context: Context,
    case_id: UUID,
    draft: FollowUpDraft,
    kept_as: Collection[UUID] = (),
    form_id: UUID | None = None,
) -> UUID:
    """Add a follow-up to a case; the drafts that its form was kept as go. Returns its id.

    Raises Invalid naming fields, NotFound where the case, or the detention, is not there or not the member's;
    SavedBefore for a form that was saved.
    """
    context.require(Permission.EDIT_CASES)
    with transaction(context, "follow_up.added") as opened:
        case = get_case_row(context, case_id)
        facts = _new_facts(context, draft)
        new_id = _draw_id(context, form_id, case_id, (facts, draft.texts))
        _check(context, case, facts, draft.texts)
        records.touch_case(context, opened.generation, case)
        row = FollowUp(id=new_id, case_id=case_id)
        write_facts(context, opened.generation, row, facts)
        keys = open_case_keys_to_write(context, case_id)
        write_texts(keys, row, draft.texts)
        db.session.add(row)
        record_added(context, opened.generation, keys, row)
        drop_drafts(context, kept_as, form_id)
        opened.note(case=case_id, follow_up=row.id)
        return row.id


def _draw_id(
    context: Context, form_id: UUID | None, case_id: UUID, mine: tuple[FollowUpFacts, FollowUpTexts]
) -> UUID:
    def says_same(known: UUID) -> bool | None:
        if find_follow_up(known) is None:
            return None
        _case, row, facts = _get(context, case_id, known)
        kept = replace(facts, **{name: getattr(mine[0], name) for name in _OF_THE_DEED})
        return (kept, open_texts(open_case_keys(context, case_id), row)) == mine

    return draw_id(context, form_id, f"follow-up {case_id.hex}", says_same)


def change_follow_up(
    context: Context,
    case_id: UUID,
    follow_up_id: UUID,
    version: int,
    draft: FollowUpDraft,
    kept_as: Collection[UUID] = (),
) -> None:
    """Save a changed follow-up; `version` is the one that was read. What kind it is stays.

    Raises Conflict when somebody saved it since, Invalid naming fields, NotFound; Tampered where what stands
    there does not open.
    """
    context.require(Permission.EDIT_CASES)
    with transaction(context, "follow_up.changed") as opened:
        case, row, before = _get(context, case_id, follow_up_id)
        if row.version != version:
            raise Conflict("follow_up")
        keys = open_case_keys_to_write(context, case_id)
        words = open_texts(keys, row)  # what was damaged is found before it is replaced
        facts = replace(
            _new_facts(context, draft),
            kind=before.kind,
            detention=before.detention,
            added_on=before.added_on,
            added_by=before.added_by,
            done_on=before.done_on,
            done_by=before.done_by,
        )
        _check(context, case, facts, draft.texts, before)
        records.touch_case(context, opened.generation, case)
        record_change(context, opened.generation, keys, row, [before, words], [facts, draft.texts])
        write_facts(context, opened.generation, row, facts)
        write_texts(keys, row, draft.texts)
        drop_drafts(context, kept_as)
        opened.note(case=case_id, follow_up=follow_up_id)


def tick_off(context: Context, case_id: UUID, follow_up_id: UUID) -> None:
    """Say that a task or hearing is done, today, by the member; raises NotFound for what cannot be done."""
    done = {"done_on": context.runtime.today(), "done_by": context.member_id}
    _mark(context, "follow_up.done", case_id, follow_up_id, done)


def take_up_again(context: Context, case_id: UUID, follow_up_id: UUID) -> None:
    """Say that a task or hearing is not done after all; raises NotFound."""
    _mark(context, "follow_up.reopened", case_id, follow_up_id, {"done_on": None, "done_by": None})


def delete_follow_up(context: Context, case_id: UUID, follow_up_id: UUID) -> None:
    """Take a follow-up out of everything; it can be brought back until it goes for good. Raises NotFound."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, "follow_up.deleted") as opened:
        _case, row, facts = _get(context, case_id, follow_up_id)
        _write_changed(context, opened, row, facts, {"deleted_on": context.runtime.today()})
        opened.note(case=case_id, follow_up=follow_up_id)


def restore_follow_up(context: Context, case_id: UUID, follow_up_id: UUID) -> None:
    """Bring a deleted follow-up back; raises NotFound for one that was not deleted."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, "follow_up.restored") as opened:
        case, row, facts = _get(context, case_id, follow_up_id, deleted=True)
        records.touch_case(context, opened.generation, case)
        _write_changed(context, opened, row, facts, {"deleted_on": None})
        opened.note(case=case_id, follow_up=follow_up_id)


def _mark(
    context: Context, event: str, case_id: UUID, follow_up_id: UUID, changed: dict[str, object]
) -> None:
    context.require(Permission.EDIT_CASES)
    with transaction(context, event) as opened:
        case, row, facts = _get(context, case_id, follow_up_id)
        if facts.kind not in DATED:
            raise NotFound("follow_up")
        records.touch_case(context, opened.generation, case)
        _write_changed(context, opened, row, facts, changed)
        opened.note(case=case_id, follow_up=follow_up_id)


def _write_changed(
    context: Context, opened: Transaction, row: FollowUp, facts: FollowUpFacts, changed: Mapping[str, object]
) -> None:
    after = replace(facts, **changed)  # type: ignore[arg-type]  # of fields that its callers name
    record_coded_change(context, opened.generation, row, [facts], [after])
    write_facts(context, opened.generation, row, after)


def _get(
    context: Context, case_id: UUID, follow_up_id: UUID, deleted: bool = False
) -> tuple[cases_store.Case, FollowUp, FollowUpFacts]:
    case, row = get_case_row(context, case_id), find_follow_up(follow_up_id)
    if row is None or row.case_id != case_id:
        raise NotFound("follow_up")
    facts = open_facts(context, row)
    if (facts.deleted_on is not None) is not deleted:
        raise NotFound("follow_up")
    return case, row, facts


def _new_facts(context: Context, draft: FollowUpDraft) -> FollowUpFacts:
    return FollowUpFacts(
        kind=draft.kind,
        when=draft.when,
        due=draft.due,
        place=draft.place,
        outcome=draft.outcome,
        person=draft.person,
        incident=draft.incident,
        detention=draft.detention,
        assigned_to=draft.assigned_to,
        added_on=context.runtime.today(),
        added_by=context.member_id,
    )


def _check(
    context: Context,
    case: cases_store.Case,
    facts: FollowUpFacts,
    texts: FollowUpTexts,
    before: FollowUpFacts | None = None,
) -> None:
    """Raise Invalid naming fields; what stood there before is not asked for again."""
    zone = context.runtime.timezone
    validate_follow_up(facts, texts, zone)
    if facts.kind in {DETENTION, *OF_DETENTION}:
        facts.when.require_past(context.runtime.now(), zone)  # no clock counts from what is still to come
    _require_in_case("person", facts.person, {row.id for row in cases_store.list_people(case.id)})
    _require_in_case("incident", facts.incident, {row.id for row in cases_store.list_incidents(case.id)})
    if facts.kind in OF_DETENTION:
        detained = _get(context, case.id, facts.detention or UUID(int=0))[2]
        if detained.kind != DETENTION:
            raise NotFound("detention")
        validate_order(facts, detained, zone)
    assigned = facts.assigned_to
    if assigned and assigned != (before.assigned_to if before else None):
        _require_able(context, case, assigned)


def _require_in_case(field: str, chosen: UUID | None, there: set[UUID]) -> None:
    if chosen is not None and chosen not in there:
        raise Invalid(**{field: N_("Choose one of the listed answers.")})


def _require_able(context: Context, case: cases_store.Case, member_id: UUID) -> None:
    """Raise Invalid naming `assigned_to` unless this member may open the case."""
    if not may_another_open(context, member_id, case.team_only, team_of(case), case.restricted):
        raise Invalid(assigned_to=N_("Choose a member who may open this case."))
