"""The emergency seal: what it destroys, what stays, who may put it on, and that it is all or nothing."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from casework.domain.permissions import Role
from casework.errors import Closed, Conflict, Forbidden, Invalid, WrongPassphrase
from casework.services import cases, incidents, sealing
from casework.services.context import Context
from casework.services.membership import invitations
from casework.services.organization import get_organization
from casework.services.sealing import finish_seal, is_stale, look_at_seal, seal_organization
from casework.services.signing_in import authentication, sessions
from casework.services.signing_in.defence import ACCOUNT, ADDRESS
from casework.services.signing_in.passphrases import Choice
from casework.store import volatile
from casework.store.database import db
from casework.store.members import EpochSeal, Invitation, list_invitations, list_members
from casework.store.organization import is_sealed
from casework.store.volatilestore import VolatileAway, list_records
from casework.vault.identity import MemberSecret
from casework.vault.passphrase import seal_seed
from tests.services.test_transactions import BREAKS, ON_POSTGRES, Broken, broken_at
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, ORGANIZATION, Founded
from tests.support.drilling import date_drill, hold_drill
from tests.support.dump import changed_tables, dump_tables
from tests.support.records import incident_draft
from tests.support.secondfactor import SPARE, equip

pytestmark = pytest.mark.both_databases

KEPT = {"case", "case_key", "incident", "person", "recovery_seal", "roster_entry", "pattern"}


@pytest.fixture(autouse=True)
def _drilled(founded: Founded) -> None:
    """The shares were tried today; and passphrases are cheap to try."""
    hold_drill(founded)


def part(founded: Founded) -> Path:
    """Return the file with the erasable half of the host key."""
    return founded.runtime.host_key_files[1]


def seal(founded: Founded) -> None:
    """Seal the organization as its coordinator does."""
    seal_organization(founded.context(), founded.players[COORDINATOR].passphrase, ORGANIZATION)


def test_sealing_destroys_every_way_in(founded: Founded) -> None:
    """Seals to members, sealed seeds, invitations' messages, sessions, and half of the host key."""
    cookie = authentication.sign_in(founded.runtime, CASEWORKER, founded.players[CASEWORKER].passphrase)
    seal(founded)
    db.session.rollback()
    assert is_sealed()
    assert db.session.query(EpochSeal).count() == 0
    assert {member.seed_sealed for member in list_members()} == {b""}
    assert {invitation.message_sealed for invitation in list_invitations()} == {b""}
    assert all(invitation.closed_at for invitation in list_invitations())
    assert not part(founded).exists()
    assert sessions.resolve(founded.runtime, cookie) is None
    assert list_records(volatile.SessionRow) == []


def test_what_was_recorded_stays_for_the_quorum(founded: Founded) -> None:
    """Not a byte of the records changes, nor of what is sealed to recovery."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    before = dump_tables()
    seal(founded)
    assert changed_tables(before, dump_tables()).keys() & KEPT == set()


def test_a_broken_seal_is_none(founded: Founded, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the one commit nothing is destroyed, inside the database or outside, wherever it breaks."""
    cookie = authentication.sign_in(founded.runtime, CASEWORKER, founded.players[CASEWORKER].passphrase)
    words = founded.players[COORDINATOR].passphrase
    for where in ON_POSTGRES if database == "postgres" else BREAKS:
        context, before = founded.context(), dump_tables()
        with broken_at(monkeypatch, where), pytest.raises(Broken):
            seal_organization(context, words, ORGANIZATION)
        assert changed_tables(before, dump_tables()) == {}, where
        assert part(founded).exists()
        assert sessions.resolve(founded.runtime, cookie) is not None


