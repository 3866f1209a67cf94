"""The permanent registry of sealed fields: what a ciphertext is, and under which kind of key it lies.

An id goes into the associated data of every ciphertext. So it is never renamed, never reused after its
field is retired, and its padding never changes: a new id is made instead.
"""

from dataclasses import dataclass
from enum import StrEnum

from casework.vault.padding import Padding


class Compartment(StrEnum):
    """Who can read: every compartment has one key an epoch, sealed to the members whose role grants it."""

    SHARED = "shared"
    IDENTITY = "identity"
    NARRATIVE = "narrative"
    CODED = "coded"
    AUDIT = "audit"


class Under(StrEnum):
    """The kind of key that a field is sealed under."""

    COMPARTMENT = "compartment"
    CASE = "case"
    MEMBER = "member"
    SESSION = "session"
    PASSPHRASE = "passphrase"  # noqa: S105 - the kind of a key, no secret
    TOKEN = "token"  # noqa: S105 - the kind of a key, no secret
    CONTENT = "content"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Field:
    """One sealed column or file: its permanent id, the key it lies under, and its padding."""

    id: str
    under: Under
    compartment: Compartment | None
    padding: Padding


def _compartment(field_id: str, compartment: Compartment, padding: Padding = Padding.STEPS) -> Field:
    return Field(field_id, Under.COMPARTMENT, compartment, padding)


ORGANIZATION_PROFILE = _compartment("organization.profile", Compartment.SHARED)
ORGANIZATION_RECOVERY = _compartment("organization.recovery", Compartment.SHARED)
ORGANIZATION_RETENTION = _compartment("organization.retention", Compartment.SHARED)
MEMBER_PROFILE = _compartment("member.profile", Compartment.SHARED)
PATTERN_DEFINITION = _compartment("pattern.definition", Compartment.SHARED)
INVITATION_DETAILS = _compartment("invitation.details", Compartment.SHARED)
IMPORT_MAPPING = _compartment("import.mapping", Compartment.SHARED, Padding.PADME)
SAVED_VIEW_SHARED = _compartment("saved_view.shared", Compartment.SHARED, Padding.PADME)
RELEASE_CONTENT = _compartment("release.content", Compartment.SHARED, Padding.PADME)
OFFICIAL_COUNT = _compartment("official_count.count", Compartment.SHARED)
ACCESS_REQUEST = _compartment("access_request.request", Compartment.SHARED)
PUBLISHED_STORY_CONTENT = _compartment("published_story.content", Compartment.SHARED, Padding.PADME)
POLICY_EVENT = _compartment("policy_event.event", Compartment.SHARED)
DISMISSAL = _compartment("dismissal.content", Compartment.CODED, Padding.PADME)
ERASURE_RECEIPT = _compartment("erasure.receipt", Compartment.SHARED)
CASE_CODED = _compartment("case.coded", Compartment.CODED)
PERSON_CODED = _compartment("person.coded", Compartment.CODED)
INCIDENT_CODED = _compartment("incident.coded", Compartment.CODED)
FOLLOW_UP_CODED = _compartment("follow_up.coded", Compartment.CODED)
OWN_TERM_DEFINITION = _compartment("own_term.definition", Compartment.CODED)
IMPORT_BATCH = _compartment("import.batch", Compartment.CODED)
LEDGER_ENTRY = _compartment("ledger_entry.entry", Compartment.CODED, Padding.PADME)
INDEX_MANIFEST = _compartment("index.manifest", Compartment.CODED, Padding.PADME)
INDEX_COLUMN = _compartment("index.column", Compartment.CODED, Padding.PADME)
CASE_KEY_IDENTITY = _compartment("case.key.identity", Compartment.IDENTITY, Padding.NONE)
CASE_KEY_NARRATIVE = _compartment("case.key.narrative", Compartment.NARRATIVE, Padding.NONE)
CASE_NAMED = Field("case.named", Under.CASE, Compartment.IDENTITY, Padding.PADME)
PERSON_IDENTITY = Field("person.identity", Under.CASE, Compartment.IDENTITY, Padding.PADME)
INCIDENT_NARRATIVE = Field("incident.narrative", Under.CASE, Compartment.NARRATIVE, Padding.PADME)
FOLLOW_UP_NARRATIVE = Field("follow_up.narrative", Under.CASE, Compartment.NARRATIVE, Padding.PADME)
ATTACHMENT_NARRATIVE = Field("attachment.narrative", Under.CASE, Compartment.NARRATIVE, Padding.PADME)
REVISION_IDENTITY = Field("revision.identity", Under.CASE, Compartment.IDENTITY, Padding.PADME)
REVISION_NARRATIVE = Field("revision.narrative", Under.CASE, Compartment.NARRATIVE, Padding.PADME)
STORY_NARRATIVE = Field("story.narrative", Under.CASE, Compartment.NARRATIVE, Padding.PADME)
MEMBER_SECOND_FACTOR = Field("member.second_factor", Under.MEMBER, None, Padding.STEPS)
ORGANIZATION_LOG = _compartment("organization.log", Compartment.SHARED)
MEMBER_ANCHOR = Field("member.anchor", Under.MEMBER, None, Padding.STEPS)
UPLOAD_STATE = Field("upload.state", Under.MEMBER, None, Padding.PADME)
UPLOAD_PIECE = Field("upload.piece", Under.MEMBER, None, Padding.PADME)
SAVED_VIEW_OWN = Field("saved_view.own", Under.MEMBER, None, Padding.PADME)
BUNDLE_STATE = Field("bundle.state", Under.MEMBER, None, Padding.PADME)
MEMBER_PIN = Field("member.pin", Under.MEMBER, None, Padding.NONE)
SESSION_SEED = Field("session.seed", Under.SESSION, None, Padding.NONE)
SESSION_PIN = Field("session.pin", Under.SESSION, None, Padding.NONE)
SESSION_DEVICE = Field("session.device", Under.MEMBER, None, Padding.STEPS)
SEARCH_TEXT = Field("search.text", Under.SESSION, None, Padding.STEPS)
CEREMONY_STATE = Field("ceremony.state", Under.SESSION, None, Padding.PADME)
PASSPHRASE_SEED = Field("passphrase.seed", Under.PASSPHRASE, None, Padding.NONE)
INVITATION = Field("invitation", Under.TOKEN, None, Padding.PADME)
DRAFT_CONTENT = Field("draft.content", Under.CONTENT, None, Padding.PADME)
AUDIT_ENTRY = Field("audit.entry", Under.AUDIT, Compartment.AUDIT, Padding.PADME)

