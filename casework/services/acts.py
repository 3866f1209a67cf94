"""The acts of an incident's pathway: recorded, changed, removed, brought back; within its two documents."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from casework.domain.act import MOST_ACTS, Act, ActTexts, validate_act
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.messages import N_
from casework.domain.moments import Moment
from casework.domain.pathway import standing, with_acts, without_acts
from casework.domain.permissions import Permission
from casework.domain.vocabulary import NOT_ASKED
from casework.errors import Conflict, Invalid, NotFound
from casework.services import records
from casework.services.access import get_case_row, get_incident_row
from casework.services.casekeyring import open_case_keys, open_case_keys_to_write
from casework.services.context import Context
from casework.services.drafts import drop_drafts, find_drafts_of_form
from casework.services.history.acts import forget_acts, record_acts
from casework.services.incidents import IncidentView, get_incident
from casework.services.once import draw_id
from casework.services.ownterms import drop_orphaned_terms
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDraft:
    """An act as a form gives it; `Act` says what each part means."""

    kind: str
    code: str
    when: Moment
    people: tuple[UUID, ...] = ()
    by: str = NOT_ASKED
    source: str = NOT_ASKED
    reliability: str = NOT_ASKED
    texts: ActTexts = ActTexts()  # noqa: RUF009 - a constant: nobody can change it


@dataclass(frozen=True, slots=True)
class ActView:
    """An act, opened, with the incident that it belongs to."""

    incident: IncidentView
    act: Act
    texts: ActTexts


Documents = tuple[IncidentFacts, IncidentNarrative]
Change = Callable[[Documents], tuple[list[Act], UUID]]
"""What becomes of the acts of an incident, and which of them is concerned."""


def record_act(
    context: Context,
    incident_id: UUID,
    draft: ActDraft,
    kept_as: Collection[UUID] = (),
    form_id: UUID | None = None,
) -> UUID:
    """Add an act to an incident, and its code to the answers; the drafts of its form go. Returns its id.

    Raises Invalid naming fields, NotFound where the incident is not there or not the member's; Tampered where
    what stands there does not open; SavedBefore for a form that was saved. Nothing that somebody else saved
    meanwhile is lost by it.
    """

    def add(documents: Documents) -> tuple[list[Act], UUID]:
        acts = documents[0].acts
        new_id = draw_id(
            context, form_id, f"act {incident_id.hex}", lambda known: _says_same(documents, known, draft)
        )
        if len(standing(acts)) >= MOST_ACTS:
            raise Invalid(what=N_("There is room for 100 steps. Log another incident in this case."))
        today, member_id = context.runtime.today(), context.member_id
        fresh = Act(id=new_id, kind="", code="", when=draft.when, added_on=today, added_by=member_id)
        return [*acts, _made(draft, fresh)], new_id

    kept_as = {*kept_as, *find_drafts_of_form(context, form_id)}
    return _write(context, "act.recorded", incident_id, add, draft.texts, kept_as)[1]


def _says_same(documents: Documents, known: UUID, draft: ActDraft) -> bool | None:
    """Tell of an act whether it says what this draft says, None where there is none; NotFound: removed."""
    facts, narrative = documents
    if known not in {act.id for act in facts.acts}:
        return None
    kept = _find(standing(facts.acts), known)
    return (_made(draft, kept), draft.texts) == (kept, narrative.of_act(known))


def change_act(
    context: Context,
    incident_id: UUID,
    act_id: UUID,
    version: int,
    draft: ActDraft,
    kept_as: Collection[UUID] = (),
) -> None:
    """Save a changed act; `version` is the one that was read.

    Raises Conflict when somebody changed this act since, else as `record_act`; NotFound for a removed one.
    """

    def change(documents: Documents) -> tuple[list[Act], UUID]:
        acts = documents[0].acts
        before = _find(standing(acts), act_id)
        if before.version != version:
            raise Conflict("act")
        return _put(acts, _made(draft, replace(before, version=version + 1))), act_id

    _write(context, "act.changed", incident_id, change, draft.texts, kept_as)


def remove_act(context: Context, incident_id: UUID, act_id: UUID) -> UUID:
    """Take an act out, and its code out of the answers where nothing else gave it; returns the case's id.

    Raises NotFound. It can be brought back until something of the pathway is written on a later day.
    """

    def remove(documents: Documents) -> tuple[list[Act], UUID]:
        acts = documents[0].acts
        gone = replace(_find(standing(acts), act_id), removed_on=context.runtime.today())
        return _put(acts, gone), act_id

    return _write(context, "act.removed", incident_id, remove)[0]


def restore_act(context: Context, incident_id: UUID, act_id: UUID) -> UUID:
    """Bring a removed act back; returns the case's id.

    Raises NotFound for one that was not removed, or is gone for good.
    """

    def restore(documents: Documents) -> tuple[list[Act], UUID]:
        acts = documents[0].acts
        removed = [act for act in acts if act.removed_on is not None]
        return _put(acts, replace(_find(removed, act_id), removed_on=None)), act_id

    return _write(context, "act.restored", incident_id, restore)[0]


def get_act(context: Context, incident_id: UUID, act_id: UUID) -> ActView:
    """Open an act with its incident; raises NotFound. An audit entry says that the case was read."""
    incident = get_incident(context, incident_id)
    act = _find(standing(incident.facts.acts), act_id)
    return ActView(incident, act, incident.narrative.of_act(act_id))


def _write(
    context: Context,
    event: str,
    incident_id: UUID,
    change: Change,
    texts: ActTexts | None = None,
    kept_as: Collection[UUID] = (),
) -> tuple[UUID, UUID]:
    """Write both documents with these acts; returns the ids of the case and of the act."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, event) as opened:
        row = get_incident_row(context, incident_id)
        facts = records.open_incident(context, row)
        narrative = records.open_narrative(open_case_keys(context, row.case_id), row)
        before = facts, narrative
        acts, act_id = change(before)
        if texts is not None:
            _check(context, row, _find(acts, act_id))
            narrative = replace(narrative, acts=_with_texts(narrative.acts, act_id, texts))
        _store(
            context, opened, row, before, (drop_orphaned_terms(context, with_acts(facts, acts)), narrative)
        )
        drop_drafts(context, kept_as)
        opened.note(case=row.case_id, incident=incident_id)
        return row.case_id, act_id


