"""Verify: every sealed column is covered, and what is hurt is named by table and row."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from casework.domain.person import PersonFacts, PersonIdentity
from casework.errors import Forbidden
from casework.services.cases import get_case
from casework.services.incidents import log_incident
from casework.services.merging.merging import merge
from casework.services.restricted.restricting import restrict
from casework.services.verifying.checking import Failure, Result, sealed_columns
from casework.services.verifying.live import verify_live
from casework.services.verifying.openers import OPENERS
from casework.store.audit import AuditEntry
from casework.store.cases import CaseKey, Incident, Person
from casework.store.database import db
from tests.support.application import ADVOCATE, CASEWORKER, Founded
from tests.support.audit import open_log
from tests.support.records import incident_draft, person_draft

HOW = (
    "has no opener in casework/services/verifying/openers.py. Add one: which key opens it, for a coordinator "
    "and for a quorum, so that verify finds it hurt before it is needed."
)


def test_every_sealed_column_is_opened() -> None:
    """A new sealed column has to say how it is opened, or this fails and says how."""
    columns = {f"{table.name}.{column.name}" for table, columns in sealed_columns() for column in columns}
    for column in columns:
        assert column in OPENERS, f"{column} {HOW}"
    assert set(OPENERS) == columns


def verified(founded: Founded) -> tuple[Result, list[Failure]]:
    """Verify as a coordinator."""
    failures: list[Failure] = []
    done: list[int] = []
    result = verify_live(founded.context(), done.append, failures.append, lambda count: done.append(-count))
    assert sum(done) == 0 or failures
    assert result.failures == len(failures)
    return result, failures


@pytest.fixture
def incident_id(founded: Founded) -> UUID:
    """An incident among others."""
    people = (person_draft(), person_draft("Zoë Ng"))
    logged = log_incident(founded.context(CASEWORKER), incident_draft(people=people))
    log_incident(founded.context(CASEWORKER), incident_draft())
    return logged.incident_id


def test_a_sound_database_has_no_failure(founded: Founded, incident_id: UUID) -> None:
    """Everything that a coordinator can open was opened; the log says so."""
    result, failures = verified(founded)
    assert failures == []
    assert result.opened > 40
    assert result.closed > 0
    entry = open_log(founded.context())[-1]
    assert (entry["event"], entry["fields"]) == ("database.verified", {"failures": 0})


def test_a_restricted_case_is_others_alone(founded: Founded, incident_id: UUID) -> None:
    """A coordinator who is not named in it opens what is coded, and nothing of it counts as hurt."""
    case_id = db.session.get_one(Incident, incident_id).case_id
    version = get_case(founded.context(CASEWORKER), case_id).version
    before, _failures = verified(founded)
    restrict(founded.context(CASEWORKER), case_id, version, frozenset())
    after, failures = verified(founded)
    assert failures == []
    assert after.closed > before.closed


def test_only_coordinators_verify(founded: Founded) -> None:
    """The names of tables and rows are nobody else's."""
    for login in (CASEWORKER, ADVOCATE):
        with pytest.raises(Forbidden):
            verify_live(founded.context(login), print, print, print)


def _flip(sealed: bytes) -> bytes:
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


def _narrative(incident_id: UUID) -> None:
    row = db.session.get_one(Incident, incident_id)
    row.narrative_sealed = _flip(row.narrative_sealed)


def _coded(incident_id: UUID) -> None:
    row = db.session.get_one(Incident, incident_id)
    row.coded_version += 1


def _key(incident_id: UUID) -> None:
    case_id = db.session.get_one(Incident, incident_id).case_id
    db.session.execute(
        update(CaseKey)
        .where(CaseKey.case_id == case_id, CaseKey.compartment == "identity")
        .values(key_sealed=b"")
        .execution_options(unlisted=True)
    )


def _entry(_incident_id: UUID) -> None:
    row = db.session.get_one(AuditEntry, 3)
    row.entry_sealed = _flip(row.entry_sealed)


def _log_end(_incident_id: UUID) -> None:
    db.session.execute(
        text("DELETE FROM audit_entry WHERE sequence = (SELECT max(sequence) FROM audit_entry)")
    )


HURT: list[tuple[Callable[[UUID], None], set[tuple[str, str]]]] = [
    (_narrative, {("incident", "narrative_sealed")}),
    (_coded, {("incident", "coded_sealed")}),
    (_key, {("case_key", "key_sealed"), ("person", "identity_sealed")}),
    (_entry, {("audit_entry", "entry_sealed")}),
    (_log_end, {("audit_entry", "")}),
]


@pytest.mark.parametrize(("hurt", "named"), HURT, ids=[hurt.__name__ for hurt, _named in HURT])
def test_what_is_hurt_is_named(
    founded: Founded, incident_id: UUID, hurt: Callable[[UUID], None], named: set[tuple[str, str]]
) -> None:
    """By table, row and column; what does not depend on it is not."""
    context = founded.context()
    db.session.rollback()
    hurt(incident_id)
    db.session.commit()
    failures: list[Failure] = []
    verify_live(context, lambda _total: None, failures.append, lambda _count: None)
    assert {(failure.table, failure.column) for failure in failures} == named
    for failure in failures:
        if failure.table == "incident":
            assert failure.row == str(incident_id)
            assert str(incident_id) in str(failure)


def test_a_person_without_a_case_key_is_named(founded: Founded, incident_id: UUID) -> None:
    """Each person of the case, by their own id."""
    context = founded.context()
    case_id = db.session.get_one(Incident, incident_id).case_id
    people = {str(row.id) for row in db.session.query(Person).filter(Person.case_id == case_id)}
    db.session.execute(text("DELETE FROM case_key WHERE compartment = 'identity'"))
    db.session.commit()
    failures: list[Failure] = []
    verify_live(context, lambda _total: None, failures.append, lambda _count: None)
    assert people <= {failure.row for failure in failures if failure.table == "person"}


@pytest.mark.parametrize("of_one_set_aside", [True, False])
def test_who_is_set_aside_in_plain_alone_is_named(
    founded: Founded, incident_id: UUID, of_one_set_aside: bool
) -> None:
    """Whoever writes to the database can hide a person, or bring one back, but not without a trace."""
    one, other = db.session.scalars(select(Person.id).where(Person.case_id == _case_of(incident_id)))
    merge(founded.context(CASEWORKER), (one, other), (1, 1), PersonFacts(), PersonIdentity(name="Zoë"))
    assert verified(founded)[1] == []
    lies_aside = of_one_set_aside
    row = db.session.scalars(select(Person.id).where(Person.set_aside.is_(lies_aside))).first()
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(update(Person).where(Person.id == row).values(set_aside=not lies_aside))
    (failure,) = verified(founded)[1]
    assert (failure.table, failure.row) == ("person", str(row))


def _case_of(incident_id: UUID) -> UUID:
    return db.session.get_one(Incident, incident_id).case_id
