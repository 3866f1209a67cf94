"""An organization with at least two rows in every table, for tests that damage one and read the other."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework.disclosure.ledger.entries import Entry
from casework.domain.member import MemberProfile
from casework.domain.permissions import Role
from casework.domain.release import Frozen, Release
from casework.domain.retention import RetentionRules
from casework.services import bin, cases, drafts, erasing, incidents, ownterms, patterns
from casework.services.attachments.adding import add_attachment
from casework.services.auditing.anchors import accept_log
from casework.services.auditing.expiry import hold_log
from casework.services.bundles.keeping import choose
from casework.services.context import Context
from casework.services.followups.writing import add_follow_up
from casework.services.importing import uploads
from casework.services.importing.batches import list_batches
from casework.services.importing.mappingfile import read_mapping
from casework.services.importing.plan import Plan
from casework.services.importing.receiving import read_upload
from casework.services.importing.remembering import remember_mapping
from casework.services.importing.run import import_incidents
from casework.services.index.folding import rebuild
from casework.services.index.manifest import open_manifest
from casework.services.membership import invitations
from casework.services.official.counts import add_count
from casework.services.official.requests import add_request
from casework.services.policies.writing import add_event
from casework.services.releases.drafting import create_release
from casework.services.releases.ledger import append, read_ledger
from casework.services.releases.rows import write_release
from casework.services.retention import change_rules
from casework.services.runtime import Runtime
from casework.services.signals.dismissing import keep_dismissal
from casework.services.signing_in import sessions
from casework.services.unfinished import keep
from casework.store.database import db
from casework.store.factindex import find_index
from casework.store.releases import ReleaseRow, list_entries
from casework.store.revisions import list_revisions
from casework.vault.identity import MemberSecret
from casework.vault.session import decode_session_secret, session_id_hash
from tests.services.exploring.deeds import kept, view_draft
from tests.services.official.written import asked, count
from tests.services.releases.written import draft as release_draft
from tests.services.stories.written import publish
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.files import recording
from tests.support.records import dismissal, incident_draft, person_draft, policy_event, task_draft
from tests.support.secondfactor import equip

FIELDS = {"text": ["half a story"]}
MAPPING = """
source = "SOURCE"
key = "row"
[date]
precision = "unknown"
[fields]
contact_type = "traffic_stop"
police_service = "unknown"
"""
Key = dict[str, Any]
"""The primary key of a row, by column."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where everything is. Of two of a kind the first is the one that is damaged."""

    founded: Founded
    cases: tuple[UUID, UUID]
    people: tuple[UUID, UUID]
    incidents: tuple[UUID, UUID]
    follow_ups: tuple[UUID, UUID]
    attachments: tuple[UUID, UUID]
    revisions: tuple[UUID, UUID]
    restricted: tuple[UUID, UUID]
    patterns: tuple[UUID, UUID]
    own_terms: tuple[UUID, UUID]
    official_counts: tuple[UUID, UUID]
    access_requests: tuple[UUID, UUID]
    policies: tuple[UUID, UUID]
    dismissals: tuple[UUID, UUID]
    drafts: tuple[UUID, UUID]
    releases: tuple[UUID, UUID]
    entries: tuple[UUID, UUID]
    columns: tuple[UUID, UUID]
    stories: tuple[tuple[UUID, UUID], tuple[UUID, UUID]]
    erased: tuple[UUID, UUID]
    batches: tuple[UUID, UUID]
    mappings: tuple[UUID, UUID]
    own_views: tuple[UUID, UUID]
    shared_views: tuple[UUID, UUID]
    uploads: tuple[UUID, UUID]
    bundles: tuple[UUID, UUID]
    links: tuple[str, str]
    invitations: tuple[UUID, UUID]
    sessions: tuple[str, str]
    locked: tuple[str, str]
    ceremonies: tuple[str, str]
    contexts: dict[str, Context] = field(default_factory=dict)

    @property
    def runtime(self) -> Runtime:
        """What the application holds in its process."""
        return self.founded.runtime

    def context(self, login: str = CASEWORKER) -> Context:
        """Return the member's context of before the damage, with no record opened in the process."""
        self.runtime.casebook.drop_all()
        if login not in self.contexts:
            self.contexts[login] = self.founded.context(login)
        return self.contexts[login]

    def member_id(self, login: str = CASEWORKER) -> UUID:
        """Return a member's id."""
        return self.founded.players[login].id


