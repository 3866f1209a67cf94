"""A quorum begins anew: everything opens again, for one coordinator first, for no old passphrase at all."""

import shutil
from collections.abc import Iterator

import pytest
from click.testing import Result
from flask import Flask

from casework.app import create_app
from casework.domain.member import MemberProfile
from casework.domain.permissions import Role
from casework.errors import ConfigError, Invalid, Tampered, WrongPassphrase
from casework.services import cases, drafts, incidents, works
from casework.services.context import Context
from casework.services.instance import load_host_key
from casework.services.lists import Filter, list_cases
from casework.services.membership.members import list_former_members
from casework.services.membership.rotation import look_at_rotation
from casework.services.recovery import recovering
from casework.services.recovery.quorumkeys import open_all
from casework.services.recovery.recovering import NewCoordinator, Recovered
from casework.services.signing_in import authentication, sessions
from casework.services.signing_in.passphrases import Choice
from casework.store import cases as store
from casework.store import members as members_store
from casework.store.database import db
from casework.store.volatilestore import VolatileAway
from casework.vault import recovery
from casework.vault.fields import Compartment
from casework.vault.hostkey import HostKey
from casework.vault.identity import MemberSecret
from tests.support.application import CASEWORKER, COORDINATOR, Founded, close
from tests.support.records import incident_draft

WORDS = "seven amber kites drift inland"


def quorum(founded: Founded) -> recovering.Quorum:
    """Open everything with the recovery key."""
    return recovering.open_with(MemberSecret(founded.players[COORDINATOR].recovery_seed))


def begin_anew(founded: Founded, login: str = COORDINATOR) -> Recovered:
    """Let a member of before be the new coordinator."""
    who = NewCoordinator(founded.players[login].id, MemberProfile("Cora", "en"), login, Choice(WORDS, WORDS))
    return recovering.begin_anew(founded.runtime, quorum(founded), who)


def reopened(founded: Founded) -> Context:
    """Sign in as a server would that was started anew."""
    host_key = load_host_key(*founded.runtime.host_key_files)
    object.__setattr__(founded.runtime, "host_key", host_key)
    found = sessions.resolve(founded.runtime, authentication.sign_in(founded.runtime, COORDINATOR, WORDS))
    assert isinstance(found, Context)
    return found


def test_everything_opens_for_the_new_coordinator(founded: Founded) -> None:
    """Cases, team-only ones too, under a new key of every compartment; and work goes on."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft(team_only=True))
    begin_anew(founded)
    context = reopened(founded)
    assert context.roles == {Role.COORDINATOR}
    assert {context.keyring.write_epoch(one) for one in Compartment} == {2}
    assert cases.get_case(context, logged.case_id).people[0].identity.name
    added = incidents.log_incident(context, incident_draft(), logged.case_id)
    assert added.reference == logged.reference
    works.do_all(context)
    assert look_at_rotation(context).waiting == 0


def test_everybody_else_comes_back_by_invitation(founded: Founded) -> None:
    """Nobody's old passphrase opens anything; names stand as those of former members."""
    begin_anew(founded)
    context = reopened(founded)
    for player in founded.players.values():
        with pytest.raises(WrongPassphrase):
            authentication.sign_in(founded.runtime, player.login, player.passphrase)
        row = members_store.find_member(player.id)
        assert row is None or player.login == COORDINATOR or row.seed_sealed == b""
    statuses = {one.id: one.status for one in list_former_members(context)}
    assert statuses[founded.players[CASEWORKER].id] == "lapsed"


def test_references_are_known_under_the_new_host_key(founded: Founded) -> None:
    """Else a reference could be given out a second time."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    before = founded.runtime.host_key.reference_hmac(logged.reference)
    begin_anew(founded)
    context = reopened(founded)
    after = context.runtime.host_key.reference_hmac(logged.reference)
    assert before != after and store.list_taken_references([before, after]) == {after}


def test_sessions_end(founded: Founded) -> None:
    """Whoever was signed in is out."""
    player = founded.players[CASEWORKER]
    cookie = sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))
    begin_anew(founded)
    assert sessions.resolve(founded.runtime, cookie) is None


def test_a_volatile_store_that_is_away_undoes_nothing(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is recovered stays so; whoever recovers is told that sessions of before are left."""

    def fail() -> None:
        raise VolatileAway("away")

    with monkeypatch.context() as patch:
        patch.setattr(recovering, "end_all_sessions", fail)
        assert begin_anew(founded).has_sessions_left
    assert reopened(founded).roles == {Role.COORDINATOR}


def test_somebody_new_can_begin(founded: Founded) -> None:
    """A coordinator whom the list of members did not know."""
    who = NewCoordinator(None, MemberProfile("Nadia", "fr"), "nadia", Choice(WORDS, WORDS))
    recovering.begin_anew(founded.runtime, quorum(founded), who)
    object.__setattr__(founded.runtime, "host_key", load_host_key(*founded.runtime.host_key_files))
    found = sessions.resolve(founded.runtime, authentication.sign_in(founded.runtime, "nadia", WORDS))
    assert isinstance(found, Context) and found.roles == {Role.COORDINATOR}
    assert list_cases(found, Filter(mine=False)).damaged == 0


def test_a_weak_passphrase_changes_nothing(founded: Founded) -> None:
    """The old host key goes on, and so does everybody."""
    before = founded.runtime.host_key.check
    who = NewCoordinator(None, MemberProfile("Nadia", "fr"), "nadia", Choice("short", "short"))
    with pytest.raises(Invalid):
        recovering.begin_anew(founded.runtime, quorum(founded), who)
    assert load_host_key(*founded.runtime.host_key_files).check == before
    assert founded.context(CASEWORKER).roles


