"""Restricted cases against thieves, insiders and who was withdrawn: from files on disk, and from within."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update

from casework.errors import CaseworkError, Tampered, UnknownKey
from casework.services import cases, incidents, lists
from casework.services.incidents import Logged
from casework.services.restricted import restricting
from casework.store.cases import Case, CaseAccess, CaseKey, Incident, Person
from casework.store.database import db
from casework.store.restricted import CaseKeySeal
from casework.vault.compartments import RECOVERY_ID
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.restricted import seal_wrapped_key
from tests.faults import loot
from tests.faults.forgery import execute, restart
from tests.faults.test_leftovers import files_of
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.dump import dump_tables
from tests.support.records import incident_draft

SECRET = "Told behind a closed door."


def _log(founded: Founded, *named: str) -> Logged:
    team = frozenset(founded.players[login].id for login in named)
    return incidents.log_incident(
        founded.context(CASEWORKER), incident_draft(SECRET, restricted=True, team=team)
    )


def _steal(founded: Founded, to: Path) -> Path:
    """Copy the files of the running server."""
    folder = Path(db.engine.url.database or "").parent
    shutil.copytree(folder, to)
    return to


def _texts_of(founded: Founded, case_id: UUID) -> set[UUID]:
    db.session.rollback()
    people = db.session.scalars(select(Person.id).where(Person.case_id == case_id))
    told = db.session.scalars(select(Incident.id).where(Incident.case_id == case_id))
    return {*people, *told}


def _opened(founded: Founded, folder: Path, logins: Iterable[str]) -> dict[UUID, bytes]:
    words = [founded.players[login].passphrase for login in logins]
    return loot.open_texts(folder, loot.find_seeds(folder, words))


def test_a_dump_opens_to_the_named_alone(founded: Founded, tmp_path: Path) -> None:
    """Host key and passphrases of everybody else, a coordinator's with them, open none of its texts."""
    plain = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    logged, later = (
        _log(founded, COLLEAGUE),
        incidents.log_incident(founded.context(CASEWORKER), incident_draft()),
    )
    restricting.restrict(founded.context(CASEWORKER), later.case_id, 1, frozenset())
    folder = _steal(founded, tmp_path / "stolen")
    theirs, restricted = _texts_of(founded, plain.case_id), _texts_of(founded, logged.case_id)
    alone = _texts_of(founded, later.case_id)
    assert _opened(founded, folder, [COORDINATOR, ADVOCATE]).keys() == theirs
    assert _opened(founded, folder, [COLLEAGUE, COORDINATOR]).keys() == theirs | restricted
    opened = _opened(founded, folder, [CASEWORKER])
    assert opened.keys() == theirs | restricted | alone
    assert any(SECRET.encode() in text for text in opened.values())


def test_a_quorum_opens_it_too(founded: Founded, tmp_path: Path) -> None:
    """The recovery key alone opens everything, without host key or passphrase."""
    logged = _log(founded)
    folder = _steal(founded, tmp_path / "stolen")
    recovery = {RECOVERY_ID: MemberSecret(founded.players[COORDINATOR].recovery_seed)}
    assert loot.open_texts(folder, recovery).keys() >= _texts_of(founded, logged.case_id)


def test_who_was_withdrawn_opens_nothing_written_since(founded: Founded, tmp_path: Path) -> None:
    """With dumps of before and after: the keys of before fit nothing any more, what was there neither."""
    logged, gone = _log(founded, COLLEAGUE), founded.players[COLLEAGUE].id
    before = _steal(founded, tmp_path / "before")
    restricting.withdraw(founded.context(CASEWORKER), logged.case_id, 1, gone)
    incidents.log_incident(founded.context(CASEWORKER), incident_draft("Since."), logged.case_id)
    after = _steal(founded, tmp_path / "after")
    words = [founded.players[login].passphrase for login in (COLLEAGUE, COORDINATOR)]
    seeds = loot.find_seeds(before, words)
    known = loot.find_case_keys(before, seeds)
    assert loot.open_texts(before, seeds) and known
    assert loot.open_texts(after, seeds, lent=known) == {}


def test_no_file_keeps_the_keys_of_before(founded: Founded) -> None:
    """What was wrapped, or sealed to who is withdrawn, is in neither the database nor its log."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    wrapped = list(db.session.scalars(select(CaseKey.key_sealed)))
    db.session.rollback()
    assert all(key in files_of() for key in wrapped)
    gone = founded.players[COLLEAGUE].id
    restricting.restrict(founded.context(CASEWORKER), logged.case_id, 1, frozenset({gone}))
    sealed = list(db.session.scalars(select(CaseKeySeal.key_sealed)))
    db.session.rollback()
    assert not any(key in files_of() for key in wrapped)
    restricting.withdraw(founded.context(CASEWORKER), logged.case_id, 2, gone)
    assert not any(key in files_of() for key in sealed)


@pytest.fixture
def logged(founded: Founded) -> Iterator[Logged]:
    """A restricted case of the caseworker's and the colleague's, and a plain one."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    yield _log(founded, COLLEAGUE)


