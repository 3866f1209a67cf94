"""All tables and volatile records, so that the migrations and the volatile store know them."""

from casework.store import (
    attachments,
    attempts,
    audit,
    backups,
    bundles,
    cases,
    dismissals,
    drafts,
    erasures,
    factindex,
    followups,
    head,
    imports,
    links,
    members,
    official,
    organization,
    ownterms,
    patterns,
    policies,
    previews,
    releases,
    restoration,
    revisions,
    stories,
    uploads,
    volatile,
)
from casework.store.volatilesqlite import SqliteStore
from casework.store.volatilestore import VolatileStore

__all__ = [
    "attachments",
    "attempts",
    "audit",
    "backups",
    "bundles",
    "cases",
    "dismissals",
    "drafts",
    "erasures",
    "factindex",
    "followups",
    "head",
    "imports",
    "links",
    "members",
    "official",
    "open_volatile",
    "organization",
    "ownterms",
    "patterns",
    "policies",
    "previews",
    "releases",
    "restoration",
    "revisions",
    "stories",
    "uploads",
    "volatile",
]


def open_volatile(url: str) -> VolatileStore:
    """Return the volatile store that an address names; a Redis is not asked for anything yet."""
    if url.startswith("sqlite:"):
        return SqliteStore(url)
    from casework.store.volatileredis import RedisStore  # costs memory: loaded where it is used

    return RedisStore(url)
