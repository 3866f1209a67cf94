"""Taking a merge back: both records are as they were, for as long as nothing was changed since."""

from dataclasses import replace
from datetime import UTC, datetime, time
from uuid import UUID

from casework.domain.countable import GIVEN, Countable, join_countable
from casework.domain.merged import Aside, Merged
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.domain.person import STATISTICS, PersonFacts, may_count
from casework.errors import Invalid, NotFound, VaultError
from casework.services import records
from casework.services.access import get_case_row
from casework.services.casekeyring import open_case_keys_to_write
from casework.services.context import Context
from casework.services.history.merges import record_undone
from casework.services.merging.deciding import require_free
from casework.services.merging.linking import drop_links, expected_links, found_links
from casework.services.merging.merging import set_aside
from casework.services.merging.naming import is_as_left, name_back
from casework.services.personfacts import is_no_kept, open_person_facts, settle_agreement
from casework.services.transactions import transaction
from casework.store import cases as store

_CHANGED = N_(
    "Something was changed since the merge: what is known of the person, or who is named in an incident or "
    "follow-up. Undoing it would lose that. Correct the person instead."
)

_TAKEN_BACK = N_("This merge was taken back already: both records are here again.")

_UNREADABLE = N_("Not all that is needed to undo it can be read.")

_NOT_BOTH = N_(
    "This merge of two cases cannot be undone now: it has to be undone in both of them at once. A "
    "coordinator can look into it. Or correct the person instead."
)


def undo_merge(context: Context, case_id: UUID, person_id: UUID) -> None:
    """Take up again the records that this one was made of, here and where it has a twin.

    Raises NotFound where it was made of none, or that is final; Invalid naming `merge` where it was taken
    back already, something was changed since, a case is on hold, or the twin is in the bin, merged on, or not
    the member's: not which.
    """
    context.require(Permission.EDIT_CASES)
    with transaction(context, "person.unmerged") as opened:
        for each, note in _get_undoable(context, case_id, person_id):
            _take_up(context, opened.generation, each, note)
        opened.note(case=case_id, person=person_id)


def find_obstacle(context: Context, case_id: UUID, person_id: UUID) -> str:
    """Return why a merge cannot be taken back as things stand, a sentence to translate; "" where it can."""
    context.require(Permission.READ_CASES)
    try:
        _get_undoable(context, case_id, person_id)
    except Invalid as invalid:
        return invalid.faults.get("merge", _UNREADABLE)
    except (NotFound, VaultError):
        return _UNREADABLE
    return ""


def _get_undoable(context: Context, case_id: UUID, person_id: UUID) -> list[tuple[store.Person, Merged]]:
    """Return the records that a merge made, in one case or two; raises as `undo_merge` does."""
    row, merged = _get_merged(context, person_id)
    if row.case_id != case_id:
        raise NotFound("person")
    both = [(row, merged)]
    if merged.twin is not None and store.find_record(store.Person, merged.twin) is not None:
        both.append(_get_twin(context, merged.twin))
    require_free(context, [get_case_row(context, each.case_id) for each, _ in both])
    if not all(_is_as_left(context, *one) for one in both):
        raise Invalid(merge=_CHANGED)
    return both


def _get_merged(context: Context, person_id: UUID) -> tuple[store.Person, Merged]:
    row = store.find_record(store.Person, person_id)
    if row is None:
        raise NotFound("person")
    get_case_row(context, row.case_id)
    facts = open_person_facts(context, row)
    if row.set_aside:
        raise Invalid(merge=_TAKEN_BACK) if facts.aside and facts.aside.into is None else NotFound("person")
    merged = facts.merged
    if merged is None or not all(_find_aside(context, of, person_id) for of in merged.of):
        raise NotFound("merge")
    return row, merged


def _get_twin(context: Context, person_id: UUID) -> tuple[store.Person, Merged]:
    try:
        return _get_merged(context, person_id)
    except (NotFound, Invalid):
        raise Invalid(merge=_NOT_BOTH) from None


def _find_aside(context: Context, person_id: UUID, into: UUID) -> store.Person | None:
    """Return the row of who lies aside because this other record stands for them: both have to say so."""
    row = store.find_record(store.Person, person_id)
    if row is None or not row.set_aside:
        return None
    aside = open_person_facts(context, row).aside
    return row if aside and aside.into == into else None


def _is_as_left(context: Context, row: store.Person, merged: Merged) -> bool:
    return (
        row.version == merged.version
        and found_links(row.id) == expected_links(merged.of, merged.twin, row.id)
        and is_as_left(context, row.case_id, row.id, merged)
    )


def _take_up(context: Context, generation: int, row: store.Person, merged: Merged) -> None:
    records.touch_case(context, generation, get_case_row(context, row.case_id))
    keys = open_case_keys_to_write(context, row.case_id)
    name_back(context, generation, keys, row.case_id, merged)
    made = open_person_facts(context, row)
    drop_links([row.id])
    # It still says of which records it was made: a form that was filled from it leads to them.
    set_aside(context, generation, row, Aside(context.runtime.today(), None), made)
    for person_id in merged.of:
        if before := store.find_record(store.Person, person_id):
            facts = _counted_meanwhile(open_person_facts(context, before), made, context.runtime.now())
            set_aside(context, generation, before, None, facts, above=row.version)
            record_undone(context, generation, keys, before, row.id)
    # A no that was erased before the merge or during it stands in them; a new yes since is one in all.
    kept = {each: not may_count(made) and is_no_kept(context, each) for each in merged.of}
    for person_id, is_kept in kept.items():
        settle_agreement(context, generation, person_id, is_kept=is_kept)


def _counted_meanwhile(before: PersonFacts, made: PersonFacts, now: datetime) -> PersonFacts:
    """Return who does not agree as counted until now, where the merged record agreed in their place."""
    answer = before.consent(STATISTICS).answer
    if made.merged is None or made.consent(STATISTICS).answer != GIVEN or answer == GIVEN:
        return before
    merged_at = datetime.combine(made.merged.on, time.min, UTC)
    meanwhile = Countable(merged_at, made.countable.until)
    records_of = [(before.countable, answer), (meanwhile, GIVEN)]
    return replace(before, countable=join_countable(records_of, answer, now))
