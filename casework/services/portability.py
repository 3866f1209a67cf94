"""Everything that a member may read, as a file to take elsewhere: their right, and a risk that is logged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.messages import N_
from casework.domain.pathway import standing
from casework.domain.permissions import Permission
from casework.domain.revision import identity_to_document
from casework.errors import Invalid, NotFound, VaultError
from casework.reports.records_zip import stream_zip
from casework.services import records
from casework.services.access import get_case_row, may_see
from casework.services.attachments.packing import Packing
from casework.services.casekeyring import open_case_keys
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.services.followups.documents import open_facts, open_texts
from casework.services.history.reading import open_revision
from casework.services.official.counts import list_counts
from casework.services.official.requests import list_requests
from casework.services.organization import get_organization_profile
from casework.services.ownterms import list_terms
from casework.services.patterns import list_patterns
from casework.services.policies.reading import list_events
from casework.services.transactions import transaction
from casework.store import cases as store
from casework.store.followups import list_follow_ups
from casework.store.revisions import list_revisions
from casework.vault.wordsealing import seal_pieces_with_words

_CLOSED = (VaultError, NotFound, Invalid)


@dataclass(frozen=True, slots=True)
class RecordsFile:
    """The file, as it is made; its name says when that was, and whether it is sealed."""

    name: str
    content: Iterator[bytes] = field(repr=False)


@dataclass(slots=True)
class _Gathered:
    cases: list[Mapping[str, Any]] = field(default_factory=list)
    people: list[Mapping[str, Any]] = field(default_factory=list)
    incidents: list[Mapping[str, Any]] = field(default_factory=list)
    acts: list[Mapping[str, Any]] = field(default_factory=list)
    follow_ups: list[Mapping[str, Any]] = field(default_factory=list)
    packing: Packing = field(default_factory=Packing)
    changes: list[Mapping[str, Any]] = field(default_factory=list)
    closed: int = 0


def export_records(context: Context, words: str | None, with_files: bool = True) -> RecordsFile:
    """Return every record that the member may open, sealed to `words`; in plain where they are None.

    Files are read, and the whole is sealed, as it is given out: nothing is stored, and memory holds no file.
    The audit log has how much left, and whether in plain. Raises Invalid naming `words` where there are none,
    and Forbidden for who has not shown a moment ago who they are.
    """
    context.require(Permission.EXPORT_RECORDS)
    context.require_confirmed()
    if words == "":
        raise Invalid(words=N_("The words above are new: those before were forgotten. Write these down."))
    gathered, moment = _gather(context, with_files), context.runtime.now()
    kinds = {
        "cases": gathered.cases,
        "people": gathered.people,
        "incidents": gathered.incidents,
        "acts": gathered.acts,
        "follow_ups": gathered.follow_ups,
        "files": gathered.packing.documents,
        "changes": gathered.changes,
        "patterns": _list_patterns(context),
        "own_terms": [{"id": view.id.hex, **_plain(view.term)} for view in list_terms(context)],
        "official_counts": [
            {"id": view.id.hex, **_plain(view.count)} for view in list_counts(context) if view.id
        ],
        "access_requests": [{"id": view.id.hex, **_plain(view.request)} for view in list_requests(context)],
        "policy_events": [{"id": view.id.hex, **_plain(view.event)} for view in list_events(context)],
    }
    name, closed = get_organization_profile(context).name, gathered.closed + gathered.packing.closed
    package = stream_zip(name, moment, kinds, gathered.packing.files, closed)
    with transaction(context, "records.exported") as opened:
        counts = {kind: len(kinds[kind]) for kind in ("cases", "people", "incidents", "files")}
        opened.note(**counts, plain=int(words is None))
    called = f"casework-records-{moment:%Y%m%d}.zip"
    if words is None:
        return RecordsFile(called, package)
    return RecordsFile(f"{called}.age", seal_pieces_with_words(words, package))


def _gather(context: Context, with_files: bool) -> _Gathered:
    gathered = _Gathered()
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    seen = sorted((case for case in facts.cases.values() if may_see(context, case)), key=lambda case: case.id)
    for case in seen:
        try:
            _gather_case(context, case.id, gathered, with_files)
        except _CLOSED:
            gathered.closed += 1
    return gathered


def _gather_case(context: Context, case_id: UUID, gathered: _Gathered, with_files: bool) -> None:
    row = get_case_row(context, case_id)
    facts, keys = records.open_case(context, row), open_case_keys(context, case_id)
    of_case = {"case": case_id.hex, "reference": facts.reference}
    gathered.cases.append({"id": case_id.hex, "team_only": row.team_only, **_plain(facts)})
    # What a merge laid aside too: `aside` says which record stands for it.
    for person in store.list_person_rows(case_id):
        try:
            person_facts, identity = records.open_person(context, keys, person)
        except _CLOSED:
            gathered.closed += 1
        else:
            gathered.people.append(
                {"id": person.id.hex, **of_case, **_plain(identity), **_plain(person_facts)}
            )
    for incident in store.list_incidents(case_id):
        try:
            narrative = records.open_narrative(keys, incident)
            incident_facts = records.open_incident(context, incident)
        except _CLOSED:
            gathered.closed += 1
        else:
            of_incident = {"incident": incident.id.hex, **of_case}
            gathered.acts += [{**of_incident, **act} for act in _list_acts(incident_facts, narrative)]
            whole = {**_plain(incident_facts), **_plain(narrative)}
            del whole["acts"]  # a kind of record of their own here
            gathered.incidents.append({"id": incident.id.hex, **of_case, **whole})
    _gather_follow_ups(context, case_id, of_case, keys, gathered)
    if with_files:
        gathered.packing.add(context, case_id, facts.reference, keys)


def _gather_follow_ups(
    context: Context, case_id: UUID, of_case: Mapping[str, str], keys: CaseKeys, gathered: _Gathered
) -> None:
    for follow_up in list_follow_ups(case_id):
        try:
            texts, facts_after = open_texts(keys, follow_up), open_facts(context, follow_up)
        except _CLOSED:
            gathered.closed += 1
        else:
            documents = {**_plain(facts_after), **_plain(texts)}
            gathered.follow_ups.append({"id": follow_up.id.hex, **of_case, **documents})
    _gather_changes(keys, case_id, of_case, gathered)


def _gather_changes(keys: CaseKeys, case_id: UUID, of_case: Mapping[str, Any], gathered: _Gathered) -> None:
    for revision in list_revisions(case_id):
        try:
            view = open_revision(keys, revision)
        except _CLOSED:
            gathered.closed += 1
        else:
            changes = {**identity_to_document(view.identity)["changes"], **view.told.to_document()["changes"]}
            gathered.changes.append({"id": view.id.hex, **of_case, **_plain(view.told), "changes": changes})


def _list_acts(facts: IncidentFacts, narrative: IncidentNarrative) -> Iterator[Mapping[str, Any]]:
    for act in standing(facts.acts):
        yield {**act.to_document(), **narrative.of_act(act.id).to_document(act.id)}


def _list_patterns(context: Context) -> Sequence[Mapping[str, Any]]:
    return [{"id": view.id.hex, **_plain(view.definition)} for view in list_patterns(context)]


def _plain(record: Any) -> dict[str, Any]:
    """Return a record's document without its number of schema: the file has a format of its own."""
    return {name: value for name, value in record.to_document().items() if name != "schema"}
