"""The migrated schema is the one that the models describe, on both databases."""

from dataclasses import fields

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Column, Connection, LargeBinary, Table, inspect, text

from casework.store.cases import Case, Incident, Person, coded_columns
from casework.store.database import UtcDateTime, db
from casework.store.volatilestore import kinds


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "compare_server_default": True,
            "target_metadata": db.metadatas[None],
            "include_name": lambda name, kind, _parents: (kind, name) != ("table", "alembic_version"),
        },
    )
    return list(compare_metadata(context, db.metadatas[None]))


def test_migrations_lead_to_the_models(app: Flask) -> None:
    """Every table, column, type, index and constraint; `flask db migrate` would write nothing."""
    with db.engine.connect() as connection:
        assert _differences(connection) == []


@pytest.mark.parametrize("change", ["DROP TABLE imported_row", "ALTER TABLE draft ADD COLUMN subject TEXT"])
def test_a_difference_would_be_found(app: Flask, change: str) -> None:
    """The control: a table or a column more or less is named."""
    with db.engine.begin() as connection:
        connection.execute(text(change))
    with db.engine.connect() as connection:
        assert len(_differences(connection)) >= 1


def _columns() -> list[tuple[Table, Column[object]]]:
    return [(table, column) for table in db.metadata.sorted_tables for column in table.columns]


def _names() -> list[str]:
    """Return every column of a table, and every value of a volatile record."""
    lasting = [f"{table.name}.{column.name}" for table, column in _columns()]
    return lasting + [f"{kind.kind}.{each.name}" for kind in kinds() for each in fields(kind)]


def test_only_these_columns_are_plain() -> None:
    """What is neither sealed, nor a hash, nor an id, version or time is listed here, with its reason."""
    plain = {
        column
        for column in _names()
        if not column.endswith(("_sealed", "_version", "_hmac", "_hash", "_id", "_at", "_seconds"))
        and column.partition(".")[2] not in {"id", "version", "generation"}
    }
    assert plain == {
        "attempt.tries",  # how many, for an HMAC
        "audit_entry.hash",
        "audit_entry.mac",
        "audit_entry.sequence",
        "backup.is_deleted",  # files of ciphertext, and how large they are
        "backup.is_downloaded",
        "backup.size_bytes",
        "case.restricted",  # beside team_only: which cases are not looked for in the shared texts
        "case.recovery_number",  # as of a draft, where the case is restricted
        "case.has_whole_history",  # whether it is from before there was one
        "case.team_only",  # the services' rule, before anything is opened
        "case_key.compartment",
        "case_key_seal.compartment",
        "draft.kind",  # which form: never what is in it
        "draft.recovery_number",  # since when the recovery key stands that it is sealed to
        "epoch_seal.compartment",
        "epoch_seal.epoch",
        "import_batch.position",  # how far it is
        "import_batch.state",
        "import_batch.undone_generation",
        "imported_row.number",  # its place in its file
        "invitation.invited_by",
        "ledger_entry.number",  # as of the release that it is of
        "known_network.label",  # three bytes of an HMAC, forgotten after two weeks
        "member.public_key",
        "person.set_aside",  # that another record stands for it; which one, and since when, is sealed
        "person_link.is_same",  # what a member said of two ids, which the row names anyway
        "organization.host_key_check",
        "organization.is_demonstration",
        "recovery_seal.compartment",
        "published_story.number",  # that a story was approved, and after how many others
        "release.number",  # that it was approved, and after how many others
        "revision.record",  # that a person changed, or an incident: as their own versions tell
        "recovery_seal.epoch",
        "erasure.signature",  # who erased, which way and when: signed, and nothing of the case
        "roster_entry.body",  # ids, roles, public keys, commitments: signed, and no name
        "roster_entry.number",
        "roster_entry.signature",
        "upload_piece.number",  # which piece of a list that was sent
        "write_head.audit_sequence",
    }


def test_sealed_columns_hold_bytes() -> None:
    """No text type can be sealed into by mistake, and no other column is called sealed."""
    for table, column in _columns():
        if column.name.endswith(("_sealed", "_hmac", "_hash")):
            assert isinstance(column.type, LargeBinary), f"{table.name}.{column.name}"


def test_times_are_coarse_ones_of_operation() -> None:
    """No date of the world stands in a column of its own."""
    timed = {f"{table.name}.{c.name}" for table, c in _columns() if isinstance(c.type, UtcDateTime)}
    assert timed == {
        "attachment.removed_at",
        "backup.expires_at",
        "backup.made_at",
        "case.binned_at",
        "draft.kept_at",
        "erasure.erased_at",
        "erasure.overwritten_at",
        "import_batch.begun_at",
        "invitation.closed_at",
        "invitation.expires_at",
        "organization.sealed_at",
        "restoration.started_at",
        "saved_view.removed_at",
    }


VOLATILE = {"attempt", "bundle", "ceremony", "known_network", "preview", "session", "upload", "upload_piece"}


def test_what_is_volatile_is_not_in_the_lasting_database(app: Flask) -> None:
    """Session seeds never reach a backup."""
    assert {kind.kind for kind in kinds()} == VOLATILE
    assert not set(inspect(db.engine).get_table_names()) & (VOLATILE | {"entry"})


def test_who_reads_what_is_coded_reads_no_other_sealed_column() -> None:
    """A column that is sealed and new is read with what is coded only by whoever says so here."""
    sealed = {
        table: [column.name for column in coded_columns(table) if column.name.endswith("_sealed")]
        for table in (Case, Person, Incident)
    }
    assert all(names == ["coded_sealed"] for names in sealed.values()), sealed