def _store(
    context: Context,
    opened: Transaction,
    row: store.Incident,
    before: tuple[IncidentFacts, IncidentNarrative],
    after: tuple[IncidentFacts, IncidentNarrative],
) -> None:
    (facts, narrative), today = after, context.runtime.today()
    # What was removed on an earlier day goes for good, with its texts.
    gone = {act.id for act in facts.acts if act.removed_on is not None and act.removed_on < today}
    facts, narrative = without_acts(facts, narrative, gone)
    records.touch_case(context, opened.generation, get_case_row(context, row.case_id))
    keys = open_case_keys_to_write(context, row.case_id)
    forget_acts(keys, row, gone)
    record_acts(context, opened.generation, keys, row, before, (facts, narrative))
    records.write_incident_facts(context, opened.generation, row, facts)
    records.write_narrative(keys, row, narrative)


def _check(context: Context, row: store.Incident, act: Act) -> None:
    """Raise Invalid naming fields unless the act may stand there."""
    validate_act(act, context.runtime.today(), {one.id for one in store.list_people(row.case_id)})
    act.when.require_past(context.runtime.now(), context.runtime.timezone)


def _with_texts(
    before: tuple[tuple[UUID, ActTexts], ...], act_id: UUID, texts: ActTexts
) -> tuple[tuple[UUID, ActTexts], ...]:
    others = tuple(entry for entry in before if entry[0] != act_id)
    return (*others, (act_id, texts)) if texts != ActTexts() else others


def _made(draft: ActDraft, act: Act) -> Act:
    return replace(
        act,
        kind=draft.kind,
        code=draft.code,
        when=draft.when,
        people=tuple(sorted(draft.people, key=str)),
        by=draft.by,
        source=draft.source,
        reliability=draft.reliability,
    )


def _put(acts: Iterable[Act], changed: Act) -> list[Act]:
    return [changed if act.id == changed.id else act for act in acts]


def _find(acts: Iterable[Act], act_id: UUID) -> Act:
    for act in acts:
        if act.id == act_id:
            return act
    raise NotFound("act")
