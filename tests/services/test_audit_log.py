"""The log of every write: a changed, removed or moved entry is found, and so is a row put back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from casework.errors import Tampered
from casework.services import audit as services_audit
from casework.services import cases, incidents
from casework.store.audit import AuditEntry
from casework.store.cases import Case, CaseKey, Incident, Person
from casework.store.database import db
from casework.store.revisions import Revision
from casework.store.written import WrittenRow, describe_row
from casework.vault import audit, auditbody, documents, encoding
from casework.vault.audit import AuditLink
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.audit import links, open_log
from tests.support.records import incident_draft

CHANGES: Mapping[str, Callable[[list[AuditLink]], list[AuditLink]]] = {
    "one removed": lambda log: log[:3] + log[4:],
    "the first removed": lambda log: log[1:],
    "two swapped": lambda log: [*log[:3], log[4], log[3], *log[5:]],
    "two swapped and renumbered": lambda log: [
        *log[:3],
        replace(log[4], sequence=4),
        replace(log[3], sequence=5),
        *log[5:],
    ],
    "one repeated": lambda log: [*log[:3], log[2], *log[3:]],
    "a body changed": lambda log: [*log[:3], replace(log[3], sealed=log[3].sealed + b"x"), *log[4:]],
    "other rows claimed": lambda log: [*log[:3], replace(log[3], rows_hash=b"r" * 32), *log[4:]],
    "a MAC removed": lambda log: [*log[:3], replace(log[3], mac=None), *log[4:]],
    "a hash changed": lambda log: [*log[:3], replace(log[3], hash=b"h" * 32), *log[4:]],
}


def _mac_keys(founded: Founded) -> dict[int, bytes]:
    return {1: founded.context(COORDINATOR).keyring.audit_mac_key(1).key}


def test_a_changed_log_is_found(founded: Founded) -> None:
    """The chain as it is stored holds; with any of these changes it does not."""
    log, keys = links(), _mac_keys(founded)
    audit.verify_chain(log, keys)
    for name, change in CHANGES.items():
        with pytest.raises(Tampered):
            raise AssertionError(f"{name}: {audit.verify_chain(change(log), keys)}")


def test_a_log_that_was_cut_is_found_by_an_anchor(founded: Founded) -> None:
    """The last entries are missed by whoever has noted how far it went."""
    log, keys = links(), _mac_keys(founded)
    anchor = (log[-1].sequence, log[-1].hash)
    audit.verify_chain(log, keys, anchor=anchor)
    with pytest.raises(Tampered):
        audit.verify_chain(log[:-1], keys, anchor=anchor)


def test_a_forged_entry_without_keys_is_found_by_the_next(founded: Founded) -> None:
    """An entry without a MAC passes for one written before sign-in; a member's own cannot be forged."""
    log, keys, roster = links(), _mac_keys(founded), founded.context().roster
    forged = audit.seal_entry(roster.audit_key, None, len(log) + 1, log[-1].hash, b"{}", b"r" * 32)
    link = AuditLink(len(log) + 1, forged.sealed, forged.mac, b"r" * 32, forged.hash)
    head = audit.verify_chain([*log, link], keys)
    assert head.vouched_sequence < head.sequence
    borrowed = next(entry.mac for entry in log if entry.mac)
    chained = audit.entry_hash(link.sequence, log[-1].hash, link.sealed, borrowed, link.rows_hash)
    with pytest.raises(Tampered, match="was written by no member"):
        audit.verify_chain([*log, replace(link, mac=borrowed, hash=chained)], keys)


def test_only_coordinators_read_the_log(founded: Founded) -> None:
    """Everybody writes it; the key that opens it is in no other keyring."""
    for login in (CASEWORKER, ADVOCATE):
        context = founded.context(login)
        assert "audit" not in {compartment for (compartment, _epoch), _key in context.keyring.epoch_keys()}
        with pytest.raises(KeyError):
            open_log(context)


def _rows(logged: incidents.Logged) -> list[WrittenRow]:
    """Describe what logging an incident in a new case wrote, as the database has it now."""
    db.session.remove()
    tables: Sequence[type[Any]] = (CaseKey, Person, Incident)
    found: list[Any] = [db.session.get_one(Case, logged.case_id)]
    for table in tables:
        found += db.session.scalars(select(table).where(table.case_id == logged.case_id))
    return [describe_row(row) for row in found]


def test_an_older_row_put_back_whole_is_found(founded: Founded) -> None:
    """It opens, since it was sealed there once; the entry that wrote the newer one covers another row."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft("First.", people=()))
    older = db.session.execute(select(Incident.__table__)).one()._asdict()
    incidents.change_incident(
        founded.context(CASEWORKER), logged.incident_id, 1, incident_draft("Second.", people=())
    )
    written = [describe_row(db.session.get_one(Incident, logged.incident_id))]
    written.append(describe_row(db.session.get_one(Case, logged.case_id)))
    written.append(describe_row(db.session.scalars(select(Revision)).one()))
    entry = links()[-1]
    audit.check_rows(entry, written)
    with db.engine.begin() as connection:
        connection.execute(update(Incident).values(**older))
    assert cases.get_case(founded.context(CASEWORKER), logged.case_id).incidents[0].narrative.text == "First."
    db.session.remove()
    written[0] = describe_row(db.session.get_one(Incident, logged.incident_id))
    with pytest.raises(Tampered):
        audit.check_rows(entry, written)


@pytest.mark.parametrize("table", [CaseKey, Person, Incident])
def test_every_row_of_a_new_case_is_covered(founded: Founded, table: type[Any]) -> None:
    """The entry fits the rows as they stand, and not with one of them gone."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    entry = links()[-1]
    audit.check_rows(entry, _rows(logged))
    with db.engine.begin() as connection:
        connection.execute(delete(table))
    with pytest.raises(Tampered):
        audit.check_rows(entry, _rows(logged))


def test_every_entry_lists_the_rows_it_wrote(founded: Founded) -> None:
    """Table, id, version and digest, as the database has them; the rows hash agrees, or it does not open."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    listed = open_log(founded.context(COORDINATOR))[-1]["rows"]
    found = [[t, i.hex, v, encoding.to_text(digest)] for t, i, v, digest in _rows(logged)]
    assert listed == sorted(found)
    for link, entry in zip(links(), open_log(founded.context(COORDINATOR)), strict=True):
        assert auditbody.decode(documents.encode(entry), link.rows_hash).rows is not None


def test_no_entry_holds_content(founded: Founded) -> None:
    """Fields are ids and counts: no name, text or code."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft("A text."))
    for entry in open_log(founded.context(COORDINATOR)):
        assert set(entry) == {"schema", "event", "member", "at", "fields", "rows"}
        assert entry["event"] in services_audit.EVENTS
        assert "A text" not in str(entry) and "traffic_stop" not in str(entry)
    assert db.session.scalar(select(AuditEntry.sequence).limit(1)) == 1
