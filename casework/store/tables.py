"""All tables, so that the migrations and the volatile database know them."""

from sqlalchemy import Inspector, Table, inspect

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
    releases,
    restoration,
    revisions,
    stories,
    uploads,
    volatile,
)
from casework.store.database import db

__all__ = [
    "attachments",
    "attempts",
    "audit",
    "backups",
    "bundles",
    "cases",
    "create_volatile",
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
    "organization",
    "ownterms",
    "patterns",
    "policies",
    "releases",
    "restoration",
    "revisions",
    "stories",
    "uploads",
    "volatile",
]


def create_volatile() -> None:
    """Make the volatile tables where they are not, and anew where an older casework made them otherwise.

    They go with the machine's memory, so nothing migrates them: whoever was signed in signs in again.
    """
    wanted = db.metadatas["volatile"].sorted_tables
    with db.engines["volatile"].connect() as connection:
        found = inspect(connection)
        there = set(found.get_table_names())
        otherwise = any(_is_otherwise(table, found) for table in wanted if table.name in there)
    if otherwise:
        db.drop_all(bind_key="volatile")
    if otherwise or not there.issuperset(table.name for table in wanted):
        db.create_all(bind_key="volatile")


def _is_otherwise(table: Table, found: Inspector) -> bool:
    return {column["name"] for column in found.get_columns(table.name)} != set(table.columns.keys())
