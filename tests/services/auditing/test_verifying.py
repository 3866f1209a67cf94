"""Verifying finds whatever was done to a row or to an entry past the services, and names it."""

from typing import Any

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from casework.errors import Forbidden
from casework.services import audit as services_audit
from casework.services.auditing.findings import Fault, Finding
from casework.services.auditing.verifying import verify_log
from casework.store.audit import AuditEntry
from casework.store.database import db
from casework.store.head import WriteHead, find_head
from casework.store.written import describe_columns
from casework.vault import audit as vault_audit
from casework.vault import auditbody
from casework.vault.auditbody import AuditBody, RowMark
from tests.services.deeds import DEEDS
from tests.support import tampering
from tests.support.application import ADVOCATE, CASEWORKER, Founded, Template
from tests.support.audit import links
from tests.support.stocked import Stock

ENTRIES: Any = AuditEntry.__table__
HEAD: Any = WriteHead.__table__


@pytest.mark.parametrize("login", [CASEWORKER, ADVOCATE])
def test_only_coordinators_verify(founded: Founded, login: str) -> None:
    """Others hold no key of the log."""
    with pytest.raises(Forbidden):
        verify_log(founded.context(login))


@pytest.fixture
def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
    """What `filled` has was done once."""
    return stocked(template, tampering.fill) if "filled" in request.fixturenames else template


@pytest.fixture
def filled(founded: Founded) -> Founded:
    """An organization with a row in every table."""
    return founded


@pytest.mark.parametrize("name", ["case_access", "draft", "member", "roster_entry"])
@pytest.mark.both_databases
def test_tampering_with_a_row_is_found_on_both_databases(filled: Founded, name: str) -> None:
    """As tests/faults/test_audit_tampering.py does with every table on one."""
    table, context = db.metadata.tables[name], filled.context()
    row = tampering.find_row(table)
    assert tampering.verify(context).findings == ()
    for fault, tamper in tampering.KINDS.items():
        place, found = tamper(context, table, row)
        assert place is None or found == fault, (fault, found)


def _entry(sequence: int) -> dict[str, Any]:
    with db.engine.connect() as connection:
        return connection.execute(select(ENTRIES).where(ENTRIES.c.sequence == sequence)).one()._asdict()


def _entry_faults(founded: Founded) -> set[tuple[Fault, int, int]]:
    found = verify_log(founded.context()).findings
    return {(one.fault, one.sequence, one.until) for one in found if not one.table}


@pytest.mark.parametrize("column", ["entry_sealed", "rows_hash", "mac", "hash"])
def test_a_changed_entry_is_named_alone(founded: Founded, column: str) -> None:
    """Whatever column of it: the ones after it still follow."""
    changed = _entry(5)
    tampering.write_raw(ENTRIES, changed | {column: tampering.other(changed[column])})
    assert _entry_faults(founded) == {(Fault.ENTRY_CHANGED, 5, 5)}


def test_an_entry_without_its_mac_is_changed(founded: Founded) -> None:
    """Its hash covers the MAC too."""
    tampering.write_raw(ENTRIES, _entry(5) | {"mac": None})
    assert _entry_faults(founded) == {(Fault.ENTRY_CHANGED, 5, 5)}


def test_removed_entries_are_named_and_what_follows_is_unproven(founded: Founded) -> None:
    """The next one names a hash that is gone, so it can be neither checked nor read."""
    with db.engine.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.sequence.in_([4, 5, 6])))
    assert _entry_faults(founded) == {(Fault.ENTRY_MISSING, 4, 6), (Fault.ENTRY_UNPROVEN, 7, 7)}


def test_a_log_without_its_beginning_is_named(founded: Founded) -> None:
    """No entry says that the oldest had expired."""
    with db.engine.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.sequence < 4))
    assert _entry_faults(founded) == {(Fault.ENTRY_MISSING, 1, 3), (Fault.ENTRY_UNPROVEN, 4, 4)}


def test_swapped_entries_are_named(founded: Founded) -> None:
    """Both, in the place where they now stand; and the next, which follows a hash that stands elsewhere."""
    first, second = _entry(5), _entry(6)
    tampering.write_raw(ENTRIES, first | {"sequence": 6})
    tampering.write_raw(ENTRIES, second | {"sequence": 5})
    assert _entry_faults(founded) == {(Fault.ENTRY_CHANGED, 5, 7)}


def test_a_log_cut_short_is_found_by_its_head(founded: Founded) -> None:
    """The row that writers lock knows how far it went."""
    last = links()[-1].sequence
    with db.engine.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.sequence > last - 2))
    assert _entry_faults(founded) == {(Fault.LOG_CUT, last - 1, last)}


