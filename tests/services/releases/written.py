"""Releases for the tests: what is counted, what is written, and the way to approval."""

from collections.abc import Sequence
from uuid import UUID

from casework.domain.period import Period
from casework.domain.releasedraft import ReleaseDraft, ReleaseTexts
from casework.services.incidents import Logged
from casework.services.releases.approving import approve_release
from casework.services.releases.drafting import create_release, get_release, submit_release
from casework.services.releases.previewing import preview_release
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.counted import log_many

TEXTS = {
    "en": ReleaseTexts("Who calls", "Police calls, counted."),
    "fr": ReleaseTexts("Qui appelle", "Compté."),
}


def draft(
    tables: Sequence[tuple[str, ...]] = (("police_service",),),
    first: int = 2025,
    last: int = 2025,
    unit: str = "incidents",
    **changes: object,
) -> ReleaseDraft:
    """Return a draft over whole years."""
    fields = {"unit": unit, "period": Period((first, 1), (last, 4)), "tables": tuple(tables), "texts": TEXTS}
    return ReleaseDraft(**(fields | changes))  # type: ignore[arg-type]


def log(founded: Founded, written: str = "2025-05", **services: int) -> None:
    """Log so many incidents of each police service."""
    named = [service for service, count in services.items() for _ in range(count)]
    log_many(founded.context(CASEWORKER), named, written)


def log_enough(founded: Founded) -> list[Logged]:
    """Log enough to release."""
    return log_many(founded.context(CASEWORKER), ["spvm"] * 12 + ["sq"] * 12)


def submit(founded: Founded, wanted: ReleaseDraft | None = None) -> UUID:
    """Let an advocate write a release, look at it and submit it."""
    release_id = create_release(founded.context(ADVOCATE), wanted or draft())
    preview_release(founded.context(ADVOCATE), release_id)
    submit_release(founded.context(ADVOCATE), release_id, 1)
    return release_id


def approve(founded: Founded, release_id: UUID) -> int:
    """Let a coordinator look at it and approve it."""
    seen = preview_release(founded.context(COORDINATOR), release_id)
    if seen.refusal:
        raise seen.refusal
    version = get_release(founded.context(COORDINATOR), release_id).version
    return approve_release(founded.context(COORDINATOR), release_id, version, seen.mark)


def release(founded: Founded, wanted: ReleaseDraft | None = None) -> UUID:
    """Write, submit and approve a release."""
    release_id = submit(founded, wanted)
    approve(founded, release_id)
    return release_id
