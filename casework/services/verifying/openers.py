"""How each sealed column is opened: a column that is missing here fails tests/services/verifying.

An opener returns whether the column was the reader's to open, and raises VaultError where it is hurt.
"""

from collections.abc import Callable, Mapping
from typing import Any

from casework.domain.attachment import Attachment
from casework.errors import Tampered
from casework.services.casekeys import open_case_key, open_sealed_key
from casework.services.draftseals import read_content, require_writer
from casework.services.verifying.reading import Reading
from casework.vault import documents
from casework.vault.audit import GENESIS, AuditHead, AuditLink, check_link
from casework.vault.draft import MEMBER_INDEX, RECOVERY_INDEX, open_draft
from casework.vault.erasure import check_erasure
from casework.vault.fields import (
    ACCESS_REQUEST,
    ATTACHMENT_NARRATIVE,
    CASE_CODED,
    CASE_NAMED,
    DISMISSAL,
    ERASURE_RECEIPT,
    FOLLOW_UP_CODED,
    FOLLOW_UP_NARRATIVE,
    IMPORT_BATCH,
    IMPORT_MAPPING,
    INCIDENT_CODED,
    INCIDENT_NARRATIVE,
    INDEX_COLUMN,
    INDEX_MANIFEST,
    INVITATION_DETAILS,
    LEDGER_ENTRY,
    MEMBER_ANCHOR,
    MEMBER_PIN,
    MEMBER_PROFILE,
    MEMBER_SECOND_FACTOR,
    OFFICIAL_COUNT,
    ORGANIZATION_LOG,
    ORGANIZATION_PROFILE,
    ORGANIZATION_RECOVERY,
    ORGANIZATION_RETENTION,
    OWN_TERM_DEFINITION,
    PATTERN_DEFINITION,
    PERSON_CODED,
    PERSON_IDENTITY,
    POLICY_EVENT,
    PUBLISHED_STORY_CONTENT,
    RELEASE_CONTENT,
    REVISION_IDENTITY,
    REVISION_NARRATIVE,
    SAVED_VIEW_OWN,
    SAVED_VIEW_SHARED,
    STORY_NARRATIVE,
    Compartment,
    Field,
)
from casework.vault.pin import Pin
from casework.vault.secondfactor import SecondFactor

Opener = Callable[[Reading, Any], bool]
Read = Callable[[bytes], object]


def _document(field: Field, version: str, column: str, row_id: str = "id") -> Opener:
    """Open a document under a compartment's key; `row_id` is the column whose id it is bound to."""
    assert field.compartment is not None  # noqa: S101 - so are all that lie under a compartment
    compartment = field.compartment

    def opener(reading: Reading, row: Any) -> bool:
        sealed = getattr(row, column)
        if sealed is None or not reading.keys.keyring.holds(compartment):
            return False
        bound_to = getattr(row, row_id)
        plain = reading.keys.keyring.open(field, bound_to, getattr(row, version), sealed)
        documents.decode(plain)
        return True

    return opener


def _of_case(field: Field, version: str, column: str, case: str = "case_id") -> Opener:
    """Open a document under its case's key; `case` is the column that names the case."""
    assert field.compartment is not None  # noqa: S101 - so are all that lie under a case key
    compartment = field.compartment

    def opener(reading: Reading, row: Any) -> bool:
        case_id, sealed = getattr(row, case), getattr(row, column)
        is_others = case_id in reading.restricted - reading.named
        if sealed is None or is_others or not reading.keys.keyring.holds(compartment):
            return False
        key = reading.case_keys.for_reading(case_id, compartment, sealed)
        documents.decode(key.open(field, row.id, getattr(row, version), sealed))
        return True

    return opener


_case_coded = _document(CASE_CODED, "coded_version", "coded_sealed")


def _case(reading: Reading, row: Any) -> bool:
    """Open a case, and note that it is there, also where it does not open."""
    reading.cases.add(row.id)
    return _case_coded(reading, row)


def _person(reading: Reading, row: Any) -> bool:
    """Open what is coded of a person; whether they lie aside is to be found in plain, and has to agree."""
    if not reading.keys.keyring.holds(Compartment.CODED):
        return False
    plain = reading.keys.keyring.open(PERSON_CODED, row.id, row.coded_version, row.coded_sealed)
    lies_aside = documents.decode(plain).get("aside") is not None
    # A backup from before merges has no such column.
    if getattr(row, "set_aside", lies_aside) != lies_aside:
        raise Tampered("a person set aside whose document does not say so, or the other way round")
    return True


