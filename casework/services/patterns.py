"""Patterns: define, rename, retire, merge; set them on incidents, one or many."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from itertools import chain
from uuid import UUID, uuid4

from casework.domain.folding import fold
from casework.domain.incident import IncidentFacts
from casework.domain.messages import N_
from casework.domain.pattern import (
    ACTIVE,
    MERGED,
    RETIRED,
    PatternDefinition,
    set_patterns,
    starter_patterns,
)
from casework.domain.permissions import Permission
from casework.domain.rules import Rule, matches
from casework.errors import Conflict, Invalid, NotFound, Tampered
from casework.services import records
from casework.services.access import get_incident_row, list_hidden, may_see
from casework.services.accounts.seen import list_seen_once
from casework.services.context import Context
from casework.services.history.recording import record_coded_change
from casework.services.transactions import Transaction, transaction
from casework.store import cases as cases_store
from casework.store import patterns as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import PATTERN_DEFINITION


@dataclass(frozen=True, slots=True)
class PatternView:
    """A pattern, opened."""

    id: UUID
    version: int
    definition: PatternDefinition

    def is_proposed_for(self, facts: IncidentFacts) -> bool:
        """Tell whether its rule proposes it for an incident of which nobody has decided about it."""
        decided = self.id in facts.patterns or self.id in facts.rejected
        return not decided and self.definition.proposes(facts)


def list_patterns(context: Context) -> list[PatternView]:
    """Return every pattern, to every admitted member; who chooses one offers only the active ones."""
    context.require(Permission.USE_ACCOUNT)
    views = [_open(context, row) for row in store.list_patterns()]
    return sorted(views, key=lambda view: fold(view.definition.name("en")))


def get_pattern(context: Context, pattern_id: UUID) -> PatternView:
    """Return a pattern; raises NotFound."""
    context.require(Permission.USE_ACCOUNT)
    row = store.find_pattern(pattern_id)
    if row is None:
        raise NotFound("pattern")
    return _open(context, row)


def count_incidents(context: Context) -> Mapping[UUID, int]:
    """Return how many incidents carry each pattern, of the cases that the member may know of."""
    context.require(Permission.READ_CASES)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    seen = {case.id for case in facts.cases.values() if may_see(context, case)}
    return Counter(
        pattern_id
        for incident in facts.incidents.values()
        if incident.case_id in seen
        for pattern_id in incident.facts.patterns
    )


def count_matches(context: Context, rule: Rule, once: bool = False) -> int:
    """Return of how many incidents a rule holds, of the cases that the member may know of.

    Every account counts, as each carries its patterns; `once` counts each incident by its main account.
    """
    context.require(Permission.READ_CASES)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    hidden = list_hidden(context, facts)
    if once:
        return sum(matches(rule, one.facts) for one in list_seen_once(context, facts, hidden))
    return sum(one.case_id not in hidden and matches(rule, one.facts) for one in facts.incidents_by_date)


def define_pattern(context: Context, definition: PatternDefinition) -> UUID:
    """Add a pattern; raises Invalid when another has its name."""
    context.require(Permission.MANAGE_PATTERNS)
    with transaction(context, "pattern.defined") as opened:
        _require_free_name(context, definition, None)
        pattern_id = _add(context, definition)
        opened.note(pattern=pattern_id)
        return pattern_id


def add_starter_patterns(context: Context) -> None:
    """Give a new organization the patterns that published reports describe; those it has already stay."""
    present = {view.definition.starter for view in list_patterns(context)}
    for definition in starter_patterns():
        if definition.starter not in present:
            define_pattern(context, definition)


def change_pattern(context: Context, pattern_id: UUID, version: int, definition: PatternDefinition) -> None:
    """Rename, redefine, retire or bring back a pattern; raises Conflict, Invalid, NotFound."""
    context.require(Permission.MANAGE_PATTERNS)
    with transaction(context, "pattern.changed") as opened:
        row = _get_row(pattern_id, version)
        _require_free_name(context, definition, pattern_id)
        _write(context, row, definition)
        opened.note(pattern=pattern_id)


def retire_pattern(context: Context, pattern_id: UUID, version: int, retired: bool) -> None:
    """Retire a pattern, or bring it back; raises Invalid for a merged one, Conflict, NotFound."""
    definition = get_pattern(context, pattern_id).definition
    _refuse_merged(definition)
    changed = replace(definition, status=RETIRED if retired else ACTIVE)
    change_pattern(context, pattern_id, version, changed)


def merge_pattern(context: Context, pattern_id: UUID, version: int, into: UUID) -> int:
    """Put another pattern on every incident that carries this one, in the bin too; this one stays, as merged.

    Returns how many incidents changed, of those that the member may know of. Raises Conflict, NotFound, and
    Invalid naming `into` when that one is not in use, or `status` when this one was merged before; Tampered
    while any record is damaged.
    """
    context.require(Permission.MANAGE_PATTERNS)
    with transaction(context, "pattern.merged") as opened:
        row, target = _get_row(pattern_id, version), store.find_pattern(into)
        if target is None or into == pattern_id or _open(context, target).definition.status != ACTIVE:
            raise Invalid(into=N_("Choose another pattern that is in use."))
        definition = _open(context, row).definition
        _refuse_merged(definition)
        _write(context, row, replace(definition, status=MERGED, merged_into=into))
        casebook, now = context.runtime.casebook, context.runtime.now_seconds()
        facts = casebook.facts(context.keyring, now, as_of=opened.generation - 1)
        if facts.damaged:
            raise Tampered("whether a damaged incident carries the pattern cannot be told")
        binned = chain.from_iterable(case.incidents for case in facts.binned.values())
        carrying = [i for i in chain(facts.incidents.values(), binned) if pattern_id in i.facts.patterns]
        for incident in carrying:
            retagged = cases_store.find_record(cases_store.Incident, incident.id)
            retag(context, opened, retagged, add={into}, remove={pattern_id})
        opened.note(pattern=pattern_id, into=into)
        return sum(may_see(context, facts.case_of(incident)) for incident in carrying)


def tag_incidents(
    context: Context, incident_ids: Iterable[UUID], pattern_id: UUID, present: bool
) -> tuple[UUID, ...]:
    """Set a pattern on these incidents, or take it off; returns those that changed.

    Raises NotFound when one of them is not the member's to know, Invalid for a pattern that is not in use.
    """
    context.require(Permission.TAG_INCIDENTS)
    wanted = list(dict.fromkeys(incident_ids))
    with transaction(context, "incidents.tagged") as opened:
        require_settable(context, pattern_id, present)
        add, remove = ({pattern_id}, set()) if present else (set(), {pattern_id})
        rows = [get_incident_row(context, key) for key in wanted]
        changed = tuple(row.id for row in rows if retag(context, opened, row, add, remove))
        opened.note(pattern=pattern_id, incidents=len(changed))
        return changed


def retag(
    context: Context,
    opened: Transaction,
    row: cases_store.Incident | None,
    add: Set[UUID],
    remove: Set[UUID],
) -> bool:
    """Set patterns on an incident and take others off; returns whether that changed it. Raises NotFound."""
    return rewrite(context, opened, row, lambda facts: set_patterns(facts, add, remove))


def rewrite(
    context: Context,
    opened: Transaction,
    row: cases_store.Incident | None,
    change: Callable[[IncidentFacts], IncidentFacts],
) -> bool:
    """Write what is said of an incident's patterns; returns whether that changed it. Raises NotFound."""
    case = cases_store.find_record(cases_store.Case, row.case_id) if row else None
    if row is None or case is None:
        raise NotFound("incident")
    facts = records.open_incident(context, row)
    tagged = change(facts)
    if (set(tagged.patterns), set(tagged.rejected)) == (set(facts.patterns), set(facts.rejected)):
        return False
    case.generation = opened.generation
    if opened.event != "pattern.merged":  # that is of patterns: no case's history tells of it
        record_coded_change(context, opened.generation, row, [facts], [tagged])
    records.write_incident_facts(context, opened.generation, row, tagged)
    return True


