"""Views that members keep: a question with a name, for themselves or for everybody who opens cases.

One's own is sealed under the member's key, and no longer opens once they come back under a new one; a shared
one lies under `shared`. Neither holds anything of a record.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from casework.domain.documents import Document, read_uuid
from casework.domain.folding import clean_line, fold
from casework.domain.messages import N_
from casework.domain.permissions import Permission, Role
from casework.errors import Conflict, Forbidden, Invalid, NotFound, Tampered, VaultError
from casework.services.context import Context
from casework.services.exploring.questions import Question
from casework.services.transactions import transaction
from casework.store import views as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import SAVED_VIEW_OWN, SAVED_VIEW_SHARED

KEPT_REMOVED = timedelta(days=30)
"""How long a removed view can be brought back."""

MOST_VIEWS = 200
"""How many a member may keep."""

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, repr=False)
class View:
    """A view, opened. `page` is "explore" or "pathway"; `is_mine` says whether the member made it.

    `may_change`: whether the member may rename and remove it, too.
    """

    id: UUID
    version: int
    name: str
    page: str
    question: Question
    is_shared: bool
    made_by: UUID
    is_mine: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class ClosedView:
    """A view that does not open, so its name is not known; `may_change`: whether the member may remove it."""

    id: UUID
    is_shared: bool
    made_by: UUID
    is_mine: bool
    may_change: bool


@dataclass(frozen=True, slots=True, repr=False)
class ViewDraft:
    """What is kept: a name, a question, the page that it is asked on, and for whom."""

    name: str
    page: str
    question: Question
    is_shared: bool


def list_views(context: Context) -> list[View]:
    """Return the member's views and the shared ones, by name; without those of `list_closed`."""
    context.require(Permission.READ_CASES)
    opened = [view for _row, view in _open_all(context) if view]
    return sorted(opened, key=lambda view: (fold(view.name), view.id.int))


def list_closed(context: Context) -> list[ClosedView]:
    """Return those of the member's views and of the shared ones that do not open."""
    context.require(Permission.READ_CASES)
    return [
        ClosedView(
            row.id,
            row.shared_sealed is not None,
            row.member_id,
            row.member_id == context.member_id,
            _may_change(context, row),
        )
        for row, view in _open_all(context)
        if view is None
    ]


def _open_all(context: Context) -> Iterator[tuple[store.SavedView, View | None]]:
    for row in store.list_views(context.member_id):
        view = None
        with suppress(VaultError):
            view = _open(context, row)
        yield row, view


def get_view(context: Context, view_id: UUID) -> View:
    """Return a view; raises NotFound, alike for somebody else's own and for a removed one, and Tampered."""
    context.require(Permission.READ_CASES)
    row = _get_row(context, view_id)
    if row.removed_at is not None:
        raise NotFound("view")
    return _open(context, row)


def keep_view(context: Context, draft: ViewDraft, view_id: UUID | None = None, version: int = 0) -> UUID:
    """Keep a view, over the earlier one with this id as it was in this version.

    Raises Invalid naming `name`, NotFound, Forbidden, and Conflict where somebody else was faster.
    """
    context.require(Permission.READ_CASES)
    name = clean_line(draft.name, "name", LONGEST_NAME)
    if not name:
        raise Invalid(name=N_("Give the view a name."))
    with transaction(context, "view.kept") as opened:
        row = _get_row_to_change(context, view_id) if view_id else _new_row(context)
        if view_id and row.version != version:
            raise Conflict("view")
        about = {"page": draft.page, "question": draft.question.to_document()}
        document = {"schema": 1, "name": name, "made_by": row.member_id.hex, **about}
        _seal(context, row, document, draft.is_shared)
        db.session.add(row)
        opened.note(view=row.id)
        return row.id


def remove_view(context: Context, view_id: UUID) -> None:
    """Remove a view, for now; raises NotFound, Forbidden. What was removed long ago goes for good."""
    context.require(Permission.READ_CASES)
    now = context.runtime.now().replace(minute=0, second=0, microsecond=0)
    with transaction(context, "view.removed") as opened:
        for old in store.list_removed_before(now - KEPT_REMOVED):
            db.session.delete(old)
        row = _get_row_to_change(context, view_id)
        row.version += 1
        row.removed_at = now
        opened.note(view=view_id)


def restore_view(context: Context, view_id: UUID) -> None:
    """Bring a removed view back; raises NotFound, Forbidden."""
    context.require(Permission.READ_CASES)
    with transaction(context, "view.restored") as opened:
        row = _get_row_to_change(context, view_id, removed=True)
        row.version += 1
        row.removed_at = None
        opened.note(view=view_id)


def _new_row(context: Context) -> store.SavedView:
    mine = [row for row in store.list_views(context.member_id) if row.member_id == context.member_id]
    if len(mine) >= MOST_VIEWS:
        raise Invalid(name=N_("You have 200 views. Remove one before you keep another."))
    return store.SavedView(
        id=uuid4(), member_id=context.member_id, version=0, own_version=0, shared_version=0
    )


def _get_row(context: Context, view_id: UUID) -> store.SavedView:
    row = store.find_view(view_id)
    if row is None or (row.shared_sealed is None and row.member_id != context.member_id):
        raise NotFound("view")
    return row


def _get_row_to_change(context: Context, view_id: UUID, removed: bool = False) -> store.SavedView:
    row = _get_row(context, view_id)
    if (row.removed_at is not None) != removed:
        raise NotFound("view")
    if not _may_change(context, row):
        raise Forbidden("view")
    return row


def _may_change(context: Context, row: store.SavedView) -> bool:
    return row.member_id == context.member_id or Role.COORDINATOR in context.roles


def _seal(context: Context, row: store.SavedView, document: Document, is_shared: bool) -> None:
    plain = documents.encode(document)
    row.version += 1
    row.own_sealed = row.shared_sealed = None
    if is_shared:
        row.shared_version += 1
        row.shared_sealed = context.keyring.seal(SAVED_VIEW_SHARED, row.id, row.shared_version, plain)
        return
    if row.member_id != context.member_id:
        raise Forbidden("view")
    row.own_version += 1
    row.own_sealed = context.secret.seal_own(SAVED_VIEW_OWN, row.id, row.own_version, plain)


def _open(context: Context, row: store.SavedView) -> View:
    if row.shared_sealed is not None:
        plain = context.keyring.open(SAVED_VIEW_SHARED, row.id, row.shared_version, row.shared_sealed)
    else:
        plain = context.secret.open_own(SAVED_VIEW_OWN, row.id, row.own_version, row.own_sealed or b"")
    document = documents.decode(plain)
    try:
        made_by, question = read_uuid(document["made_by"]), Question.from_document(document["question"])
        name, page = str(document["name"]), str(document["page"])
    except (AttributeError, KeyError, TypeError, ValueError, Invalid):
        raise Tampered("the view asks what no question is") from None
    if made_by != row.member_id:
        raise Tampered("the view was made by somebody else than its row says")
    return View(
        row.id,
        row.version,
        name,
        page,
        question,
        row.shared_sealed is not None,
        made_by,
        made_by == context.member_id,
        _may_change(context, row),
    )
