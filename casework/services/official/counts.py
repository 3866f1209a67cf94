"""The organization's own official counts: entered, changed, retired."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from casework.domain.official import ACTIVE, RETIRED, OfficialCount
from casework.domain.permissions import Permission
from casework.domain.shippedcounts import list_shipped
from casework.errors import Conflict, NotFound
from casework.services.context import Context
from casework.services.drafts import drop_drafts
from casework.services.once import draw_id
from casework.services.transactions import transaction
from casework.store import official as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import OFFICIAL_COUNT


@dataclass(frozen=True, slots=True)
class OfficialCountView:
    """A published figure, opened. One that ships has no id and no version, and nobody changes it."""

    count: OfficialCount
    id: UUID | None = None
    version: int = 0

    @property
    def is_shipped(self) -> bool:
        """Tell whether it came with casework."""
        return self.id is None

    @property
    def anchor(self) -> str:
        """Name its place on the page."""
        return f"count-{self.id.hex}" if self.id else ""


def list_counts(context: Context) -> list[OfficialCountView]:
    """Return every figure of the organization, retired ones too, by time."""
    context.require(Permission.READ_OFFICIAL_COUNTS)
    views = [_open(context, row) for row in store.list_official_counts()]
    return sorted(views, key=lambda view: (view.count.first, view.count.last, view.anchor))


def list_all(context: Context) -> list[OfficialCountView]:
    """Return the figures in use: those that ship first, then the organization's."""
    own = [view for view in list_counts(context) if view.count.state == ACTIVE]
    return [*(OfficialCountView(one) for one in list_shipped()), *own]


def get_count(context: Context, count_id: UUID) -> OfficialCountView:
    """Return a figure; raises NotFound."""
    context.require(Permission.READ_OFFICIAL_COUNTS)
    row = store.find_official_count(count_id)
    if row is None:
        raise NotFound("official_count")
    return _open(context, row)


def add_count(
    context: Context, count: OfficialCount, kept_as: Collection[UUID] = (), form_id: UUID | None = None
) -> UUID:
    """Enter a figure, and drop the drafts of its form; raises SavedBefore where that form was saved."""
    context.require(Permission.MANAGE_OFFICIAL_COUNTS)

    def says_same(count_id: UUID) -> bool | None:
        row = store.find_official_count(count_id)
        return None if row is None else _open(context, row).count == count

    with transaction(context, "official_count.added") as opened:
        count_id = draw_id(context, form_id, "official_count", says_same)
        put_count(context, count, count_id)
        drop_drafts(context, kept_as, form_id)
        opened.note(figure=count_id)
        return count_id


def put_count(context: Context, count: OfficialCount, count_id: UUID | None = None) -> UUID:
    """Write a new figure in an open transaction."""
    row = store.OfficialCountRow(id=count_id or uuid4())
    _write(context, row, count)
    db.session.add(row)
    return row.id


def change_count(
    context: Context,
    count_id: UUID,
    version: int,
    count: OfficialCount,
    kept_as: Collection[UUID] = (),
    form_id: UUID | None = None,
) -> None:
    """Change a figure; where it came from stays as it was. Raises Conflict, NotFound."""

    def write(before: OfficialCount) -> OfficialCount:
        drop_drafts(context, kept_as, form_id)
        came_from = {name: getattr(before, name) for name in ("batch", "imported_on", "request", "state")}
        return replace(count, **came_from)

    _move(context, "official_count.changed", count_id, version, write)


def retire_count(context: Context, count_id: UUID, version: int, retired: bool) -> None:
    """Take a figure out of use, or back into it; raises Conflict, NotFound."""
    event = "official_count.retired" if retired else "official_count.restored"
    state = RETIRED if retired else ACTIVE
    _move(context, event, count_id, version, lambda count: replace(count, state=state))


def _move(
    context: Context,
    event: str,
    count_id: UUID,
    version: int,
    write: Callable[[OfficialCount], OfficialCount],
) -> None:
    context.require(Permission.MANAGE_OFFICIAL_COUNTS)
    with transaction(context, event) as opened:
        row = store.find_official_count(count_id)
        if row is None:
            raise NotFound("official_count")
        if row.version != version:
            raise Conflict("official_count")
        _write(context, row, write(_open(context, row).count))
        opened.note(figure=count_id)


def _open(context: Context, row: store.OfficialCountRow) -> OfficialCountView:
    plain = context.keyring.open(OFFICIAL_COUNT, row.id, row.count_version, row.count_sealed)
    return OfficialCountView(OfficialCount.from_document(documents.decode(plain)), row.id, row.version)


def _write(context: Context, row: store.OfficialCountRow, count: OfficialCount) -> None:
    row.version = (row.version or 0) + 1
    row.count_version = (row.count_version or 0) + 1
    row.count_sealed = context.keyring.seal(
        OFFICIAL_COUNT, row.id, row.count_version, documents.encode(count.to_document())
    )