def row_key(cookie: str) -> Key:
    """Return the primary key of what a cookie stands for."""
    return {"id_hash": session_id_hash(decode_session_secret(cookie))}


def _pair(make: Callable[[], Any]) -> tuple[Any, Any]:
    return make(), make()


def build_scene(founded: Founded) -> Scene:
    """Fill the organization; needs an app context."""
    for login in (ADVOCATE, COORDINATOR):
        equip(founded.context(login))
    accept_log(founded.context(COORDINATOR))
    hold_log(founded.context(COORDINATOR), None)
    member = founded.context(CASEWORKER)
    logged = incidents.log_incident(member, incident_draft(people=(person_draft(), person_draft("Zoë Ng"))))
    more = incidents.log_incident(founded.context(CASEWORKER), incident_draft(people=()), logged.case_id)
    other = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    seen = incidents.get_incident(founded.context(CASEWORKER), logged.incident_id)
    links, invited = zip(*(_invite(founded) for _ in range(2)), strict=True)
    started = _pair(lambda: _start(founded))
    locked = _pair(lambda: _start(founded))
    for cookie in locked:
        sessions.lock(cookie)
    coordinator = founded.context(COORDINATOR)
    change_rules(coordinator, 0, RetentionRules(months=60, since=coordinator.runtime.today()))
    document = {"schema": 1, "kind": "passphrase", "words": "one two three"}
    return Scene(
        founded=founded,
        cases=(logged.case_id, other.case_id),
        people=(seen.people[0].id, seen.people[1].id),
        incidents=(logged.incident_id, more.incident_id),
        follow_ups=_pair(
            lambda: add_follow_up(
                founded.context(CASEWORKER), logged.case_id, task_draft("Ask for the ticket")
            )
        ),
        attachments=(_attach(founded, logged.case_id), _attach(founded, other.case_id)),
        revisions=_pair(lambda: _change_name(founded, logged.case_id, seen.people[0].id)),
        restricted=_pair(lambda: _log_restricted(founded)),
        patterns=tuple(view.id for view in patterns.list_patterns(founded.context()))[:2],  # type: ignore[arg-type]
        own_terms=_pair(lambda: _add_term(founded)),
        official_counts=_pair(lambda: add_count(founded.context(COORDINATOR), count())),
        access_requests=_pair(lambda: add_request(founded.context(COORDINATOR), asked())),
        policies=_pair(lambda: add_event(founded.context(COORDINATOR), policy_event())),
        dismissals=_pair(lambda: keep_dismissal(founded.context(COORDINATOR), dismissal())),
        drafts=_pair(
            lambda: drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/incidents/new", FIELDS)
        ),
        erased=_pair(lambda: _erase(founded)),
        batches=(_bring_in(founded, "a list"), _bring_in(founded, "another list")),
        mappings=(_remember(founded, "first"), _remember(founded, "second")),
        own_views=_pair(lambda: kept(founded, draft=view_draft(is_shared=False))),
        shared_views=_pair(lambda: kept(founded)),
        uploads=(_send(founded, "one.csv", COORDINATOR), _send(founded, "other.csv", COORDINATOR)),
        bundles=_pair(lambda: choose(founded.context(CASEWORKER), [logged.case_id], {"who": "all"})),
        releases=_pair(lambda: create_release(founded.context(ADVOCATE), release_draft())),
        entries=_pair(lambda: _approve(founded)),
        stories=_pair(lambda: publish(founded)),
        columns=_index(founded),
        links=links,
        invitations=invited,
        sessions=started,
        locked=locked,
        ceremonies=_pair(lambda: keep(founded.runtime, "", document)),
    )