FIELDS: tuple[Field, ...] = (
    ORGANIZATION_PROFILE,
    ORGANIZATION_RECOVERY,
    ORGANIZATION_RETENTION,
    MEMBER_PROFILE,
    PATTERN_DEFINITION,
    INVITATION_DETAILS,
    ERASURE_RECEIPT,
    CASE_CODED,
    PERSON_CODED,
    INCIDENT_CODED,
    FOLLOW_UP_CODED,
    IMPORT_BATCH,
    CASE_KEY_IDENTITY,
    CASE_KEY_NARRATIVE,
    CASE_NAMED,
    PERSON_IDENTITY,
    INCIDENT_NARRATIVE,
    FOLLOW_UP_NARRATIVE,
    ORGANIZATION_LOG,
    MEMBER_ANCHOR,
    MEMBER_PIN,
    MEMBER_SECOND_FACTOR,
    SESSION_SEED,
    SESSION_PIN,
    SESSION_DEVICE,
    SEARCH_TEXT,
    CEREMONY_STATE,
    PASSPHRASE_SEED,
    INVITATION,
    DRAFT_CONTENT,
    AUDIT_ENTRY,
    ATTACHMENT_NARRATIVE,
    IMPORT_MAPPING,
    UPLOAD_STATE,
    UPLOAD_PIECE,
    REVISION_IDENTITY,
    REVISION_NARRATIVE,
    BUNDLE_STATE,
    OWN_TERM_DEFINITION,
    RELEASE_CONTENT,
    LEDGER_ENTRY,
    STORY_NARRATIVE,
    PUBLISHED_STORY_CONTENT,
    OFFICIAL_COUNT,
    ACCESS_REQUEST,
    INDEX_MANIFEST,
    INDEX_COLUMN,
    SAVED_VIEW_OWN,
    SAVED_VIEW_SHARED,
    POLICY_EVENT,
    DISMISSAL,
)


def require_under(field: Field, under: Under) -> None:
    """Raise ValueError for a field that never lies under this kind of key: a mistake in the program."""
    if field.under is not under:
        raise ValueError(f"{field.id} is sealed under a {field.under} key, not under a {under} key")