def test_a_log_cut_short_with_its_head_is_found_by_an_anchor(founded: Founded) -> None:
    """An entry that was noted elsewhere has to be there, as it was."""
    log = links()
    noted, kept = (log[-1].sequence, log[-1].hash), log[-3]
    assert verify_log(founded.context(), [noted]).anchored == noted[0]
    with db.engine.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.sequence > kept.sequence))
        connection.execute(HEAD.update().values(audit_sequence=kept.sequence, audit_hash=kept.hash))
    context = founded.context()
    cut = verify_log(context, [noted]).findings
    assert {(one.fault, one.until) for one in cut if not one.table} == {(Fault.LOG_CUT, noted[0])}
    for _ in range(3):  # it grows again, past the noted one
        verify_log(context)
    rewritten = verify_log(context, [noted]).findings
    assert Finding(Fault.LOG_REWRITTEN, noted[0], noted[0]) in rewritten


def _append(founded: Founded, event: str, rows: tuple[RowMark, ...]) -> int:
    """Append an entry as whoever holds the database can: the audit key is public, the MAC key is not."""
    log, context = links(), founded.context()
    body = auditbody.encode(AuditBody(event, None, founded.runtime.now(), {}, rows))
    rows_hash, sequence = vault_audit.hash_rows(rows), log[-1].sequence + 1
    made = vault_audit.seal_entry(context.roster.audit_key, None, sequence, log[-1].hash, body, rows_hash)
    with db.engine.begin() as connection:
        connection.execute(
            insert(ENTRIES).values(
                sequence=sequence, entry_sealed=made.sealed, rows_hash=rows_hash, mac=None, hash=made.hash
            )
        )
        connection.execute(HEAD.update().values(audit_sequence=sequence, audit_hash=made.hash))
    return sequence


@pytest.mark.parametrize("event", ["incident.changed", "draft.kept"])
def test_an_entry_without_keys_explains_no_record(filled: Founded, event: str) -> None:
    """Who changes a record and forges the entry that says so is found by both, even once others went on."""
    table = db.metadata.tables["incident"]
    changed = tampering.change_column(table, tampering.find_row(table))
    assert changed is not None
    tampering.write_raw(table, changed)
    version, digest = changed["version"], describe_columns("incident", ["id"], changed)[3]
    forged = _append(filled, event, (RowMark("incident", changed["id"], version, digest),))
    context = filled.context()
    verify_log(context)  # a member's entry follows, and vouches for the chain
    found = verify_log(context).findings
    assert Finding(Fault.ENTRY_FORGED, forged, forged) in found
    assert [one.fault for one in found if one.table] == [Fault.ROW_CHANGED]


def test_what_comes_after_a_member_is_not_vouched_for(founded: Founded) -> None:
    """The report says up to where a key reaches."""
    verify_log(founded.context())
    last = links()[-1].sequence
    _append(founded, "draft.kept", ())
    report = verify_log(founded.context())
    assert report.findings == () and (report.vouched, report.last) == (last, last + 1)


def test_an_entry_beyond_the_head_is_named(founded: Founded) -> None:
    """Where the row that ends the log was put back and the log was not."""
    before = links()[-2]
    with db.engine.begin() as connection:
        connection.execute(HEAD.update().values(audit_sequence=before.sequence, audit_hash=before.hash))
    with pytest.raises(IntegrityError):
        verify_log(founded.context())


def test_without_keys_only_its_own_tables_are_written(founded: Founded) -> None:
    """A service that would write more without keys is stopped before it does."""
    services_audit.check_keyless("draft.kept", [RowMark("draft", founded.players[CASEWORKER].id, 1, b"")])
    for event, table in (("draft.kept", "member"), ("case.read", "draft")):
        with pytest.raises(ValueError, match="without keys"):
            services_audit.check_keyless(event, [RowMark(table, founded.players[CASEWORKER].id, 1, b"")])


def test_progress_is_told(founded: Founded) -> None:
    """From nothing to all, never back."""
    told: list[tuple[int, int]] = []
    verify_log(founded.context(), advance=lambda done, total: told.append((done, total)))
    assert told == sorted(told) and told[-1][0] == told[-1][1] > 0


def test_writers_go_on_while_it_is_verified(filled: Founded) -> None:
    """It looks at one moment: what is written meanwhile, and its entry, come later."""
    wrote: list[int] = []

    def write(_done: int, _total: int) -> None:
        if not wrote:
            wrote.append(1)
            with filled.app.app_context():
                DEEDS["incident.logged"](filled).act()

    before = find_head().audit_sequence
    db.session.rollback()
    report = verify_log(filled.context(), advance=write)
    assert wrote and report.findings == () and report.last == before