def _change_name(founded: Founded, case_id: UUID, person_id: UUID) -> UUID:
    """Give a person a longer name, and a band of age; the id of what their history keeps of it."""
    context = founded.context(CASEWORKER)
    person = cases.get_person(context, case_id, person_id).person
    ages = {"18_24": "25_34"}
    facts = replace(person.facts, age_band=ages.get(person.facts.age_band, "18_24"))
    identity = replace(person.identity, name=f"{person.identity.name} V.")
    cases.change_person(context, case_id, person_id, person.version, facts, identity)
    return list_revisions(case_id)[0].id


def _add_term(founded: Founded) -> UUID:
    context = founded.context(COORDINATOR)
    number = len(ownterms.list_terms(context))
    return ownterms.add_term(context, "place", "other", {"en": f"Town number {number}"}).id


def _log_restricted(founded: Founded) -> UUID:
    named = frozenset({founded.players[COLLEAGUE].id})
    draft = incident_draft(restricted=True, team=named)
    return incidents.log_incident(founded.context(CASEWORKER), draft).case_id


def _attach(founded: Founded, case_id: UUID) -> UUID:
    return add_attachment(founded.context(CASEWORKER), case_id, "call.mp3", "A note.", [recording()])


def _erase(founded: Founded) -> UUID:
    logged = incidents.log_incident(founded.context(COORDINATOR), incident_draft())
    bin.bin_case(founded.context(COORDINATOR), logged.case_id, 1)
    erasing.erase_case(founded.context(COORDINATOR), logged.case_id)
    return logged.case_id


def _bring_in(founded: Founded, source: str) -> UUID:
    context = founded.context(COORDINATOR)
    mapping = read_mapping(MAPPING.replace("SOURCE", source).encode())
    before = {batch.id for batch in list_batches(context)}
    import_incidents(context, b"row\n1\n", mapping, False, lambda _rows: None)
    return next(batch.id for batch in list_batches(context) if batch.id not in before)


def _remember(founded: Founded, name: str) -> UUID:
    return remember_mapping(founded.context(COORDINATOR), name, ["row"], Plan(name))


def _send(founded: Founded, name: str, login: str) -> UUID:
    """Send a list; the one before is kept for once, so that there are two."""
    context = founded.context(login)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploads, "is_coming_in", lambda _id: True)
        upload_id = uploads.begin_upload(context, name)
    read_upload(context, upload_id, b"row,sex\n1,F\n", "", "")
    return upload_id


def _invite(founded: Founded) -> tuple[str, UUID]:
    before = {invitee.invitation_id for invitee in invitations.list_invitees(founded.context(COORDINATOR))}
    profile, roles = MemberProfile("Noor", "fr"), frozenset({Role.ADVOCATE})
    link = invitations.invite(founded.context(COORDINATOR), profile, roles)
    after = {invitee.invitation_id for invitee in invitations.list_invitees(founded.context(COORDINATOR))}
    return link, (after - before).pop()


def _start(founded: Founded) -> str:
    player = founded.players[COLLEAGUE]
    return sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))


def _index(founded: Founded) -> tuple[UUID, UUID]:
    """Index everything there is; the ids of two columns."""
    rebuild(founded.context(COORDINATOR))
    (piece,) = open_manifest(founded.context(COORDINATOR).keyring, *find_index()).pieces
    return piece.columns["incidents.police_service"], piece.columns["incidents.contact_type"]


def _approve(founded: Founded) -> UUID:
    """Put a release with its entry into the ledger; the id of the entry."""
    context, row = founded.context(), ReleaseRow(id=uuid4())
    ledger = read_ledger(context)
    number, document = len(ledger.held) + 1, {"format": 1}
    frozen = Frozen(number, "2026-01-02", "2026-01-02T10:00:00+00:00", "Traverse", document)
    release = Release(draft=release_draft(), writers=(founded.players[ADVOCATE].id,))
    write_release(context, row, release.submitted(release.draft).approved(frozen, context.member_id))
    db.session.add(row)
    db.session.flush()
    append(context, ledger, row.id, Entry(document, {"atoms": []}))
    db.session.commit()
    return list_entries()[-1].id
