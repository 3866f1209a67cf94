"""A release until it is approved: written, changed, submitted, given back, thrown away."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from casework.domain.approval import OPEN
from casework.domain.messages import N_
from casework.domain.period import Period
from casework.domain.permissions import Permission
from casework.domain.release import Release
from casework.domain.releasedraft import Names, ReleaseDraft
from casework.errors import Conflict, Invalid
from casework.services.context import Context
from casework.services.drafts import drop_drafts
from casework.services.releases.composing import check_tables, check_unit
from casework.services.releases.rows import find_unit, get_row, open_release, write_release
from casework.services.releases.shelf import ReleaseView, open_shelf, read_shelf
from casework.services.transactions import transaction
from casework.store import releases as store
from casework.store.database import db

_COSTS_APPROVAL = N_(
    "It waits for your approval, and who writes any of it cannot approve it. Give it back, and say which form"
    " can be released."
)
_OTHER_TIME = N_(
    "That release is of another time: it has no day in common with this one. Choose another, or none."
)
_TAKEN = N_("Another release came in its place already. Choose that one, or none.")


def list_releases(context: Context) -> Sequence[ReleaseView]:
    """Return every release and draft that opens, by number, drafts last."""
    return open_shelf(context).views


def count_to_approve(context: Context) -> int:
    """Count the releases that wait for the member's approval: 0 for whoever may not approve any.

    One that does not open closes no start page; that of releases says so.
    """
    if not context.may(Permission.APPROVE_RELEASES):
        return 0
    return sum(view.release.waits_for(context.member_id) for view in read_shelf(context).views)


def get_release(context: Context, release_id: UUID) -> ReleaseView:
    """Return one; raises NotFound."""
    context.require(Permission.COMPOSE_RELEASES)
    row = get_row(release_id)
    return ReleaseView(row.id, row.version, open_release(context, row))


def create_release(
    context: Context, draft: ReleaseDraft, kept_as: Collection[UUID] = (), form_id: UUID | None = None
) -> UUID:
    """Begin a release; raises Invalid naming the field.

    With it go the drafts that its form was `kept_as`, and those that name the form.
    """
    context.require(Permission.COMPOSE_RELEASES)
    _check(context, draft)
    with transaction(context, "release.drafted") as opened:
        row = store.ReleaseRow(id=uuid4())
        write_release(context, row, Release(draft=draft, writers=(context.member_id,)))
        db.session.add(row)
        drop_drafts(context, kept_as, form_id)
        opened.note(release=row.id)
        return row.id


def change_release(
    context: Context,
    release_id: UUID,
    version: int,
    draft: ReleaseDraft,
    kept_as: Collection[UUID] = (),
    form_id: UUID | None = None,
) -> None:
    """Write it anew; who does is one of its writers from now on. Raises Conflict, Invalid, NotFound.

    With it go the form's drafts, as with `create_release`.
    """
    _check(context, draft)

    def write(release: Release) -> Release:
        drop_drafts(context, kept_as, form_id)
        return release.edited(draft, context.member_id)

    _move(context, "release.changed", release_id, version, write)


def replace_tables(
    context: Context, release_id: UUID, version: int, tables: Sequence[Names], period: Period | None = None
) -> None:
    """Put other tables in the place of those that there are, or a period; raises as `change_release`.

    The words stay, and have to be read again. Invalid also where it waits for the approval of this member:
    who writes any of it cannot approve it.
    """
    view = get_release(context, release_id)
    draft = view.release.edited_draft()
    if view.may_be_approved_by(context):
        raise Invalid(tables=_COSTS_APPROVAL)
    over = period or draft.period
    _check(context, replace(draft, tables=tuple(tables), period=over))

    def retable(release: Release) -> Release:
        return release.retabled(tables, over, context.member_id)

    _move(context, "release.changed", release_id, version, retable)


def submit_release(context: Context, release_id: UUID, version: int, *, was_reread: bool = False) -> None:
    """Ask somebody else to approve what the member saw a moment ago: see `previewing.begin_look`.

    Raises Conflict, Invalid for what is missing, also where these numbers were not seen, or words that were
    written for other tables not reread; and NotFound.
    """
    context.require(Permission.COMPOSE_RELEASES)
    seen = _find_seen(context, release_id)

    def submit(release: Release) -> Release:
        return release.submitted(seen, was_reread=was_reread)

    _move(context, "release.submitted", release_id, version, submit)


def has_seen(context: Context, release_id: UUID) -> bool:
    """Whether the member saw the numbers of a release as it now asks for them; raises NotFound."""
    seen = _find_seen(context, release_id)
    return seen is not None and seen.question == get_release(context, release_id).release.draft.question


def _find_seen(context: Context, release_id: UUID) -> ReleaseDraft | None:
    look = context.runtime.looks.find(context.member_id, release_id, context.runtime.now_seconds())
    return look.draft if look and look.seen and look.seen.release else None


def pull_back_release(context: Context, release_id: UUID, version: int) -> None:
    """Make what was submitted a draft again; nothing of it is lost. Raises Conflict, NotFound."""
    _move(context, "release.pulled_back", release_id, version, Release.pulled_back)


def return_release(context: Context, release_id: UUID, version: int, note: str) -> None:
    """Give it back with a note.

    Raises Conflict, Forbidden to whoever wrote any of it, Invalid naming `note`, NotFound.
    """
    context.require(Permission.APPROVE_RELEASES)
    by = context.member_id
    _move(context, "release.returned", release_id, version, lambda release: release.returned(note, by))


def discard_release(context: Context, release_id: UUID, version: int) -> None:
    """Throw a draft away for good; raises Conflict, for what was approved too, and NotFound."""
    context.require(Permission.COMPOSE_RELEASES)
    with transaction(context, "release.discarded") as opened:
        row = get_row(release_id, version)
        if open_release(context, row).state not in OPEN:
            raise Conflict("release")
        db.session.delete(row)
        opened.note(release=release_id)


def _move(
    context: Context, event: str, release_id: UUID, version: int, step: Callable[[Release], Release]
) -> None:
    context.require(Permission.COMPOSE_RELEASES)
    with transaction(context, event) as opened:
        row = get_row(release_id, version)
        write_release(context, row, step(open_release(context, row)))
        opened.note(release=release_id)


def _check(context: Context, draft: ReleaseDraft) -> None:
    context.require(Permission.COMPOSE_RELEASES)
    check_tables(draft)
    check_unit(draft, find_unit(context))
    if draft.k < context.runtime.limits.threshold:
        raise Invalid(k=N_("Choose no lower threshold than that of your organization."))
    if draft.replaces:
        _check_place(context, draft)


def _check_place(context: Context, draft: ReleaseDraft) -> None:
    row = store.find_numbered(draft.replaces)
    if row is None:
        raise Invalid(replaces=N_("Choose one of the releases that were approved."))
    before = open_release(context, row)
    if not before.may_be_replaced:
        raise Invalid(replaces=_TAKEN)
    if not before.draft.period.overlaps(draft.period):
        raise Invalid(replaces=_OTHER_TIME)
