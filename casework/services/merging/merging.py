"""A merge: a third record, made of two, stands for both; they lie aside for as long as it can be undone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from casework.domain.countable import join_countable
from casework.domain.merged import Aside, Merged
from casework.domain.merging import OF_ITS_TIME
from casework.domain.ownterm import choose_terms, chosen_of
from casework.domain.permissions import Permission
from casework.domain.person import (
    REFUSED,
    STATISTICS,
    PersonFacts,
    PersonIdentity,
    validate_identity,
    validate_person,
)
from casework.errors import Conflict, Invalid, NotFound
from casework.services import records
from casework.services.access import get_case_row
from casework.services.casekeyring import open_case_keys_to_write
from casework.services.cases import PersonOfCase, get_person
from casework.services.context import Context
from casework.services.history.merges import record_merge
from casework.services.merging.deciding import get_mergeable, require_mergeable
from casework.services.merging.linking import expected_links, write_links
from casework.services.merging.naming import count_named, rename
from casework.services.ownterms import drop_orphaned_terms
from casework.services.personfacts import (
    is_no_kept,
    open_person_facts,
    seal_person_facts,
    settle_agreement,
)
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store
from casework.store.database import db


@dataclass(frozen=True, slots=True, repr=False)
class Mergeable:
    """One of two records before they are merged."""

    case_id: UUID
    told: PersonOfCase


@dataclass(frozen=True, slots=True, repr=False)
class MergeView:
    """Two records, side by side, and how many incidents and follow-ups name either.

    `refusal` is a sentence to translate, where they may not be merged.
    """

    left: Mergeable
    right: Mergeable
    incidents: int
    follow_ups: int
    refusal: str = ""

    @property
    def is_of_one_case(self) -> bool:
        """Whether one record is made; of two cases each gets one."""
        return self.left.case_id == self.right.case_id


def get_merge(context: Context, left: UUID, right: UUID) -> MergeView:
    """Open two records to be merged; raises NotFound. Audit entries say that their cases were read."""
    context.require(Permission.EDIT_CASES)
    if left == right:
        raise NotFound("person")
    one, other = (_open_side(context, person_id) for person_id in (left, right))
    named = [count_named(context, case_id, (left, right)) for case_id in {one.case_id, other.case_id}]
    incidents, follow_ups = map(sum, zip(*named, strict=True))
    try:
        require_mergeable(context, [get_case_row(context, side.case_id) for side in (one, other)])
    except Invalid as invalid:
        return MergeView(one, other, incidents, follow_ups, invalid.faults["merge"])
    return MergeView(one, other, incidents, follow_ups)


def merge(
    context: Context,
    people: tuple[UUID, UUID],
    versions: tuple[int, int],
    facts: PersonFacts,
    identity: PersonIdentity,
    own: Collection[str] = (),
) -> UUID:
    """Let a record with these answers stand for two, in each of their cases; returns the first case's.

    Of two cases each keeps what its record said under the names `own`, of those in `OF_ITS_TIME`. Raises
    NotFound, Conflict where somebody changed one since, Invalid as `get_mergeable` and naming fields.
    """
    context.require(Permission.EDIT_CASES)
    today = context.runtime.today()
    validate_person(facts, today=today)
    validate_identity(identity, today)
    with transaction(context, "person.merged") as opened:
        rows = get_mergeable(context, people)
        if tuple(row.version for row in rows) != versions:
            raise Conflict("person")
        by_case: dict[UUID, list[store.Person]] = {}
        for row in rows:
            by_case.setdefault(row.case_id, []).append(row)
        made = [uuid4() for _ in by_case]
        # That both are one is no answer; a member who chose between a yes and a no gave one.
        is_kept = any(is_no_kept(context, row.id) for row in rows)
        for person_id, (case_id, of) in zip(made, by_case.items(), strict=True):
            twin = next((other for other in made if other != person_id), None)
            told = drop_orphaned_terms(context, _keep_own(context, of[0], facts, own) if twin else facts)
            _make(context, opened, case_id, person_id, of, twin, told, identity, is_kept)
        for person_id, of in zip(made, by_case.values(), strict=True):
            twin = next((other for other in made if other != person_id), None)
            write_links(person_id, expected_links([row.id for row in of], twin))
        for person_id in made:
            settle_agreement(context, opened.generation, person_id, is_kept=is_kept)
        opened.note(case=rows[0].case_id, person=rows[0].id, other=rows[1].id)
        return made[0]


def _keep_own(context: Context, row: store.Person, facts: PersonFacts, own: Collection[str]) -> PersonFacts:
    was, names = open_person_facts(context, row), OF_ITS_TIME.intersection(own)
    terms = dict(facts.own_terms) | {name: chosen_of(was.own_terms, name) for name in names}
    answers = {name: getattr(was, name) for name in names}
    return replace(facts, **answers, own_terms=choose_terms(terms))


def _open_side(context: Context, person_id: UUID) -> Mergeable:
    row = store.find_person(person_id)
    if row is None:
        raise NotFound("person")
    case_id = row.case_id
    return Mergeable(case_id, get_person(context, case_id, person_id))


def _make(
    context: Context,
    opened: Transaction,
    case_id: UUID,
    person_id: UUID,
    of: Sequence[store.Person],
    twin: UUID | None,
    facts: PersonFacts,
    identity: PersonIdentity,
    is_kept: bool,
) -> None:
    """Write the record that stands for these of one case, and set them aside."""
    today, ids, generation = context.runtime.today(), tuple(row.id for row in of), opened.generation
    records.touch_case(context, generation, get_case_row(context, case_id))
    keys = open_case_keys_to_write(context, case_id)
    incidents, follow_ups = rename(context, generation, keys, case_id, ids, person_id)
    were = [(row.id, *records.open_person(context, keys, row)) for row in of]
    for row in of:
        set_aside(context, generation, row, Aside(today, person_id))
    merged = Merged(
        of=ids,
        on=today,
        by=context.member_id,
        # Above every version that a form may have read, so that none is saved over it unseen.
        version=max(row.version for row in of),
        twin=twin,
        incidents=incidents,
        follow_ups=follow_ups,
    )
    answer = REFUSED if is_kept else facts.consent(STATISTICS).answer
    said = [(was.countable, was.consent(STATISTICS).answer) for _, was, _ in were]
    counted = join_countable(said, answer, context.runtime.now())
    made = store.Person(id=person_id, case_id=case_id, version=merged.version)
    seal_person_facts(context, generation, made, replace(facts, merged=merged, aside=None, countable=counted))
    records.seal_identity(keys, made, identity)
    db.session.add(made)
    db.session.flush()
    for old_id, was, who in were:
        record_merge(context, generation, keys, made, old_id, (was, facts), (who, identity))


def set_aside(
    context: Context,
    generation: int,
    row: store.Person,
    aside: Aside | None,
    facts: PersonFacts | None = None,
    above: int = 0,
) -> None:
    """Lay a record aside, or take it up again, as it is or with these `facts`.

    Its version rises, `above` another one too.
    """
    facts, version = facts or open_person_facts(context, row), max(row.version, above) + 1
    merged = facts.merged
    if merged and merged.version == row.version:
        merged = replace(merged, version=version)
    seal_person_facts(context, generation, row, replace(facts, merged=merged, aside=aside))
    row.version = version
    row.set_aside = aside is not None