def _planted(founded: Founded, logged: Logged, keyring_of: str = "") -> bytes:
    """Seal a key of the attacker's own to the caseworker: with a compartment's key, or without any."""
    place = logged.case_id, Compartment.NARRATIVE, 2
    wrapped = b"\1\1\0\0\0\1" + bytes(60)
    if keyring_of:
        wrapped = founded.context(keyring_of).keyring.new_case_key(*place)[1]
    victim = founded.players[CASEWORKER]
    return seal_wrapped_key(MemberSecret(victim.seed).public, victim.id, *place, wrapped)


def _attacks(founded: Founded, logged: Logged) -> Mapping[str, tuple[list[object], type[CaseworkError]]]:
    victim, insider = founded.players[CASEWORKER].id, founded.players[COORDINATOR].id
    row = {"case_id": logged.case_id, "compartment": "narrative", "recipient_id": victim}
    mine = CaseKeySeal.case_id == logged.case_id, CaseKeySeal.recipient_id == victim
    wrapped = founded.context(COORDINATOR).keyring.new_case_key(logged.case_id, Compartment.NARRATIVE)[1]
    case = update(Case).where(Case.id == logged.case_id)
    plant = insert(CaseKeySeal).values(**row, generation=2, key_sealed=_planted(founded, logged))
    inside = insert(CaseKeySeal).values(
        **row, generation=2, key_sealed=_planted(founded, logged, COORDINATOR)
    )
    of_case = {"case_id": logged.case_id, "compartment": "narrative", "generation": 1}
    return {
        "a key planted without the compartment's key": ([plant], Tampered),
        "a key planted by an insider": ([inside], Tampered),
        "the only key replaced by an insider's": (
            [delete(CaseKeySeal).where(*mine, CaseKeySeal.compartment == "narrative"), inside],
            UnknownKey,
        ),
        "a wrap beside the seals": ([insert(CaseKey).values(**of_case, key_sealed=wrapped)], Tampered),
        "one more name": (
            [insert(CaseAccess).values(case_id=logged.case_id, member_id=insider)],
            Tampered,
        ),
        "the list of names taken away": ([case.values(named_sealed=None)], Tampered),
        "the restriction taken off": ([case.values(restricted=False)], UnknownKey),
        "the restriction taken off, with a key of the insider's": (
            [case.values(restricted=False), insert(CaseKey).values(**of_case, key_sealed=wrapped)],
            Tampered,
        ),
        "a key of no compartment": (
            [update(CaseKeySeal).where(*mine, CaseKeySeal.compartment == "identity").values(compartment="x")],
            Tampered,
        ),
    }


@pytest.mark.parametrize("number", range(9))
def test_what_was_planted_is_refused(founded: Founded, logged: Logged, number: int) -> None:
    """By name, to who is named; nothing is written, nobody else is let in, and lists go on."""
    name, (statements, error) = list(_attacks(founded, logged).items())[number]
    for statement in statements:
        execute(statement)
    restart(founded)
    before = dump_tables()
    with pytest.raises(error):
        cases.get_case(founded.context(CASEWORKER), logged.case_id)
        pytest.fail(name)
    with pytest.raises(CaseworkError):
        cases.get_case(founded.context(COORDINATOR), logged.case_id)
    assert dump_tables() == before
    for login in (CASEWORKER, COORDINATOR):
        assert lists.list_incidents(founded.context(login), lists.Filter(mine=False, text="teodor")).total
        assert not lists.list_incidents(
            founded.context(COORDINATOR), lists.Filter(mine=False, text="door")
        ).total


def test_somebody_named_by_a_row_alone_gets_no_key(founded: Founded, logged: Logged) -> None:
    """Who writes to the database cannot make the next new keys be sealed to them."""
    insider = founded.players[COORDINATOR].id
    execute(insert(CaseAccess).values(case_id=logged.case_id, member_id=insider))
    for deed in (restricting.grant, restricting.withdraw):
        with pytest.raises(Tampered):
            deed(founded.context(CASEWORKER), logged.case_id, 1, founded.players[COLLEAGUE].id)
    with pytest.raises(Tampered):
        incidents.log_incident(founded.context(CASEWORKER), incident_draft(), logged.case_id)
    assert not db.session.scalars(select(CaseKeySeal).where(CaseKeySeal.recipient_id == insider)).all()
