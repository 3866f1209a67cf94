"""Drafts: a form as far as it was typed, sealed to who types and to the recovery key."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from casework.domain.draft import DraftContent, Fields
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound, Tampered
from casework.services.context import Context
from casework.services.draftseals import open_for_writer, seal_content
from casework.services.runtime import Runtime
from casework.services.signing_in.sessions import Locked
from casework.services.stranded import find_case, is_orphan
from casework.services.transactions import keyless_transaction, transaction
from casework.store import drafts as store
from casework.store.database import db
from casework.store.erasures import list_erased_cases

MOST_DRAFTS = 100
"""How many drafts a member may have; a form that came late is kept even so, or what was typed is lost."""

MOST_WITH_LATE_FORMS = 200
"""How many there may be with forms that came late."""

OF_RELEASES = frozenset({"release_edit", "release_new"})
"""The kinds that who composes releases keeps; all others are of cases."""

FORM_ID = "once"
"""The field that names a form of a new record: see `services/once.py`."""


@dataclass(frozen=True, slots=True, repr=False)
class DraftView:
    """A draft, opened. `path` is the address of its form, `fields` what stood in it."""

    id: UUID
    kind: str
    kept_at: datetime
    path: str
    fields: Fields


def keep_draft(context: Context, draft_id: UUID | None, kind: str, path: str, fields: Fields) -> UUID:
    """Keep a form as it stands, over the draft it was kept in before; returns the draft's id.

    Without `draft_id` that is the draft of the same form, where `fields` name it: the answer that told its id
    may not have arrived.

    Raises Invalid naming `draft` for a new one where the member has as many as one may have.
    """
    context.require(Permission.COMPOSE_RELEASES if kind in OF_RELEASES else Permission.EDIT_CASES)
    with transaction(context, "draft.kept") as opened:
        of_form = () if draft_id else find_drafts_of_form(context, _form_of(fields))
        row = _find_own(context, next(iter(of_form), draft_id))
        if row is None:
            if store.count_drafts(context.member_id) >= MOST_DRAFTS:
                raise Invalid(draft=N_("You have 100 drafts. Finish or discard one before you keep another."))
            row = store.Draft(id=uuid4(), member_id=context.member_id, version=0, kind=kind)
        row.version += 1
        row.kind = kind
        row.kept_at = context.runtime.now()
        content = DraftContent(path, fields, context.member_id)
        seal_content(row, context.secret.public, context.roster, content)
        db.session.add(row)
        opened.note(draft=row.id)
        return row.id


def keep_late_form(runtime: Runtime, locked: Locked, kind: str, path: str, fields: Fields) -> bool:
    """Keep a form that was posted after its session had ended, sealed to the member as the roster knows them.

    Returns whether it did: nothing is kept for somebody whom the roster does not know, nor beyond
    `MOST_WITH_LATE_FORMS`: a stale cookie must not fill the disk. Raises Tampered where
    it is not the roster that the member had seen when the session began: see docs/adr/0008-late-forms.md.
    """
    roster, member_id = runtime.rosters.current(locked.pin), locked.member_id
    member = roster.active.get(member_id)
    if member is None or store.count_drafts(member_id) >= MOST_WITH_LATE_FORMS:
        return False
    with keyless_transaction(runtime, "draft.kept", roster) as opened:
        row = store.Draft(id=uuid4(), member_id=member_id, version=1, kind=kind, kept_at=runtime.now())
        seal_content(row, member.public, roster, DraftContent(path, fields, member_id))
        db.session.add(row)
        opened.note(draft=row.id)
    return True


def list_drafts(context: Context) -> list[DraftView]:
    """Return the member's drafts, newest first; without those of cases that were erased since.

    Those that do not open are left out: changed ones, those that somebody else wrote, and those from before
    they came back under a new key.
    """
    context.require(Permission.KEEP_DRAFTS)
    return [draft for draft in _open_own(context) if not is_orphan(context.roster, draft.path)]


def list_drafts_of_case(context: Context, case_id: UUID) -> list[DraftView]:
    """Return the member's drafts of the forms of a case, newest first; none for who may keep none."""
    if not context.may(Permission.EDIT_CASES):
        return []
    return [draft for draft in _open_own(context) if find_case(draft.path) == case_id]


def count_closed_drafts(context: Context) -> int:
    """Return how many of the member's drafts do not open."""
    return store.count_drafts(context.member_id) - len(_open_own(context))


def drop_orphans(context: Context) -> bool:
    """Delete the member's drafts of cases that were erased since; nobody else can tell which those are."""
    if context.may(Permission.EDIT_CASES) and list_erased_cases():
        for draft in _open_own(context):
            if is_orphan(context.roster, draft.path):
                discard_draft(context, draft.id)
    return False


def get_draft(context: Context, draft_id: UUID) -> DraftView:
    """Return one of the member's drafts; raises NotFound, for somebody else's too, and Tampered."""
    row = _find_own(context, draft_id)
    if row is None:
        raise NotFound("draft")
    return _open(context, row)


def discard_draft(context: Context, draft_id: UUID) -> None:
    """Delete one of the member's drafts; raises NotFound."""
    with transaction(context, "draft.discarded") as opened:
        row = _find_own(context, draft_id)
        if row is None:
            raise NotFound("draft")
        db.session.delete(row)
        opened.note(draft=draft_id)


def drop_drafts(context: Context, draft_ids: Collection[UUID], form_id: UUID | None = None) -> None:
    """Delete the drafts of a form that is being saved, in the transaction that saves it; none is no fault.

    With the form's id those too that name it: the answer that told of them may not have arrived.
    """
    for draft_id in {*draft_ids, *find_drafts_of_form(context, form_id)}:
        row = _find_own(context, draft_id)
        if row is not None:
            db.session.delete(row)


def find_drafts_of_form(context: Context, form_id: UUID | None) -> list[UUID]:
    """Return the member's drafts of the form with this id, newest first, of those that open."""
    if form_id is None:
        return []
    return [draft.id for draft in _open_own(context) if _form_of(draft.fields) == form_id]


def _form_of(fields: Fields) -> UUID | None:
    """Return the id of a form of a new record, None where the fields name none."""
    with suppress(ValueError, IndexError):
        return UUID(hex=fields.get(FORM_ID, [""])[0])
    return None


def _open_own(context: Context) -> list[DraftView]:
    opened = []
    for row in store.list_drafts(context.member_id):
        with suppress(Tampered):
            opened.append(_open(context, row))
    return opened


def _find_own(context: Context, draft_id: UUID | None) -> store.Draft | None:
    row = store.find_draft(draft_id) if draft_id else None
    return row if row is not None and row.member_id == context.member_id else None


def _open(context: Context, row: store.Draft) -> DraftView:
    content = open_for_writer(context.secret, row)
    return DraftView(row.id, row.kind, row.kept_at, content.path, content.fields)
