"""Approving a release: checked once more, numbered, frozen and in the ledger, or nothing of all that."""

from collections.abc import Callable
from uuid import UUID

from casework.disclosure.solver import go_on
from casework.domain.approval import State
from casework.domain.earlier import Earlier
from casework.domain.official import OfficialCount
from casework.domain.permissions import Permission
from casework.domain.release import Frozen, Release
from casework.errors import CaseworkError, Conflict
from casework.services.context import Context
from casework.services.organization import get_organization_profile
from casework.services.releases.beside import list_beside
from casework.services.releases.doubt import require_no_doubt
from casework.services.releases.late import list_earlier
from casework.services.releases.ledger import append, has_moved
from casework.services.releases.looks import Look, Stage, Stopped
from casework.services.releases.protecting import Protected, mark_of, prepare, protect
from casework.services.releases.rows import get_row, open_release, write_release
from casework.services.transactions import transaction
from casework.store import releases as store


def begin_approval(
    context: Context, release_id: UUID, version: int, mark: str, is_open: Callable[[], bool]
) -> Look:
    """Begin to approve a release as it was seen, which takes as long as a look; `carry_out_approval` does it.

    It stops once `is_open` says no. Raises Invalid naming `ledger` where releases may be missing from it,
    Conflict where the release changed since, Forbidden to whoever wrote any of it, NotFound.
    """
    draft = _require_waiting(context, release_id, version).draft
    look = Look(
        member_id=context.member_id,
        release_id=release_id,
        draft=draft,
        began_at_seconds=context.runtime.now_seconds(),
        is_open=is_open,
        approves=True,
        stage=Stage.PROTECTING,
    )
    context.runtime.looks.put(look)
    return look


def carry_out_approval(context: Context, look: Look, version: int, mark: str) -> None:
    """Approve it, or leave everything as it was and say why."""
    try:
        assert look.release_id is not None  # noqa: S101 - `begin_approval` gave it
        look.number = approve_release(context, look.release_id, version, mark, look)
    except Stopped:
        context.runtime.looks.drop(look)
    except CaseworkError as fault:
        look.fault = fault
    finally:
        look.is_finished = True


def approve_release(
    context: Context,
    release_id: UUID,
    version: int,
    mark: str,
    look: Look | None = None,
) -> int:
    """Freeze a release as the approver saw it, under the next number, which is returned.

    `mark` is that of the preview that they saw. Raises Conflict where the release, its numbers or the ledger
    changed since; Stopped where somebody stopped the `look`; Forbidden to whoever wrote any of it;
    DisclosureRefused, Invalid, NotFound, Tampered.
    """
    release = _require_waiting(context, release_id, version)
    # A minute at worst: before the transaction, so that nobody waits for its lock.
    found = protect(*prepare(context, release.draft), look.keep_going if look else go_on)
    official = list_beside(context, release.draft.period)
    earlier = list_earlier(found.protection.release.told, release.draft, found.ledger.releases)
    if mark_of(found.protection, official, earlier) != mark:
        raise Conflict("numbers")
    if look:
        look.begin_writing()
    with transaction(context, "release.approved") as opened:
        if has_moved(found.ledger):
            raise Conflict("ledger")
        row = get_row(release_id, version)
        frozen = _freeze(context, found, official, earlier)
        write_release(context, row, open_release(context, row).approved(frozen, context.member_id))
        head = append(context, found.ledger, release_id, found.protection.entry)
        _replace(context, release, frozen.number)
        opened.note(release=release_id, number=frozen.number)
    context.runtime.released[head] = found.protection.release
    return frozen.number


def _require_waiting(context: Context, release_id: UUID, version: int) -> Release:
    context.require(Permission.APPROVE_RELEASES)
    require_no_doubt()
    release = open_release(context, get_row(release_id, version))
    release.require_other(context.member_id)
    release.require(State.SUBMITTED)
    return release


def _freeze(
    context: Context,
    found: Protected,
    official: tuple[OfficialCount, ...],
    earlier: tuple[Earlier, ...],
) -> Frozen:
    return Frozen(
        number=len(found.ledger.held) + 1,
        made_on=context.runtime.today().isoformat(),
        left_at=context.runtime.now().isoformat(timespec="seconds"),
        organization=get_organization_profile(context).name,
        document=found.protection.release.document(),
        official=official,
        earlier=earlier,
    )


def _replace(context: Context, release: Release, number: int) -> None:
    """Let the earlier release say which one came in its place."""
    if not release.draft.replaces:
        return
    row = store.find_numbered(release.draft.replaces)
    if row is None:
        raise Conflict("release")
    write_release(context, row, open_release(context, row).replaced(number))