def test_after_the_commit_anybody_finishes(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ended right after it: what lies outside the database goes as soon as one looks."""
    player = founded.players[CASEWORKER]
    cookie = sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))
    with monkeypatch.context() as patched:
        patched.setattr(sealing, "finish_seal", lambda _runtime: None)
        seal(founded)
    assert part(founded).exists()
    for _ in range(2):
        finish_seal(founded.runtime)
        assert not part(founded).exists()
        assert sessions.resolve(founded.runtime, cookie) is None


def test_a_volatile_store_that_is_away_holds_nothing_up(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The half of the host key goes all the same; the sessions, which open nothing, once it is back."""
    player = founded.players[CASEWORKER]

    def fail() -> None:
        raise VolatileAway("away")

    cookie = sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "end_all_sessions", fail)
        seal(founded)
        assert is_sealed() and not part(founded).exists()
    assert list_records(volatile.SessionRow) != []
    finish_seal(founded.runtime)
    assert list_records(volatile.SessionRow) == []
    assert sessions.resolve(founded.runtime, cookie) is None


def test_finishing_leaves_an_open_organization_its_key(founded: Founded) -> None:
    """A quorum may just have opened it: the half that lies there now is a new one."""
    before = part(founded).read_bytes()
    finish_seal(founded.runtime)
    assert part(founded).read_bytes() == before


def test_who_was_at_work_writes_nothing_more(founded: Founded) -> None:
    """A request that began before the seal, with all its keys, is refused at its next write."""
    context = founded.context(CASEWORKER)
    seal(founded)
    with pytest.raises(Closed):
        incidents.log_incident(context, incident_draft())


def test_what_a_process_remembers_goes(founded: Founded) -> None:
    """Opened records and the verified roster."""
    incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    runtime, keyring = founded.runtime, founded.context(CASEWORKER).keyring
    assert runtime.casebook.facts(keyring, runtime.now_seconds()).incidents
    seal(founded)
    assert runtime.casebook._books == {}
    assert runtime.rosters._state is None


@pytest.mark.parametrize("login", [CASEWORKER, ADVOCATE])
def test_only_coordinators_seal(founded: Founded, login: str) -> None:
    """The others are refused, and may not even ask whether it is possible."""
    context = founded.context(login)
    with pytest.raises(Forbidden):
        seal_organization(context, founded.players[login].passphrase, ORGANIZATION)
    with pytest.raises(Forbidden):
        look_at_seal(context)
    assert not is_sealed()


@pytest.mark.parametrize(
    ("field", "name", "words"),
    [
        ("organization_name", "Collectif", ""),
        ("organization_name", "", ""),
        ("passphrase", ORGANIZATION, "four other quiet lanterns"),
        ("passphrase", ORGANIZATION, " "),
    ],
)
def test_a_slip_seals_nothing(founded: Founded, field: str, name: str, words: str) -> None:
    """Another name or another passphrase: the field is named."""
    with pytest.raises(Invalid) as refused:
        seal_organization(founded.context(), words or founded.players[COORDINATOR].passphrase, name)
    assert set(refused.value.faults) == {field}
    assert not is_sealed() and part(founded).exists()


def test_the_name_may_be_typed_as_one_types(founded: Founded) -> None:
    """Capitals and spaces around it do not matter."""
    words = founded.players[COORDINATOR].passphrase
    seal_organization(founded.context(), words, f" {ORGANIZATION.lower()} ")
    assert is_sealed()


def test_not_before_a_drill(founded: Founded) -> None:
    """Shares that nobody tried may open nothing: sealing would lose everything."""
    date_drill(founded, None)
    outlook = look_at_seal(founded.context())
    assert (outlook.is_possible, outlook.drilled_on) == (False, None)
    with pytest.raises(Conflict):
        seal(founded)
    get_organization().recovery_sealed = None  # shares from before anything was written down of them
    db.session.commit()
    with pytest.raises(Conflict):
        seal(founded)
    assert not is_sealed()


def test_an_old_drill_warns(founded: Founded) -> None:
    """After half a year; sealing stays possible."""
    assert not look_at_seal(founded.context()).is_drill_due
    date_drill(founded, founded.runtime.today() - timedelta(days=200))
    outlook = look_at_seal(founded.context())
    assert outlook.is_drill_due and outlook.is_possible


def test_the_demonstration_needs_no_drill(founded: Founded) -> None:
    """Nobody keeps its shares: it is started afresh."""
    date_drill(founded, None)
    get_organization().is_demonstration = True
    db.session.commit()
    assert look_at_seal(founded.context()).is_possible


