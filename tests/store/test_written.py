"""What a transaction wrote is remembered row by row, so that its audit entry covers all of it."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select, update

from casework.errors import Tampered
from casework.services import drafts, incidents
from casework.store.audit import AuditEntry
from casework.store.cases import Case, CaseKey, Incident, Person
from casework.store.database import Model, db
from casework.store.drafts import Draft
from casework.store.head import advance_audit, get_generation, lock_head
from casework.store.written import (
    WrittenRow,
    describe_columns,
    describe_row,
    digest_columns,
    forget_written,
    take_written,
)
from casework.vault import audit
from tests.support.application import CASEWORKER, Founded
from tests.support.audit import links
from tests.support.dump import dump_tables
from tests.support.records import incident_draft


def _draft(founded: Founded) -> Draft:
    member_id = founded.players[CASEWORKER].id
    now = founded.runtime.now()
    return Draft(
        id=uuid4(),
        member_id=member_id,
        version=1,
        kind="x",
        kept_at=now,
        content_sealed=b"a",
        recovery_number=1,
    )


def test_new_changed_and_deleted_rows_are_remembered(founded: Founded) -> None:
    """A changed row has another digest, a deleted one none."""
    forget_written()
    row = _draft(founded)
    db.session.add(row)
    [first] = take_written()
    row.content_sealed = b"b"
    [second] = take_written()
    db.session.delete(row)
    [third] = take_written()
    assert first[:2] == second[:2] == third[:2] == ("draft", row.id)
    assert first[3] != second[3] and third[3] == b""


def test_a_row_that_was_not_loaded_is_covered_whole(founded: Founded) -> None:
    """Where only one column of an expired row is set, the others count as they stand."""
    row = _draft(founded)
    db.session.add(row)
    db.session.commit()
    forget_written()
    row.content_sealed = b"b"
    [written] = take_written()
    db.session.expire(row)
    assert written == describe_row(row)


def test_what_did_not_change_is_not_written(founded: Founded) -> None:
    """Setting a column to what it was is no write."""
    row = _draft(founded)
    db.session.add(row)
    db.session.commit()
    forget_written()
    assert row.kind == "x"
    row.kind = "x"
    assert list(take_written()) == []


def test_volatile_rows_are_not_covered(founded: Founded) -> None:
    """A session that begins is no part of the lasting record."""
    forget_written()
    founded.client(CASEWORKER)
    assert list(take_written()) == []


def test_an_entry_s_hash_covers_the_rows_as_they_stand(founded: Founded) -> None:
    """What an incident's logging wrote is what the database holds; a changed column is found."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    link = links()[-1]
    audit.check_rows(link, rows_as_written(founded, logged))
    with db.engine.begin() as connection:
        connection.execute(update(Incident).values(narrative_sealed=b"other"))
    db.session.remove()
    with pytest.raises(Tampered):
        audit.check_rows(link, rows_as_written(founded, logged))


def rows_as_written(founded: Founded, logged: incidents.Logged) -> list[WrittenRow]:
    """Describe the rows that logging an incident in a new case writes, as the database has them now."""
    rows: list[Any] = [db.session.get(Case, logged.case_id), db.session.get(Incident, logged.incident_id)]
    for table in (CaseKey, Person):
        rows += list(db.session.scalars(select(table).where(table.case_id == logged.case_id)))
    return [describe_row(row) for row in rows]


def test_plain_columns_are_described_as_the_row_is(founded: Founded) -> None:
    """Every row of every table: whoever holds the log against the database reads plain columns."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft(team_only=True))
    drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/x", {})
    seen = set()
    for model in Model.__subclasses__():
        table: Any = model.__table__
        for row in db.session.scalars(select(model)):
            columns = db.session.execute(select(table).where(*_names(table, row))).one()._asdict()
            key = [column.name for column in table.primary_key]
            assert describe_columns(table.name, key, columns) == describe_row(row)
            seen.add(table.name)
    assert {"case", "case_access", "case_key", "draft", "incident", "invitation", "member"} <= seen


def _names(table: Any, row: Any) -> list[Any]:
    return [column == getattr(row, column.key) for column in table.primary_key]


def test_a_column_that_is_added_later_changes_no_digest() -> None:
    """Empty in the rows that stand, whatever its type; filled, it counts."""
    before = {"id": uuid4(), "name": b"x", "version": 1}
    for empty in (None, 0, False, b"", ""):
        assert digest_columns(before | {"added": empty}) == digest_columns(before)
    for filled in (1, True, b"0", "0", uuid4()):
        assert digest_columns(before | {"added": filled}) != digest_columns(before)


@pytest.mark.parametrize("write", [update(Incident).values(version=3), delete(Draft), insert(Draft)])
def test_nothing_is_written_past_the_log(founded: Founded, write: Any) -> None:
    """A statement over many rows would change what no entry lists."""
    with pytest.raises(RuntimeError, match="one by one"):
        db.session.execute(write)


def test_the_head_is_drawn_once_per_write(founded: Founded) -> None:
    """Locking draws the next generation, unless it is told not to; rolled back, it was never drawn."""
    before = get_generation()
    db.session.rollback()
    head = lock_head()
    assert head is not None and head.generation == before + 1
    advance_audit(head.audit_sequence + 1, b"x" * 32)
    db.session.rollback()
    assert get_generation() == before
    db.session.rollback()
    untouched = lock_head(draw=False)
    assert untouched is not None and untouched.generation == before
    db.session.rollback()


def test_the_audit_log_is_in_order(founded: Founded) -> None:
    """Sequences run from 1 without a gap, whatever wrote them."""
    drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/x", {})
    sequences = list(db.session.scalars(select(AuditEntry.sequence).order_by(AuditEntry.sequence)))
    assert sequences == list(range(1, len(sequences) + 1))
    assert dump_tables()["audit_entry"][-1][0] == sequences[-1]
