"""How a draft lies in its row: sealed to its writer and to recovery, and naming the writer inside.

The row says whose it is too, in plain text: whoever writes to the database can put another member there.
"""

from uuid import UUID

from casework.domain.draft import DraftContent
from casework.errors import Invalid, Tampered
from casework.store.drafts import Draft
from casework.vault import documents
from casework.vault.draft import MEMBER_INDEX, RECOVERY_INDEX, open_draft, seal_draft
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.rosterstate import RosterState


def seal_content(row: Draft, writer: MemberPublic, roster: RosterState, content: DraftContent) -> None:
    """Seal to the writer and to recovery, under the version that the row has by now."""
    publics, plain = (writer, roster.recovery_public), documents.encode(content.to_document())
    row.content_sealed = seal_draft(publics, row.id, plain, version=row.version)
    row.recovery_number = roster.recovery_number


def open_for_writer(secret: MemberSecret, row: Draft) -> DraftContent:
    """Open the draft of whose this row is; Tampered where it does not open, or names another writer."""
    content = _open(secret, MEMBER_INDEX, row)
    require_writer(content, row.member_id)
    return content


def open_for_recovery(secret: MemberSecret, row: Draft) -> DraftContent:
    """Open with a recovery key, whosever the row says that it is; Tampered where it does not open."""
    return _open(secret, RECOVERY_INDEX, row)


def require_writer(content: DraftContent, member_id: UUID) -> None:
    """Raise Tampered where the content names somebody else; one from before drafts did so names nobody."""
    if content.writer not in (None, member_id):
        raise Tampered("the draft was written by somebody else than its row says")


def read_content(plain: bytes) -> DraftContent:
    """Read what was sealed; Tampered where it is no draft."""
    try:
        return DraftContent.from_document(documents.decode(plain))
    except Invalid:
        raise Tampered("not the content of a draft") from None


def _open(secret: MemberSecret, index: int, row: Draft) -> DraftContent:
    return read_content(open_draft(secret, index, row.id, row.content_sealed, version=row.version))