_receipt = _document(ERASURE_RECEIPT, "receipt_version", "receipt_sealed", "case_id")


def _erasure(reading: Reading, row: Any) -> bool:
    """Open a receipt, and hold its tombstone against cases and roster: a restore believes no other."""
    if row.case_id in reading.cases:
        raise Tampered("a tombstone beside a live case")
    check_erasure(row.signature or b"", reading.keys.roster, row.case_id, row.erased_at)
    return _receipt(reading, row)


def _attachment(reading: Reading, row: Any) -> bool:
    """Open what is known of a file, and every chunk of its copies."""
    if row.case_id in reading.restricted - reading.named:
        return False
    if not reading.keys.keyring.holds(Compartment.NARRATIVE):
        return False
    key = reading.case_keys.for_reading(row.case_id, Compartment.NARRATIVE, row.narrative_sealed)
    plain = key.open(ATTACHMENT_NARRATIVE, row.id, row.narrative_version, row.narrative_sealed)
    attachment = Attachment.from_document(documents.decode(plain))
    for copy, stored in attachment.copies.items():
        reading.check_copy(row.id, copy, stored)
    return True


def _case_key(reading: Reading, row: Any) -> bool:
    if not reading.keys.keyring.holds(Compartment(row.compartment)):
        return False
    reading.case_keys.add(open_case_key(reading.keys.keyring, row))
    return True


def _case_key_seal(reading: Reading, row: Any) -> bool:
    """Open the key of a restricted case, if it is sealed to this reader."""
    reading.restricted.add(row.case_id)
    keys = reading.keys
    if row.recipient_id != keys.reader_id:
        return False
    reading.named.add(row.case_id)
    place = row.case_id, row.compartment, row.generation
    key = open_sealed_key(keys.keyring, keys.secret, keys.reader_id, *place, row.key_sealed)
    reading.case_keys.add(key)
    return True


def _epoch_seal(reading: Reading, row: Any) -> bool:
    keys = reading.keys
    return row.member_id == keys.reader_id and keys.opens_epoch(row)


def _recovery_seal(reading: Reading, row: Any) -> bool:
    return reading.keys.is_quorum and reading.keys.opens_epoch(row)


def _own(field: Field, version: str, column: str, owner: str = "id", read: Read = documents.decode) -> Opener:
    """Open what lies under a member's own key; `owner` is the column that names the member."""

    def opener(reading: Reading, row: Any) -> bool:
        sealed = getattr(row, column)
        if getattr(row, owner) != reading.keys.reader_id or sealed is None:
            return False
        read(reading.keys.secret.open_own(field, row.id, getattr(row, version), sealed))
        return True

    return opener


def _draft(reading: Reading, row: Any) -> bool:
    keys = reading.keys
    if keys.is_quorum and row.recovery_number != keys.roster.recovery_number:
        return False  # it is sealed to an earlier recovery key, and waits for its writer
    if not keys.is_quorum and row.member_id != keys.reader_id:
        return False
    index = RECOVERY_INDEX if keys.is_quorum else MEMBER_INDEX
    plain = open_draft(keys.secret, index, row.id, row.content_sealed, version=row.version)
    require_writer(read_content(plain), row.member_id)
    return True


def _audit_entry(reading: Reading, row: Any) -> bool:
    """Open an entry, and see that it follows the one before: the rows come in order."""
    link = AuditLink(row.sequence, row.entry_sealed, row.mac, row.rows_hash, row.hash)
    if reading.audit_head is None and row.sequence > 1:
        # Those before it have expired; whether an entry says so, `verify-audit` finds out.
        reading.audit_head = AuditHead(row.sequence, row.hash)
        return False
    before = reading.audit_head or GENESIS
    # Whatever is found here, the next entry is held against what this one says that it is.
    reading.audit_head = AuditHead(row.sequence, row.hash)
    check_link(before, link, reading.audit.mac_keys)
    if not reading.keys.keyring.holds(Compartment.AUDIT):
        return False
    reading.audit.open(before.hash, link)
    return True


def _index_column(reading: Reading, row: Any) -> bool:
    """Open a column of the coded index; what it tells is held against the records by `index verify`."""
    keyring = reading.keys.keyring
    return keyring.holds(Compartment.CODED) and bool(keyring.open(INDEX_COLUMN, row.id, 1, row.column_sealed))


def _closed(_reading: Reading, _row: Any) -> bool:
    """Only a passphrase or an invitation's link opens it."""
    return False


