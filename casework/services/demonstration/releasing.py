"""One release of the demonstration: written by the advocate, approved by the coordinator, and out."""

from collections.abc import Mapping
from uuid import UUID

from casework.domain.period import Period
from casework.domain.permissions import Role
from casework.domain.releasedraft import Names, ReleaseDraft, ReleaseTexts
from casework.services.context import Context
from casework.services.releases.approving import approve_release
from casework.services.releases.drafting import (
    create_release,
    discard_release,
    get_release,
    list_releases,
    submit_release,
)
from casework.services.releases.previewing import preview_release

_TABLES: tuple[tuple[Names, ...], ...] = (
    (("contact_group",), ("contact_group", "year"), ("police_service",)),
    (("contact_group",), ("police_service",)),
    (("contact_group",), ("contact_group", "year")),
    (("contact_group",),),
)
"""From what says most to what passes on any day: the demonstration's dates move with today's.

Police services rather than cities: those are what the official counts are of, and ours stands beside them.
"""

_TEXTS = {
    "en": ReleaseTexts(
        "What began as a ticket",
        "People called for help, crossed a street or sat in a car. Somebody asked where they were from, and"
        " the border agency was called. Since then we have written down each such contact that people told us"
        " of, with their consent.\n"
        "These are the contacts of two years, by what the police stopped or met people for.",
        "That police services stop asking about immigration status, and stop calling the border agency.\n"
        "That cities publish how often their services call, every year.",
        "https://example.org/no-questions",
    ),
    "fr": ReleaseTexts(
        "Tout a commencé par une contravention",
        "Des personnes ont appelé à l’aide, traversé une rue ou attendu dans une voiture. On leur a demandé"
        " d’où elles venaient, et l’Agence des services frontaliers a été appelée. Depuis, nous consignons"
        " chacun de ces contacts qu’on nous raconte, avec le consentement des personnes.\n"
        "Voici les contacts de deux années, selon ce qui les a amenés.",
        "Que les services de police cessent de demander le statut d’immigration, et d’appeler l’Agence à ce"
        " sujet.\n"
        "Que les villes publient chaque année le nombre d’appels de leurs services.",
        "https://example.org/sans-questions",
    ),
}


def release_numbers(contexts: Mapping[Role, Context]) -> None:
    """Publish one release of the two last whole years; one that is there already stays."""
    advocate, coordinator = contexts[Role.ADVOCATE], contexts[Role.COORDINATOR]
    views = list_releases(coordinator)
    if any(view.release.frozen for view in views):
        return
    for left_over in views:  # by a run that was interrupted
        discard_release(coordinator, left_over.id, left_over.version)
    release_id = _write(advocate)
    if release_id is None:
        return
    submit_release(advocate, release_id, get_release(advocate, release_id).version)
    seen = preview_release(coordinator, release_id)
    approve_release(coordinator, release_id, get_release(coordinator, release_id).version, seen.mark)


def _write(advocate: Context) -> UUID | None:
    """Write one of such tables as pass; what does not is thrown away."""
    last = advocate.runtime.today().year - 1
    period = Period((last - 1, 1), (last, 4))
    for tables in _TABLES:
        draft = ReleaseDraft(unit="incidents", period=period, tables=tables, texts=_TEXTS)
        release_id = create_release(advocate, draft)
        if preview_release(advocate, release_id).release:
            return release_id
        discard_release(advocate, release_id, get_release(advocate, release_id).version)
    return None
