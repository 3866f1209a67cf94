"""Releases for the benchmark of pages: each of a year, written by one member and approved by another."""

from collections.abc import Sequence

from casework.domain.period import Period
from casework.domain.releasedraft import ReleaseDraft, ReleaseTexts
from casework.services.context import Context
from casework.services.releases.approving import approve_release
from casework.services.releases.drafting import create_release, submit_release
from casework.services.releases.previewing import preview_release

YEARS = (2023, 2024, 2025)
_TABLES = (("police_service",), ("contact_group",))
_TEXTS = {"en": ReleaseTexts("Who makes the call", "Police calls, counted.")}


def add_releases(advocate: Context, coordinator: Context, years: Sequence[int] = YEARS) -> None:
    """Release each of these years, one after the other; one of too few cases stays a draft, and is named."""
    for year in years:
        draft = ReleaseDraft(
            unit="incidents", period=Period((year, 1), (year, 4)), tables=_TABLES, texts=_TEXTS
        )
        release_id = create_release(advocate, draft)
        refusal = preview_release(advocate, release_id).refusal
        if refusal:
            print(f"no release of {year}: {refusal.reason}")
            continue
        submit_release(advocate, release_id, 1)
        seen = preview_release(coordinator, release_id)
        if seen.refusal:
            raise SystemExit(f"the release of {year} was refused: {seen.refusal.reason}")
        approve_release(coordinator, release_id, 2, seen.mark)