OPENERS: Mapping[str, Opener] = {
    "access_request.request_sealed": _document(ACCESS_REQUEST, "request_version", "request_sealed"),
    "attachment.narrative_sealed": _attachment,
    "audit_entry.entry_sealed": _audit_entry,
    "case.coded_sealed": _case,
    "case.named_sealed": _of_case(CASE_NAMED, "named_version", "named_sealed", case="id"),
    "case_key.key_sealed": _case_key,
    "case_key_seal.key_sealed": _case_key_seal,
    "dismissal.content_sealed": _document(DISMISSAL, "version", "content_sealed"),
    "draft.content_sealed": _draft,
    "epoch_seal.key_sealed": _epoch_seal,
    "fact_column.column_sealed": _index_column,
    "fact_index.manifest_sealed": _document(INDEX_MANIFEST, "version", "manifest_sealed"),
    "follow_up.coded_sealed": _document(FOLLOW_UP_CODED, "coded_version", "coded_sealed"),
    "follow_up.narrative_sealed": _of_case(FOLLOW_UP_NARRATIVE, "narrative_version", "narrative_sealed"),
    "import_batch.batch_sealed": _document(IMPORT_BATCH, "batch_version", "batch_sealed"),
    "saved_view.own_sealed": _own(SAVED_VIEW_OWN, "own_version", "own_sealed", "member_id"),
    "saved_view.shared_sealed": _document(SAVED_VIEW_SHARED, "shared_version", "shared_sealed"),
    "import_mapping.mapping_sealed": _document(IMPORT_MAPPING, "mapping_version", "mapping_sealed"),
    "incident.coded_sealed": _document(INCIDENT_CODED, "coded_version", "coded_sealed"),
    "incident.narrative_sealed": _of_case(INCIDENT_NARRATIVE, "narrative_version", "narrative_sealed"),
    "invitation.details_sealed": _document(INVITATION_DETAILS, "details_version", "details_sealed"),
    "invitation.message_sealed": _closed,
    "ledger_entry.entry_sealed": _document(LEDGER_ENTRY, "entry_version", "entry_sealed"),
    "member.anchor_sealed": _own(MEMBER_ANCHOR, "anchor_version", "anchor_sealed"),
    "member.pin_sealed": _own(MEMBER_PIN, "pin_version", "pin_sealed", read=Pin.decode),
    "member.profile_sealed": _document(MEMBER_PROFILE, "profile_version", "profile_sealed"),
    "member.second_factor_sealed": _own(
        MEMBER_SECOND_FACTOR, "second_factor_version", "second_factor_sealed", read=SecondFactor.decode
    ),
    "member.seed_sealed": _closed,
    "official_count.count_sealed": _document(OFFICIAL_COUNT, "count_version", "count_sealed"),
    "organization.log_sealed": _document(ORGANIZATION_LOG, "log_version", "log_sealed"),
    "organization.profile_sealed": _document(ORGANIZATION_PROFILE, "profile_version", "profile_sealed"),
    "organization.retention_sealed": _document(
        ORGANIZATION_RETENTION, "retention_version", "retention_sealed"
    ),
    "organization.recovery_sealed": _document(ORGANIZATION_RECOVERY, "recovery_version", "recovery_sealed"),
    "own_term.definition_sealed": _document(OWN_TERM_DEFINITION, "definition_version", "definition_sealed"),
    "pattern.definition_sealed": _document(PATTERN_DEFINITION, "definition_version", "definition_sealed"),
    "person.coded_sealed": _person,
    "person.identity_sealed": _of_case(PERSON_IDENTITY, "identity_version", "identity_sealed"),
    "policy_event.event_sealed": _document(POLICY_EVENT, "event_version", "event_sealed"),
    "published_story.content_sealed": _document(PUBLISHED_STORY_CONTENT, "version", "content_sealed"),
    "recovery_seal.key_sealed": _recovery_seal,
    "release.content_sealed": _document(RELEASE_CONTENT, "version", "content_sealed"),
    "revision.identity_sealed": _of_case(REVISION_IDENTITY, "identity_version", "identity_sealed"),
    "revision.narrative_sealed": _of_case(REVISION_NARRATIVE, "narrative_version", "narrative_sealed"),
    "story.narrative_sealed": _of_case(STORY_NARRATIVE, "narrative_version", "narrative_sealed"),
    "erasure.receipt_sealed": _erasure,
}
"""By table and column."""
