"""Requests for access to information: noted, followed, answered."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from casework.domain.accessrequest import AccessRequest, Standing
from casework.domain.permissions import Permission
from casework.errors import Conflict, Invalid, NotFound, VaultError
from casework.services.context import Context
from casework.services.drafts import drop_drafts
from casework.services.once import draw_id
from casework.services.transactions import transaction
from casework.store import official as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import ACCESS_REQUEST

_ORDER = tuple(Standing[name] for name in ("OVERDUE", "WAITING", "APPEALED", "RECEIVED", "CLOSED"))


@dataclass(frozen=True, slots=True)
class AccessRequestView:
    """A request, opened, and where it stands today."""

    id: UUID
    version: int
    request: AccessRequest
    standing: Standing
    days_left: int


def list_requests(context: Context) -> list[AccessRequestView]:
    """Return every request: overdue ones first, then by deadline."""
    context.require(Permission.READ_OFFICIAL_COUNTS)
    views = [_open(context, row) for row in store.list_access_requests()]
    return sorted(views, key=lambda view: (_ORDER.index(view.standing), view.request.deadline, view.id))


def list_overdue(context: Context) -> list[AccessRequestView]:
    """Return the requests whose answer should have come; none for who does not follow them.

    One that is damaged is left out: it must not close the start page.
    """
    if not context.may(Permission.MANAGE_OFFICIAL_COUNTS):
        return []
    found = []
    for row in store.list_access_requests():
        with suppress(VaultError, Invalid):
            found.append(_open(context, row))
    late = [view for view in found if view.standing is Standing.OVERDUE]
    return sorted(late, key=lambda view: (view.request.deadline, view.id))


def get_request(context: Context, request_id: UUID) -> AccessRequestView:
    """Return a request; raises NotFound."""
    context.require(Permission.READ_OFFICIAL_COUNTS)
    row = store.find_access_request(request_id)
    if row is None:
        raise NotFound("access_request")
    return _open(context, row)


def add_request(
    context: Context, request: AccessRequest, kept_as: Collection[UUID] = (), form_id: UUID | None = None
) -> UUID:
    """Note a request, and drop the drafts of its form; raises SavedBefore where that form was saved."""
    context.require(Permission.MANAGE_OFFICIAL_COUNTS)

    def says_same(request_id: UUID) -> bool | None:
        row = store.find_access_request(request_id)
        return None if row is None else _open(context, row).request == request

    with transaction(context, "access_request.added") as opened:
        row = store.AccessRequestRow(id=draw_id(context, form_id, "access_request", says_same))
        _write(context, row, request)
        db.session.add(row)
        drop_drafts(context, kept_as, form_id)
        opened.note(request=row.id)
        return row.id


def change_request(
    context: Context,
    request_id: UUID,
    version: int,
    request: AccessRequest,
    kept_as: Collection[UUID] = (),
    form_id: UUID | None = None,
) -> None:
    """Change a request: its days, its number, what became of it. Raises Conflict, NotFound."""
    context.require(Permission.MANAGE_OFFICIAL_COUNTS)
    with transaction(context, "access_request.changed") as opened:
        row = store.find_access_request(request_id)
        if row is None:
            raise NotFound("access_request")
        if row.version != version:
            raise Conflict("access_request")
        _write(context, row, request)
        drop_drafts(context, kept_as, form_id)
        opened.note(request=request_id)


def _open(context: Context, row: store.AccessRequestRow) -> AccessRequestView:
    plain = context.keyring.open(ACCESS_REQUEST, row.id, row.request_version, row.request_sealed)
    request, today = AccessRequest.from_document(documents.decode(plain)), context.runtime.today()
    return AccessRequestView(row.id, row.version, request, request.standing(today), request.days_left(today))


def _write(context: Context, row: store.AccessRequestRow, request: AccessRequest) -> None:
    row.version = (row.version or 0) + 1
    row.request_version = (row.request_version or 0) + 1
    row.request_sealed = context.keyring.seal(
        ACCESS_REQUEST, row.id, row.request_version, documents.encode(request.to_document())
    )