def test_a_runtime_knows_when_it_is_stale(founded: Founded) -> None:
    """Sealed since it was made; opened since; or opened under another host key."""
    runtime = founded.runtime
    assert not is_stale(runtime)
    assert is_stale(replace(runtime, is_sealed=True))
    seal(founded)
    assert is_stale(runtime)
    assert not is_stale(replace(runtime, is_sealed=True))
    get_organization().sealed_at, get_organization().host_key_check = None, bytes(32)
    db.session.commit()
    assert is_stale(runtime)


def test_a_quorum_opens_it_again(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the console, under a new half of the host key; a process that runs on notices, and works."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    watch, words = founded.app.extensions["casework.seal"], "eleven blue herons cross slowly"
    shares = founded.players[COORDINATOR].recovery_shares
    before = part(founded).read_bytes()
    seal(founded)
    watch.look()
    assert (founded.runtime.is_sealed, founded.runtime.is_closed) == (True, True)
    monkeypatch.setattr("casework.cli.recover.generate", lambda _language: words)
    typed = "\n".join([*shares[1:], "0", "en", "Nadia", "nadia", words, "y"]) + "\n"
    told = founded.app.test_cli_runner().invoke(args=["recover"], input=typed)
    assert told.exit_code == 0, told.output
    watch.look()
    assert (founded.runtime.is_sealed, founded.runtime.is_closed) == (False, False)
    assert part(founded).read_bytes() != before
    finish_seal(founded.runtime)  # a slow process that still thinks that it is sealed
    assert part(founded).exists()
    context = sessions.resolve(founded.runtime, authentication.sign_in(founded.runtime, "nadia", words))
    assert isinstance(context, Context)
    assert cases.get_case(context, logged.case_id).people[0].identity.name


def test_who_has_a_second_factor_types_a_code_too(founded: Founded) -> None:
    """Once: a wrong one, none and a used one seal nothing. The factor itself is destroyed with the rest."""
    words = founded.players[COORDINATOR].passphrase
    equip(founded.context())
    assert look_at_seal(founded.context()).asks_code
    for code in ("", "000000"):
        with pytest.raises(Invalid) as refused:
            seal_organization(founded.context(), words, ORGANIZATION, code)
        assert set(refused.value.faults) == {"code"}
    assert not is_sealed()
    seal_organization(founded.context(), words, ORGANIZATION, SPARE)
    assert is_sealed()
    assert {member.second_factor_sealed for member in list_members()} == {None}


def test_who_joins_while_it_is_put_on_gets_no_seed(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """The link was read before the seal, the passphrase sealed after it: nothing of that is written."""
    runtime, ines = founded.runtime, founded.players[CASEWORKER]
    link = invitations.invite_again(founded.context(), ines.id, frozenset({Role.CASEWORKER}))
    words = "seven amber kites drift inland"

    def slowly(*given: Any, **named: Any) -> bytes:
        sealed = seal_seed(*given, **named)
        seal(founded)
        with db.engine.begin() as connection:  # as if this request had read the invitation a moment earlier
            connection.execute(update(Invitation).values(closed_at=None))
        return sealed

    monkeypatch.setattr("casework.services.membership.invitations.seal_seed", slowly)
    with pytest.raises(Closed):
        invitations.join(runtime, link, CASEWORKER, Choice(words, words))
    db.session.rollback()
    assert {member.seed_sealed for member in list_members()} == {b""}


def test_strangers_keep_nobody_from_sealing(founded: Founded) -> None:
    """Whoever guesses at the sign-in, from the same network too, makes no signed-in coordinator wait."""
    for number in range(ADDRESS.free_tries + 1):
        with suppress(WrongPassphrase):
            authentication.sign_in(founded.runtime, f"nobody {number}", "no such words", "192.0.2.7")
    for _ in range(ACCOUNT.free_tries + 1):
        with suppress(WrongPassphrase):
            authentication.sign_in(founded.runtime, COORDINATOR, "no such words", "198.51.100.9")
    seal(founded)
    assert is_sealed()
