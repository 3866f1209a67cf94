"""All tables, so that the migrations and the volatile database know them."""

from casework.store import (
    audit,
    cases,
    drafts,
    exports,
    head,
    imports,
    members,
    organization,
    patterns,
    volatile,
)
from casework.store.database import db

__all__ = [
    "audit",
    "cases",
    "create_volatile",
    "drafts",
    "exports",
    "head",
    "imports",
    "members",
    "organization",
    "patterns",
    "volatile",
]


def create_volatile() -> None:
    """Make the volatile tables where they are not: they go with the machine's memory, so nothing migrates them."""
    db.create_all(bind_key="volatile")
