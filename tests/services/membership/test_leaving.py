"""A member leaves: at once, with everything they could open, and nothing of anybody's work is lost."""

import pytest

from casework.errors import Conflict, Forbidden, Invalid, NotFound, UnknownKey, WrongPassphrase
from casework.services import cases, incidents
from casework.services.casekeyring import open_case_keys
from casework.services.lists import Filter, list_cases
from casework.services.membership import leaving, rotation
from casework.services.membership.members import list_former_members, list_members, name_everybody
from casework.services.signing_in import authentication, sessions
from casework.store import cases as store
from casework.store import members as members_store
from casework.store import volatile
from casework.store.database import db
from casework.vault.casekey import birth_epoch
from casework.vault.fields import INCIDENT_CODED, Compartment
from casework.vault.identity import MemberSecret
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft


def revoke(founded: Founded, login: str = CASEWORKER, successor: str | None = COLLEAGUE) -> None:
    """Let the coordinator end a membership."""
    taker = founded.players[successor].id if successor else None
    leaving.revoke_member(founded.context(), founded.players[login].id, taker)


def test_who_has_left_is_out_at_once(founded: Founded) -> None:
    """The open session, the passphrase and the seals are gone, and the others see no member any more."""
    player = founded.players[CASEWORKER]
    cookie = sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))
    revoke(founded)
    assert sessions.resolve(founded.runtime, cookie) is None
    with pytest.raises(WrongPassphrase):
        authentication.sign_in(founded.runtime, player.login, player.passphrase)
    row = members_store.find_member(player.id)
    assert row is not None and row.seed_sealed == b"" and not members_store.list_epoch_seals(player.id)
    assert player.id not in {one.id for one in list_members(founded.context(COLLEAGUE))}
    assert [one.id for one in list_former_members(founded.context())] == [player.id]


def test_a_seed_that_is_put_back_opens_nothing(founded: Founded) -> None:
    """Whoever writes the old row back into the database signs in as nobody."""
    player = founded.players[CASEWORKER]
    row = members_store.find_member(player.id)
    assert row is not None
    kept = row.seed_sealed, row.seed_version
    revoke(founded)
    row = members_store.find_member(player.id)
    assert row is not None
    row.seed_sealed, row.seed_version = kept
    db.session.commit()
    with pytest.raises(WrongPassphrase):
        authentication.sign_in(founded.runtime, player.login, player.passphrase)
    with pytest.raises(NotFound):
        founded.context(CASEWORKER)


def test_open_cases_go_to_the_successor(founded: Founded) -> None:
    """Each of them, team-only ones too; the case stays readable, and names who accompanies it."""
    owner, taker = founded.context(CASEWORKER), founded.players[COLLEAGUE].id
    plain = incidents.log_incident(owner, incident_draft())
    teams = incidents.log_incident(owner, incident_draft(team_only=True))
    assert leaving.look_at_leaving(founded.context(), owner.member_id).open_cases == 2
    revoke(founded)
    colleague = founded.context(COLLEAGUE)
    for logged in (plain, teams):
        case = cases.get_case(colleague, logged.case_id)
        assert case.facts.responsible == taker and case.people[0].identity.name
    assert list_cases(colleague, Filter(mine=True)).total == 2
    assert owner.member_id not in cases.get_case(colleague, teams.case_id).team


def test_nobody_leaves_open_cases_behind(founded: Founded) -> None:
    """Without a successor, or with one who may open no case, nothing happens."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    for successor in (None, ADVOCATE, CASEWORKER):
        with pytest.raises(Invalid) as refused:
            revoke(founded, successor=successor)
        assert set(refused.value.faults) == {"successor"}
    assert founded.context(CASEWORKER).roles


def test_the_last_coordinator_cannot_leave(founded: Founded) -> None:
    """Nobody ends their own membership, nor one that has ended, nor a stranger's."""
    with pytest.raises(NotFound):
        revoke(founded, COORDINATOR)
    revoke(founded, ADVOCATE, None)
    with pytest.raises(NotFound):
        revoke(founded, ADVOCATE, None)
    with pytest.raises(Forbidden):
        leaving.revoke_member(founded.context(COLLEAGUE), founded.players[CASEWORKER].id, None)


def test_only_what_they_could_read_begins_anew(founded: Founded) -> None:
    """An advocate's leaving rotates two compartments, and wraps no case key anew."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    revoke(founded, ADVOCATE, None)
    epochs = founded.context().roster.write_epochs
    rotated = {compartment for compartment, epoch in epochs.items() if epoch == 2}
    assert rotated == {Compartment.SHARED, Compartment.CODED}
    assert rotation.look_at_rotation(founded.context()).waiting == 0


def test_the_old_keyring_opens_nothing_written_since(founded: Founded) -> None:
    """Neither coded facts nor names and narratives, of old cases and of new ones."""
    old = founded.context(CASEWORKER)
    logged = incidents.log_incident(old, incident_draft())
    revoke(founded)
    new = founded.context(COLLEAGUE)
    added = incidents.log_incident(new, incident_draft("Came again."), logged.case_id)
    row = store.find_record(store.Incident, added.incident_id)
    assert row is not None
    with pytest.raises(UnknownKey):
        old.keyring.open(INCIDENT_CODED, row.id, row.coded_version, row.coded_sealed)
    generations = {(key.compartment, key.generation) for key in store.list_case_keys(logged.case_id)}
    assert {birth_epoch(generation) for _compartment, generation in generations} == {1, 2}
    with pytest.raises(UnknownKey):
        open_case_keys(old, logged.case_id)


def test_a_write_that_was_under_way_meets_the_new_epoch(founded: Founded) -> None:
    """Whoever still holds a context from before is told to begin anew; nothing is written under old keys."""
    before = founded.context(COLLEAGUE)
    revoke(founded)
    with pytest.raises(Conflict):
        incidents.log_incident(before, incident_draft())
    incidents.log_incident(founded.context(COLLEAGUE), incident_draft())


def test_others_stay_signed_in(founded: Founded) -> None:
    """A colleague's session finds its new keys by itself."""
    player = founded.players[COLLEAGUE]
    cookie = sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))
    revoke(founded)
    found = sessions.resolve(founded.runtime, cookie)
    assert not isinstance(found, sessions.Locked) and found is not None
    assert found.keyring.write_epoch(Compartment.NARRATIVE) == 2
    assert volatile.has_open_session()


def test_a_restricted_case_goes_to_somebody_who_is_named(founded: Founded) -> None:
    """To the successor if they are, else to another; the names of who left stay known."""
    owner = founded.context(CASEWORKER)
    named = frozenset({owner.member_id, founded.players[COORDINATOR].id})
    logged = incidents.log_incident(owner, incident_draft(restricted=True, team=named))
    revoke(founded)
    case = cases.get_case(founded.context(COORDINATOR), logged.case_id)
    assert case.facts.responsible == founded.players[COORDINATOR].id
    names = name_everybody(founded.context(COLLEAGUE))
    assert names[owner.member_id] == "Ines"
    assert names.keys() > {one.id for one in list_members(founded.context(COLLEAGUE))}