def test_what_breaks_before_the_commit_leaves_the_old_host_key(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The prepared half waits, and counts for nothing."""
    before = founded.runtime.host_key.check
    with monkeypatch.context() as broken:
        broken.setattr(recovering, "write_profile", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            begin_anew(founded)
    db.session.rollback()
    assert load_host_key(*founded.runtime.host_key_files).check == before
    begin_anew(founded)
    assert reopened(founded).roles == {Role.COORDINATOR}


@pytest.mark.parametrize("step", ["before the old half is erased", "before the new half is in its place"])
def test_what_breaks_after_the_commit_is_finished_at_the_next_start(
    founded: Founded, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The database knows the new key: the file follows."""
    erasable = founded.runtime.host_key_files[1]
    with monkeypatch.context() as broken:
        broken.setattr(recovering, "adopt_host_key", lambda _path: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            begin_anew(founded)
    if step == "before the new half is in its place":
        erasable.unlink()
    assert reopened(founded).roles == {Role.COORDINATOR}
    assert not erasable.with_name("host.part.new").exists()


@pytest.fixture
def closed(app: Flask) -> Iterator[Flask]:
    """The application once more, on the same data without its host key."""
    settings = app.extensions["casework.switchboard"]._settings
    files = app.extensions["casework"].host_key_files
    for path in files:
        path.unlink(missing_ok=True)
    with pytest.raises(ConfigError):
        load_host_key(*files)
    built = create_app(settings, may_be_closed=True)
    yield built
    close(built)


def _recover(app: Flask, shares: list[str], *answers: str) -> Result:
    return app.test_cli_runner().invoke(args=["recover"], input="\n".join([*shares, *answers]) + "\n")


def test_the_command(founded: Founded, closed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any host key: shares, a name, a passphrase typed back; then the records open again."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    shares = recovery.split(founded.players[COORDINATOR].recovery_seed, 2, 3)
    monkeypatch.setattr("casework.cli.recover.generate", lambda _language: WORDS)
    assert closed.test_client().get("/").status_code == 503
    result = _recover(closed, shares[1:], "0", "en", "Nadia", "nadia", WORDS, "y")
    assert result.exit_code == 0, result.output
    assert "Done." in result.output
    settings = founded.app.extensions["casework.switchboard"]._settings
    again = create_app(settings)
    with again.app_context():
        runtime = again.extensions["casework"]
        context = sessions.resolve(runtime, authentication.sign_in(runtime, "nadia", WORDS))
        assert isinstance(context, Context)
        assert cases.get_case(context, logged.case_id).people[0].identity.name
    close(again)


def test_too_few_foreign_and_mistyped_shares(founded: Founded, closed: Flask) -> None:
    """Each is told, and nothing happens."""
    seed = founded.players[COORDINATOR].recovery_seed
    ours, theirs = recovery.split(seed, 2, 3), recovery.split(bytes(range(32)), 2, 3)
    mistyped = " ".join(["zebra", *ours[0].split()[1:]])
    told = _recover(closed, [ours[0]])
    assert told.exit_code != 0 and "1 of 2" in told.output
    told = _recover(closed, [mistyped, "", ours[0], theirs[1]])
    assert told.exit_code != 0
    assert "Not in the list of words: number 1" in told.output and "another set" in told.output
    told = _recover(closed, theirs[:2])
    assert told.exit_code == 2 and "another key than the one in force" in told.output
    assert founded.context(CASEWORKER).roles


def test_a_forged_roster_is_refused(founded: Founded) -> None:
    """Whoever changed the list of members is told of, not recovered."""
    row = members_store.list_roster_rows()[0]
    row.signature = bytes(64)
    db.session.commit()
    with pytest.raises(Tampered):
        recovering.find_recovery_key()


def test_a_host_key_prepared_by_nobody_counts_for_nothing(founded: Founded) -> None:
    """A file that waits and does not fit the database is left alone."""
    files = founded.runtime.host_key_files
    shutil.copy(files[1], files[1].with_name("host.part.new"))
    files[1].with_name("host.part.new").write_bytes(bytes(32))
    assert isinstance(load_host_key(*files), HostKey)
    assert load_host_key(*files).check == founded.runtime.host_key.check


def test_restricted_cases_and_drafts_are_the_new_coordinator_s(founded: Founded) -> None:
    """Only the named and the writer could open them: with their keys gone, a quorum hands them on."""
    caseworker = founded.context(CASEWORKER)
    draft = incident_draft("Behind a door.", restricted=True, team=frozenset({caseworker.member_id}))
    logged = incidents.log_incident(caseworker, draft)
    kept = drafts.keep_draft(caseworker, None, "incident", "/incidents/new", {"text": ["Half a story."]})
    begin_anew(founded)
    context = reopened(founded)
    case = cases.get_case(context, logged.case_id)
    assert case.incidents[0].narrative.text == "Behind a door."
    assert drafts.get_draft(context, kept).fields["text"] == ["Half a story."]
    assert drafts.count_closed_drafts(context) == 0
    added = incidents.log_incident(context, incident_draft(), logged.case_id)
    assert added.case_id == logged.case_id
    opened = open_all(MemberSecret(founded.players[COORDINATOR].recovery_seed), context.roster)
    assert (opened.cases, opened.drafts, opened.failed) == (1, 1, ())
