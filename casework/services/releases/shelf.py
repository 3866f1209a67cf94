"""All releases and drafts, each opened once: for whoever lists, names, and counts them on one page."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from casework.domain.permissions import Permission
from casework.domain.release import Release, follow
from casework.errors import Invalid, VaultError
from casework.services.context import Context
from casework.services.releases.rows import open_release
from casework.store import releases as store


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A release in any state, opened."""

    id: UUID
    version: int
    release: Release

    def was_written_by(self, context: Context) -> bool:
        """Whether the member wrote any of it."""
        return context.member_id in self.release.writers

    def may_be_approved_by(self, context: Context) -> bool:
        """Whether it waits for approval, and the member wrote nothing of it."""
        return context.may(Permission.APPROVE_RELEASES) and self.release.waits_for(context.member_id)


@dataclass(frozen=True, slots=True)
class ClosedRelease:
    """A release that does not open: changed outside casework. `number` is None of a draft."""

    id: UUID
    number: int | None


@dataclass(frozen=True, eq=False, repr=False)
class Shelf:
    """What opens, by number, drafts last, and what does not open. For one request: it grows old."""

    views: Sequence[ReleaseView] = ()
    closed: Sequence[ClosedRelease] = ()

    @cached_property
    def by_id(self) -> Mapping[UUID, ReleaseView]:
        """What opens, by its id."""
        return {view.id: view for view in self.views}

    @cached_property
    def numbered(self) -> Mapping[int, ReleaseView]:
        """The approved ones that open, by number."""
        return {view.release.frozen.number: view for view in self.views if view.release.frozen}

    def find_last(self, release: Release) -> ReleaseView | None:
        """Return the last of those that came in a release's place, one after the other; None of none."""
        after = follow(release, {number: view.release for number, view in self.numbered.items()})
        return self.numbered[after[-1].frozen.number] if after and after[-1].frozen else None


def open_shelf(context: Context) -> Shelf:
    """Open every release and draft, for the pages of releases."""
    context.require(Permission.COMPOSE_RELEASES)
    return read_shelf(context)


def read_shelf(context: Context) -> Shelf:
    """Open every release and draft. For whoever answers for who may know of them."""
    views, closed = list[ReleaseView](), list[ClosedRelease]()
    for row in store.list_releases():
        release = None
        with suppress(VaultError, Invalid):
            release = open_release(context, row)
        if release is None:
            closed.append(ClosedRelease(row.id, row.number))
        else:
            views.append(ReleaseView(row.id, row.version, release))
    return Shelf(views, closed)
