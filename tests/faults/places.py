"""Every sealed column: which row is damaged, what reads it, and what still has to open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from casework.errors import Tampered
from casework.services import cases, drafts, erasing, incidents, organization, ownterms, patterns
from casework.services.attachments import keeping
from casework.services.auditing import anchors, state
from casework.services.bundles.keeping import get_bundle
from casework.services.exploring.views import get_view, list_views
from casework.services.followups.reading import read_follow_ups
from casework.services.history.reading import read_history
from casework.services.importing import uploads
from casework.services.importing.batches import get_batch
from casework.services.importing.remembering import list_mappings
from casework.services.index.facts import ask_index
from casework.services.membership import invitations, members
from casework.services.official import counts, requests
from casework.services.policies.reading import get_event, list_events
from casework.services.recovery.record import find_record
from casework.services.releases import drafting
from casework.services.releases.ledger import read_ledger
from casework.services.retention import find_rules
from casework.services.signals.dismissing import list_closed, list_dismissals
from casework.services.signing_in import authentication, passphrases, second_factors, session_control
from casework.services.signing_in import sessions as sessions_service
from casework.services.stories import reading as stories
from casework.store.database import db
from casework.store.factindex import INDEX_ID
from casework.store.members import RecoverySeal
from casework.vault.compartments import RECOVERY_ID, open_epoch_key
from casework.vault.draft import SEALED_KEY_BYTES
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.passphrase import HEADER_BYTES, SALT_BYTES
from tests.faults.scene import Key, Scene, row_key
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR
from tests.support.audit import open_log

Read = Callable[[Scene], object]


@dataclass(frozen=True, kw_only=True)
class Place:
    """One sealed column.

    `key` is the damaged row, `sibling` another row of the table, `foreign` the table, column and row whose
    bytes are put here, under the same key where there is one. `version` is the column that the seal is bound
    to beside the row's id. `body_at` is where the envelope begins in the bytes.
    """

    key: Callable[[Scene], Key]
    sibling: Callable[[Scene], Key] | None
    foreign: tuple[str, str, Callable[[Scene], Key]]
    version: str = ""
    body_at: int = 0
    reads: Sequence[Read]
    other: Read


def _open_recovery(scene: Scene) -> object:
    recovery = MemberSecret(scene.founded.players[COORDINATOR].recovery_seed)
    roster = scene.context().roster
    for seal in db.session.scalars(select(RecoverySeal)):
        place = Compartment(seal.compartment), seal.epoch
        commitment = roster.commitments.get(place, b"")
        open_epoch_key(recovery, RECOVERY_ID, *place, seal.key_sealed, commitment)
    return None


def _case(index: int) -> Read:
    return lambda scene: cases.get_case(scene.context(), scene.cases[index])


def _incident(scene: Scene) -> object:
    return incidents.get_incident(scene.context(), scene.incidents[0])


def _services(scene: Scene, field: str = "police_service") -> object:
    return ask_index(scene.context(ADVOCATE), lambda facts: facts.column("incidents", field))


def _follow_ups(scene: Scene) -> object:
    return read_follow_ups(scene.context(), scene.cases[0])


def _history(scene: Scene) -> object:
    return read_history(scene.context(), scene.cases[0])


def _row(name: str, index: int = 0) -> Callable[[Scene], Key]:
    return lambda scene: {"id": getattr(scene, name)[index]}


def _story(index: int) -> Callable[[Scene], Key]:
    return lambda scene: {"id": scene.stories[index][1]}


def _batch(index: int) -> Read:
    return lambda scene: get_batch(scene.context(COORDINATOR), scene.batches[index])


def _upload(index: int) -> Read:
    return lambda scene: uploads.get_upload(scene.context(COORDINATOR), scene.uploads[index])


def _bundle(index: int) -> Read:
    return lambda scene: get_bundle(scene.context(), scene.bundles[index])


def _dismissal(index: int) -> Read:
    """Return the reading of a dismissal: one that does not open is told of as such, and is in no list."""

    def read(scene: Scene) -> object:
        context, dismissal_id = scene.context(COORDINATOR), scene.dismissals[index]
        found = [view for view in list_dismissals(context) if view.id == dismissal_id]
        if not found and dismissal_id in list_closed(context):
            raise Tampered("dismissal")
        return found[0]

    return read


def _rows(index: int) -> Read:
    def read(scene: Scene) -> object:
        context = scene.context(COORDINATOR)
        upload = uploads.get_upload(context, scene.uploads[index])
        return uploads.read_kept_rows(context, upload, 0)

    return read


def _piece(index: int) -> Callable[[Scene], Key]:
    return lambda scene: {"upload_id": scene.uploads[index], "number": 0}


def _member(login: str) -> Callable[[Scene], Key]:
    return lambda scene: {"id": scene.member_id(login)}


def _case_key(compartment: str, index: int = 0) -> Callable[[Scene], Key]:
    return lambda scene: {"case_id": scene.cases[index], "compartment": compartment, "generation": 1}


def _case_key_seal(compartment: str, index: int = 0) -> Callable[[Scene], Key]:
    return lambda scene: {
        "case_id": scene.restricted[index],
        "compartment": compartment,
        "generation": 1,
        "recipient_id": scene.member_id(CASEWORKER),
    }


def _restricted(scene: Scene) -> object:
    return cases.get_case(scene.context(), scene.restricted[0])


def _other_restricted(scene: Scene) -> object:
    return cases.get_case(scene.context(), scene.restricted[1])


def _epoch_seal(login: str, compartment: str) -> Callable[[Scene], Key]:
    return lambda scene: {"member_id": scene.member_id(login), "compartment": compartment, "epoch": 1}


def _organization(_scene: Scene) -> Key:
    return {}


_PATTERN = ("pattern", "definition_sealed", _row("patterns", 1))

PLACES: Mapping[str, Place] = {
    "organization.profile_sealed": Place(
        key=_organization,
        sibling=None,
        foreign=_PATTERN,
        version="profile_version",
        reads=[lambda scene: organization.get_organization_profile(scene.context(ADVOCATE))],
        other=_case(0),
    ),
    "organization.retention_sealed": Place(
        key=_organization,
        sibling=None,
        foreign=("organization", "profile_sealed", _organization),
        version="retention_version",
        reads=[lambda scene: find_rules(scene.context(COORDINATOR))],
        other=lambda scene: organization.get_organization_profile(scene.context(ADVOCATE)),
    ),
    "organization.recovery_sealed": Place(
        key=_organization,
        sibling=None,
        foreign=("organization", "profile_sealed", _organization),
        version="recovery_version",
        reads=[lambda scene: find_record(scene.context(COORDINATOR))],
        other=lambda scene: organization.get_organization_profile(scene.context(ADVOCATE)),
    ),
    "member.seed_sealed": Place(
        key=_member(CASEWORKER),
        sibling=_member(COLLEAGUE),
        foreign=("member", "pin_sealed", _member(CASEWORKER)),
        version="seed_version",
        body_at=HEADER_BYTES + SALT_BYTES,
        reads=[lambda scene: _sign_in(scene, CASEWORKER)],
        other=lambda scene: _sign_in(scene, COLLEAGUE),
    ),
    "member.profile_sealed": Place(
        key=_member(CASEWORKER),
        sibling=_member(COLLEAGUE),
        foreign=_PATTERN,
        version="profile_version",
        reads=[
            lambda scene: members.get_own_profile(scene.context()),
            lambda scene: members.list_members(scene.context(ADVOCATE)),
        ],
        other=lambda scene: members.get_own_profile(scene.context(COLLEAGUE)),
    ),
    "member.pin_sealed": Place(
        key=_member(CASEWORKER),
        sibling=_member(COLLEAGUE),
        foreign=_PATTERN,
        version="pin_version",
        reads=[lambda scene: scene.founded.context(CASEWORKER)],
        other=lambda scene: scene.founded.context(COLLEAGUE),
    ),
    "member.second_factor_sealed": Place(
        key=_member(ADVOCATE),
        sibling=_member(COORDINATOR),
        foreign=("member", "pin_sealed", _member(ADVOCATE)),
        version="second_factor_version",
        reads=[lambda scene: second_factors.count_recovery_codes(scene.context(ADVOCATE))],
        other=lambda scene: second_factors.count_recovery_codes(scene.context(COORDINATOR)),
    ),
    "member.anchor_sealed": Place(
        key=_member(COORDINATOR),
        sibling=None,
        foreign=("member", "pin_sealed", _member(COORDINATOR)),
        version="anchor_version",
        reads=[lambda scene: anchors.find_anchor(scene.context(COORDINATOR))],
        other=_case(0),
    ),
    "organization.log_sealed": Place(
        key=_organization,
        sibling=None,
        foreign=_PATTERN,
        version="log_version",
        reads=[lambda scene: state.get_record(scene.context(COORDINATOR).keyring)],
        other=_case(0),
    ),
    "invitation.details_sealed": Place(
        key=_row("invitations"),
        sibling=_row("invitations", 1),
        foreign=_PATTERN,
        version="details_version",
        reads=[lambda scene: invitations.list_invitees(scene.context(COORDINATOR))],
        other=lambda scene: invitations.get_invitation(scene.runtime, scene.links[1]),
    ),
    "invitation.message_sealed": Place(
        key=_row("invitations"),
        sibling=_row("invitations", 1),
        foreign=("invitation", "details_sealed", _row("invitations")),
        reads=[lambda scene: invitations.get_invitation(scene.runtime, scene.links[0])],
        other=lambda scene: invitations.get_invitation(scene.runtime, scene.links[1]),
    ),
    "epoch_seal.key_sealed": Place(
        key=_epoch_seal(CASEWORKER, "coded"),
        sibling=_epoch_seal(COLLEAGUE, "coded"),
        foreign=("epoch_seal", "key_sealed", _epoch_seal(CASEWORKER, "identity")),
        version="epoch",
        reads=[lambda scene: scene.founded.context(CASEWORKER)],
        other=lambda scene: scene.founded.context(COLLEAGUE),
    ),
    "recovery_seal.key_sealed": Place(
        key=lambda _scene: {"compartment": "coded", "epoch": 1},
        sibling=lambda _scene: {"compartment": "identity", "epoch": 1},
        foreign=("epoch_seal", "key_sealed", _epoch_seal(COORDINATOR, "coded")),
        version="epoch",
        reads=[_open_recovery],
        other=_case(0),
    ),
    "pattern.definition_sealed": Place(
        key=_row("patterns"),
        sibling=_row("patterns", 1),
        foreign=("organization", "profile_sealed", _organization),
        version="definition_version",
        reads=[
            lambda scene: patterns.get_pattern(scene.context(ADVOCATE), scene.patterns[0]),
            lambda scene: patterns.list_patterns(scene.context(ADVOCATE)),
        ],
        other=lambda scene: patterns.get_pattern(scene.context(ADVOCATE), scene.patterns[1]),
    ),
    "official_count.count_sealed": Place(
        key=_row("official_counts"),
        sibling=_row("official_counts", 1),
        foreign=("organization", "profile_sealed", _organization),
        version="count_version",
        reads=[
            lambda scene: counts.get_count(scene.context(ADVOCATE), scene.official_counts[0]),
            lambda scene: counts.list_all(scene.context(ADVOCATE)),
        ],
        other=lambda scene: counts.get_count(scene.context(ADVOCATE), scene.official_counts[1]),
    ),
    "access_request.request_sealed": Place(
        key=_row("access_requests"),
        sibling=_row("access_requests", 1),
        foreign=("organization", "profile_sealed", _organization),
        version="request_version",
        reads=[
            lambda scene: requests.get_request(scene.context(ADVOCATE), scene.access_requests[0]),
            lambda scene: requests.list_requests(scene.context(ADVOCATE)),
        ],
        other=lambda scene: requests.get_request(scene.context(ADVOCATE), scene.access_requests[1]),
    ),
    "policy_event.event_sealed": Place(
        key=_row("policies"),
        sibling=_row("policies", 1),
        foreign=("organization", "profile_sealed", _organization),
        version="event_version",
        reads=[
            lambda scene: get_event(scene.context(ADVOCATE), scene.policies[0]),
            lambda scene: list_events(scene.context(ADVOCATE)),
        ],
        other=lambda scene: get_event(scene.context(ADVOCATE), scene.policies[1]),
    ),
    "dismissal.content_sealed": Place(
        key=_row("dismissals"),
        sibling=_row("dismissals", 1),
        foreign=("organization", "profile_sealed", _organization),
        version="version",
        reads=[_dismissal(0)],
        other=_dismissal(1),
    ),
    "own_term.definition_sealed": Place(
        key=_row("own_terms"),
        sibling=_row("own_terms", 1),
        foreign=("case", "coded_sealed", _row("cases")),
        version="definition_version",
        reads=[
            lambda scene: ownterms.get_term(scene.context(), scene.own_terms[0]),
            lambda scene: ownterms.list_terms(scene.context()),
        ],
        other=lambda scene: ownterms.get_term(scene.context(), scene.own_terms[1]),
    ),
    "case.coded_sealed": Place(
        key=_row("cases"),
        sibling=_row("cases", 1),
        foreign=("incident", "coded_sealed", _row("incidents")),
        version="coded_version",
        reads=[_case(0)],
        other=_case(1),
    ),
    "case.named_sealed": Place(
        key=_row("restricted"),
        sibling=_row("restricted", 1),
        foreign=("case", "coded_sealed", _row("restricted")),
        version="named_version",
        reads=[_restricted],
        other=_other_restricted,
    ),
    "case_key_seal.key_sealed": Place(
        key=_case_key_seal("identity"),
        sibling=_case_key_seal("identity", 1),
        foreign=("case_key_seal", "key_sealed", _case_key_seal("narrative")),
        version="generation",
        reads=[_restricted],
        other=_other_restricted,
    ),
    "case_key.key_sealed": Place(
        key=_case_key("identity"),
        sibling=_case_key("identity", 1),
        foreign=("case_key", "key_sealed", _case_key("narrative")),
        version="generation",
        reads=[_case(0)],
        other=_case(1),
    ),
    "person.coded_sealed": Place(
        key=_row("people"),
        sibling=_row("people", 1),
        foreign=("incident", "coded_sealed", _row("incidents")),
        version="coded_version",
        reads=[_case(0), _incident],
        other=_case(1),
    ),
    "person.identity_sealed": Place(
        key=_row("people"),
        sibling=_row("people", 1),
        foreign=("incident", "narrative_sealed", _row("incidents")),
        version="identity_version",
        reads=[_case(0), _incident],
        other=_case(1),
    ),
    "follow_up.coded_sealed": Place(
        key=_row("follow_ups"),
        sibling=_row("follow_ups", 1),
        foreign=("incident", "coded_sealed", _row("incidents")),
        version="coded_version",
        reads=[_follow_ups],
        other=_case(0),
    ),
    "follow_up.narrative_sealed": Place(
        key=_row("follow_ups"),
        sibling=_row("follow_ups", 1),
        foreign=("incident", "narrative_sealed", _row("incidents")),
        version="narrative_version",
        reads=[_follow_ups],
        other=_case(0),
    ),
    "import_batch.batch_sealed": Place(
        key=_row("batches"),
        sibling=_row("batches", 1),
        foreign=("incident", "coded_sealed", _row("incidents")),
        version="batch_version",
        reads=[_batch(0)],
        other=_batch(1),
    ),
    "import_mapping.mapping_sealed": Place(
        key=_row("mappings"),
        sibling=_row("mappings", 1),
        foreign=_PATTERN,
        version="mapping_version",
        reads=[lambda scene: list_mappings(scene.context(COORDINATOR))],
        other=_case(0),
    ),
    "saved_view.own_sealed": Place(
        key=_row("own_views"),
        sibling=_row("own_views", 1),
        foreign=("bundle", "state_sealed", _row("bundles")),
        version="own_version",
        reads=[lambda scene: get_view(scene.context(CASEWORKER), scene.own_views[0])],
        other=lambda scene: get_view(scene.context(CASEWORKER), scene.own_views[1]),
    ),
    "saved_view.shared_sealed": Place(
        key=_row("shared_views"),
        sibling=_row("shared_views", 1),
        foreign=_PATTERN,
        version="shared_version",
        reads=[lambda scene: get_view(scene.context(COLLEAGUE), scene.shared_views[0])],
        other=lambda scene: list_views(scene.context(COLLEAGUE)),
    ),
    "upload.state_sealed": Place(
        key=_row("uploads"),
        sibling=_row("uploads", 1),
        foreign=("upload_piece", "content_sealed", _piece(0)),
        version="version",
        reads=[_upload(0)],
        other=_upload(1),
    ),
    "bundle.state_sealed": Place(
        key=_row("bundles"),
        sibling=_row("bundles", 1),
        foreign=("upload", "state_sealed", _row("uploads")),
        version="version",
        reads=[_bundle(0)],
        other=_bundle(1),
    ),
    "upload_piece.content_sealed": Place(
        key=_piece(0),
        sibling=_piece(1),
        foreign=("upload", "state_sealed", _row("uploads")),
        reads=[_rows(0)],
        other=_rows(1),
    ),
    "revision.identity_sealed": Place(
        key=_row("revisions"),
        sibling=_row("revisions", 1),
        foreign=("person", "identity_sealed", _row("people")),
        version="identity_version",
        reads=[_history],
        other=_case(0),
    ),
    "revision.narrative_sealed": Place(
        key=_row("revisions"),
        sibling=_row("revisions", 1),
        foreign=("incident", "narrative_sealed", _row("incidents")),
        version="narrative_version",
        reads=[_history],
        other=_case(0),
    ),
    "incident.coded_sealed": Place(
        key=_row("incidents"),
        sibling=_row("incidents", 1),
        foreign=("case", "coded_sealed", _row("cases")),
        version="coded_version",
        reads=[_case(0), _incident],
        other=_case(1),
    ),
    "incident.narrative_sealed": Place(
        key=_row("incidents"),
        sibling=_row("incidents", 1),
        foreign=("person", "identity_sealed", _row("people")),
        version="narrative_version",
        reads=[_case(0), _incident],
        other=_case(1),
    ),
    "attachment.narrative_sealed": Place(
        key=_row("attachments"),
        sibling=_row("attachments", 1),
        foreign=("incident", "narrative_sealed", _row("incidents")),
        version="narrative_version",
        reads=[lambda scene: keeping.list_files(scene.context(), scene.cases[0])],
        other=lambda scene: keeping.list_files(scene.context(), scene.cases[1]),
    ),
    "draft.content_sealed": Place(
        key=_row("drafts"),
        sibling=_row("drafts", 1),
        foreign=_PATTERN,
        version="version",
        body_at=3 + 2 * SEALED_KEY_BYTES,
        reads=[lambda scene: drafts.get_draft(scene.context(), scene.drafts[0])],
        other=lambda scene: drafts.get_draft(scene.context(), scene.drafts[1]),
    ),
    "release.content_sealed": Place(
        key=_row("releases"),
        sibling=_row("releases", 1),
        foreign=_PATTERN,
        version="version",
        reads=[lambda scene: drafting.get_release(scene.context(ADVOCATE), scene.releases[0])],
        other=lambda scene: drafting.get_release(scene.context(ADVOCATE), scene.releases[1]),
    ),
    "story.narrative_sealed": Place(
        key=_story(0),
        sibling=_story(1),
        foreign=("incident", "narrative_sealed", _row("incidents")),
        version="narrative_version",
        reads=[lambda scene: stories.get_story(scene.context(), *scene.stories[0])],
        other=lambda scene: stories.get_story(scene.context(), *scene.stories[1]),
    ),
    "published_story.content_sealed": Place(
        key=_story(0),
        sibling=_story(1),
        foreign=_PATTERN,
        version="version",
        reads=[lambda scene: stories.get_published(scene.context(ADVOCATE), scene.stories[0][1])],
        other=lambda scene: stories.get_published(scene.context(ADVOCATE), scene.stories[1][1]),
    ),
    "fact_index.manifest_sealed": Place(
        key=lambda _scene: {"id": INDEX_ID},
        sibling=None,
        foreign=_PATTERN,
        version="version",
        reads=[_services],
        other=_case(0),
    ),
    "fact_column.column_sealed": Place(
        key=_row("columns"),
        sibling=_row("columns", 1),
        foreign=("incident", "coded_sealed", _row("incidents")),
        reads=[_services],
        other=lambda scene: _services(scene, "raised_by"),
    ),
    "ledger_entry.entry_sealed": Place(
        key=_row("entries"),
        sibling=_row("entries", 1),
        foreign=("incident", "coded_sealed", _row("incidents")),
        version="entry_version",
        reads=[lambda scene: read_ledger(scene.context(ADVOCATE))],
        other=lambda scene: drafting.list_releases(scene.context(ADVOCATE)),
    ),
    "erasure.receipt_sealed": Place(
        key=lambda scene: {"case_id": scene.erased[0]},
        sibling=lambda scene: {"case_id": scene.erased[1]},
        foreign=_PATTERN,
        version="receipt_version",
        reads=[lambda scene: erasing.get_receipt(scene.context(COORDINATOR), scene.erased[0])],
        other=lambda scene: erasing.get_receipt(scene.context(COORDINATOR), scene.erased[1]),
    ),
    "audit_entry.entry_sealed": Place(
        key=lambda _scene: {"sequence": 4},
        sibling=lambda _scene: {"sequence": 5},
        foreign=_PATTERN,
        version="sequence",
        reads=[lambda scene: open_log(scene.context(COORDINATOR))],
        other=_case(0),
    ),
    "session.seed_sealed": Place(
        key=lambda scene: row_key(scene.sessions[0]),
        sibling=lambda scene: row_key(scene.sessions[1]),
        foreign=_PATTERN,
        reads=[lambda scene: sessions_service.resolve(scene.runtime, scene.sessions[0])],
        other=lambda scene: sessions_service.resolve(scene.runtime, scene.sessions[1]),
    ),
    "session.pin_sealed": Place(
        key=lambda scene: row_key(scene.locked[0]),
        sibling=lambda scene: row_key(scene.locked[1]),
        foreign=("session", "seed_sealed", lambda scene: row_key(scene.sessions[0])),
        reads=[lambda scene: sessions_service.resolve(scene.runtime, scene.locked[0])],
        other=lambda scene: sessions_service.resolve(scene.runtime, scene.locked[1]),
    ),
    "session.device_sealed": Place(
        key=lambda scene: row_key(scene.sessions[0]),
        sibling=lambda scene: row_key(scene.sessions[1]),
        foreign=("member", "pin_sealed", _member(COLLEAGUE)),
        reads=[
            lambda scene: session_control.list_own_sessions(scene.context(COLLEAGUE), scene.sessions[0]),
        ],
        other=lambda scene: sessions_service.resolve(scene.runtime, scene.sessions[1]),
    ),
    "ceremony.state_sealed": Place(
        key=lambda scene: row_key(scene.ceremonies[0]),
        sibling=lambda scene: row_key(scene.ceremonies[1]),
        foreign=_PATTERN,
        version="version",
        reads=[lambda scene: passphrases.find_suggestion(scene.ceremonies[0])],
        other=lambda scene: passphrases.find_suggestion(scene.ceremonies[1]),
    ),
}


def _sign_in(scene: Scene, login: str) -> object:
    return authentication.sign_in(scene.runtime, login, scene.founded.players[login].passphrase)