def require_settable(context: Context, pattern_id: UUID, present: bool) -> None:
    """Raise NotFound for what is no pattern, Invalid where one that is not in use is to be set."""
    pattern = get_pattern(context, pattern_id)
    if present and pattern.definition.status != ACTIVE:
        raise Invalid(pattern=N_("This pattern is no longer in use. Choose another one."))


def _refuse_merged(definition: PatternDefinition) -> None:
    if definition.status == MERGED:
        raise Invalid(status=N_("This pattern was merged into another one and stays so."))


def _open(context: Context, row: store.Pattern) -> PatternView:
    plain = context.keyring.open(PATTERN_DEFINITION, row.id, row.definition_version, row.definition_sealed)
    return PatternView(row.id, row.version, PatternDefinition.from_document(documents.decode(plain)))


def _get_row(pattern_id: UUID, version: int) -> store.Pattern:
    row = store.find_pattern(pattern_id)
    if row is None:
        raise NotFound("pattern")
    if row.version != version:
        raise Conflict("pattern")
    return row


def _write(context: Context, row: store.Pattern, definition: PatternDefinition) -> None:
    row.version = (row.version or 0) + 1
    row.definition_version = (row.definition_version or 0) + 1
    row.definition_sealed = context.keyring.seal(
        PATTERN_DEFINITION, row.id, row.definition_version, documents.encode(definition.to_document())
    )


def _add(context: Context, definition: PatternDefinition) -> UUID:
    row = store.Pattern(id=uuid4())
    _write(context, row, definition)
    db.session.add(row)
    return row.id


def _require_free_name(context: Context, definition: PatternDefinition, own_id: UUID | None) -> None:
    for view in list_patterns(context):
        if view.id == own_id or view.definition.status == MERGED:
            continue
        for name in ("name_en", "name_fr", "name_es"):
            theirs, ours = getattr(view.definition, name), getattr(definition, name)
            if ours and theirs.casefold() == ours.casefold():
                raise Invalid(**{name: N_("Another pattern has this name. Choose a different one.")})
