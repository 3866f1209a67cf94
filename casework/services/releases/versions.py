"""A new version of a release: what it begins with, and in whose place it comes."""

from dataclasses import replace
from uuid import UUID

from casework.domain.approval import State
from casework.domain.permissions import Permission
from casework.domain.release import Release
from casework.domain.releasedraft import ReleaseDraft
from casework.errors import NotFound
from casework.services.context import Context
from casework.services.releases.shelf import ReleaseView, Shelf


def find_to_replace(shelf: Shelf, release: Release) -> ReleaseView | None:
    """Return the withdrawn release that a new version of this one takes the place of; None of most.

    That is the last of those that came in its own place: no place is taken twice.
    """
    last = shelf.find_last(release)
    return last if last and last.release.state is State.WITHDRAWN else None


def begin_version(context: Context, shelf: Shelf, release_id: UUID) -> ReleaseDraft:
    """Return the draft that a new version of a release begins with: what it asks and says, of its own period.

    It comes in the place of what `find_to_replace` gives, where both are of some same time; else in its own,
    also where that is taken: saving says so. Raises NotFound.
    """
    context.require(Permission.COMPOSE_RELEASES)
    view = shelf.by_id.get(release_id)
    if view is None:
        raise NotFound("release")
    draft, after = view.release.draft, find_to_replace(shelf, view.release)
    place = after.release if after else view.release
    if place.frozen is None or not place.draft.period.overlaps(draft.period):
        return replace(draft, replaces=0)
    return replace(draft, replaces=place.frozen.number)
