"""Restoring: all or nothing, into nothing, without what was revoked since; then a quorum begins anew."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from casework.domain.member import MemberProfile
from casework.domain.permissions import Role
from casework.domain.quorum import USUAL
from casework.errors import BackupFailed, ConfigError, ShareRefused, WrongPassphrase
from casework.services import restorechecks, restoring
from casework.services.attachments.adding import add_attachment
from casework.services.attachments.keeping import give_copy
from casework.services.backups.folder import BACKUP, LEDGER, list_files
from casework.services.backups.ledger import Erased, needs_other_shares, open_ledger, write_ledger
from casework.services.backups.making import make_backup
from casework.services.bin import bin_case
from casework.services.context import Context
from casework.services.erasing import erase_case, erase_some, list_receipts
from casework.services.incidents import log_incident
from casework.services.lists import Filter, list_incidents
from casework.services.membership import invitations
from casework.services.membership.admitting import admit_member
from casework.services.membership.leaving import revoke_member
from casework.services.membership.rosters import read_whole_roster
from casework.services.recovery import recovering
from casework.services.recovery.recovering import NewCoordinator
from casework.services.recovery.renewals import begin_renewal, confirm_share, finish_renewal, get_sharing
from casework.services.recovery.shareentry import Entered
from casework.services.releases.doubt import Doubt, find_doubt
from casework.services.restoring import Ask, InDoubt, Restored, restore
from casework.services.runtime import Runtime
from casework.services.signing_in.authentication import sign_in
from casework.services.signing_in.passphrases import Choice
from casework.services.signing_in.sessions import resolve
from casework.services.tombstones import standing_of
from casework.services.verifying.checking import Failure
from casework.services.verifying.live import verify_live
from casework.store.cases import Case, CaseKey, Incident, Person
from casework.store.database import db
from casework.store.erasures import Erasure, list_erased_cases
from casework.store.objectfiles import ObjectFiles
from casework.store.organization import find_organization
from casework.store.restoration import find_doubt_of_stories, holds_organization, is_half_restored
from casework.store.scratch import migrate_database
from casework.vault import documents
from casework.vault.backup import open_bytes, seal_bytes
from casework.vault.erasure import Standing, Way, sign_erasure
from casework.vault.identity import MemberSecret
from casework.vault.recovery import split
from casework.vault.rosterentry import LAPSED, REVOKED
from tests.support.application import (
    CASEWORKER,
    COLLEAGUE,
    COORDINATOR,
    Founded,
    build_app,
    build_closed_app,
    close,
)
from tests.support.bucket import Bucket
from tests.support.files import photo
from tests.support.postgres import new_database
from tests.support.records import incident_draft
from tests.support.times import later

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
WORDS = "eleven blue herons cross slowly"


def shares_of(seed: bytes, count: int = 2) -> Entered:
    """Return so many shares, as they are typed."""
    entered = Entered()
    for words in split(seed)[:count]:
        entered = entered.add(words)
    return entered


@pytest.fixture
def entered(founded: Founded) -> Entered:
    """A quorum."""
    return shares_of(founded.players[COORDINATOR].recovery_seed)


@pytest.fixture
def attached(database: str) -> str:
    """With PostgreSQL files lie in a bucket."""
    return "bucket" if database == "postgres" else "disk"


@pytest.fixture
def elsewhere(
    database: str, tmp_path: Path, bytecode_folder: Path, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """Another machine: an empty data folder, an empty database, and with PostgreSQL a bucket of its own."""
    folder = tmp_path / "elsewhere"
    if database == "sqlite":
        app = build_app(folder, bytecode_folder)
        yield app
        close(app)
        return
    with new_database(request.getfixturevalue("postgres_url")) as url:
        bucket: Bucket = request.getfixturevalue("store_server").new_bucket()
        app = build_app(folder, bytecode_folder, DATABASE_URL=url, **bucket.settings(folder))
        yield app
        close(app)


def ignore(_value: object) -> None:
    """Look at no progress."""


def runtime_of(app: Flask) -> Runtime:
    """Return what an application holds."""
    runtime: Runtime = app.extensions["casework"]
    return runtime


def nothing_in_doubt(doubt: InDoubt) -> bool:
    """Be asked about nothing."""
    raise AssertionError(doubt)


def bring_back(
    app: Flask,
    file: Path,
    ledger: Path | None,
    entered: Entered,
    ask: Ask = nothing_in_doubt,
    for_ledger: Entered | None = None,
) -> Restored:
    """Restore there."""
    with app.app_context():
        return restore(runtime_of(app), file, ledger, entered, ignore, ignore, ask, for_ledger)


def begin_anew(app: Flask, entered: Entered, restored: Restored) -> None:
    """Let a new coordinator begin, and lift the mark."""
    with app.app_context():
        quorum = recovering.open_with(entered.open(recovering.find_recovery_key()))
        who = NewCoordinator(None, MemberProfile("Cora", "en"), "cora", Choice(WORDS, WORDS))
        recovering.begin_anew(runtime_of(app), quorum, who, restored.revoked)
        restoring.finish(runtime_of(app))


def backup_at(founded: Founded, moment: datetime) -> Path:
    """Make a backup as of a moment."""
    return make_backup(replace(founded.runtime, now=lambda: moment))


def ledger_of(founded: Founded) -> Path:
    """Return the newest ledger."""
    return list_files(founded.runtime.backup_folder, LEDGER)[0]


@pytest.fixture
def backup(founded: Founded) -> Path:
    """A backup of two incidents."""
    for _ in range(2):
        log_incident(founded.context(CASEWORKER), incident_draft())
    return backup_at(founded, NOON)


def restart(app: Flask, bytecode_folder: Path) -> Flask:
    """Start anew over the same folder and database, as after the command."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    close(app)
    again = build_app(runtime_of(app).data_folder, bytecode_folder, DATABASE_URL=url)
    again.extensions["casework"] = replace(runtime_of(again), other_files=runtime_of(app).other_files)
    return again


def test_a_dead_machine_comes_back(
    founded: Founded, elsewhere: Flask, backup: Path, entered: Entered, bytecode_folder: Path
) -> None:
    """With a quorum alone: a new coordinator signs in, reads everything, and verify finds nothing hurt."""
    restored = bring_back(elsewhere, backup, ledger_of(founded), entered)
    assert (restored.made_at, restored.erased, restored.revoked) == (NOON, 0, ())
    begin_anew(elsewhere, entered, restored)
    app = restart(elsewhere, bytecode_folder)
    with app.app_context():
        context = resolve(runtime_of(app), sign_in(runtime_of(app), "cora", WORDS))
        assert list_incidents(context, Filter(mine=False)).total == 2  # type: ignore[arg-type]
        failures: list[Failure] = []
        verify_live(context, ignore, failures.append, ignore)  # type: ignore[arg-type]
        assert failures == []
        # What was released after the backup is out in the world: that is said until somebody has looked.
        assert find_doubt(context) == Doubt(NOON, 0)  # type: ignore[arg-type]
        assert find_doubt_of_stories()
    close(app)


def test_files_come_back_but_those_of_an_erased_case(
    founded: Founded, elsewhere: Flask, entered: Entered, bytecode_folder: Path
) -> None:
    """Each copy opens with the keys of the restored case; of what was erased since nothing lies there."""
    caseworker, content = founded.context(CASEWORKER), photo()
    kept, erased = (log_incident(caseworker, incident_draft()).case_id for _ in range(2))
    attached = {
        case: add_attachment(caseworker, case, "street.jpg", "", [content]) for case in (kept, erased)
    }
    file = backup_at(founded, NOON)
    bin_case(founded.context(), erased, db.session.get_one(Case, erased).version)
    erase_case(founded.context(), erased)
    begin_anew(elsewhere, entered, bring_back(elsewhere, file, ledger_of(founded), entered))
    app = restart(elsewhere, bytecode_folder)
    with app.app_context():
        runtime = runtime_of(app)
        assert {name.attachment_id for name in runtime.files.list_names()} == {attached[kept]}
        context = resolve(runtime, sign_in(runtime, "cora", WORDS))
        failures: list[Failure] = []
        verify_live(context, ignore, failures.append, ignore)  # type: ignore[arg-type]
        assert failures == []
        given = give_copy(context, kept, attached[kept], "original")  # type: ignore[arg-type]
        assert b"".join(given.content) == content
    close(app)


@pytest.mark.parametrize("database", ["postgres"])
def test_a_trial_touches_no_files_of_others(
    founded: Founded, elsewhere: Flask, backup: Path, entered: Entered
) -> None:
    """Restored elsewhere with the same settings, it refuses the bucket in use, and changes nothing."""
    add_attachment(
        founded.context(CASEWORKER),
        log_incident(founded.context(CASEWORKER), incident_draft()).case_id,
        "street.jpg",
        "",
        [photo()],
    )
    there, held = runtime_of(elsewhere), founded.runtime.other_files
    before = list(founded.runtime.files.list_names())
    assert held is not None
    same = ObjectFiles(held.objects, there.data_folder / "attachments.owner")
    elsewhere.extensions["casework"] = replace(there, other_files=same)
    with pytest.raises(BackupFailed, match="another"):
        bring_back(elsewhere, backup, ledger_of(founded), entered)
    with elsewhere.app_context():
        assert not restoring.is_begun() and not holds_organization()
    assert list(founded.runtime.files.list_names()) == before


def test_nobody_else_comes_in(
    founded: Founded, elsewhere: Flask, backup: Path, entered: Entered, bytecode_folder: Path
) -> None:
    """The old passphrases open nothing: everybody is invited again."""
    restored = bring_back(elsewhere, backup, ledger_of(founded), entered)
    begin_anew(elsewhere, entered, restored)
    app = restart(elsewhere, bytecode_folder)
    with app.app_context():
        for login in (COORDINATOR, CASEWORKER):
            with pytest.raises(WrongPassphrase):
                sign_in(runtime_of(app), login, founded.players[login].passphrase)
    close(app)


def test_who_was_revoked_since_stays_so(
    founded: Founded, elsewhere: Flask, backup: Path, entered: Entered
) -> None:
    """The backup knows nothing of it; the ledger does, and the roster goes on from there."""
    revoke_member(founded.context(), founded.players[COLLEAGUE].id, founded.players[CASEWORKER].id)
    write_ledger(founded.runtime)
    restored = bring_back(elsewhere, backup, ledger_of(founded), entered)
    assert restored.revoked == (founded.players[COLLEAGUE].id,)
    begin_anew(elsewhere, entered, restored)
    with elsewhere.app_context():
        members = read_whole_roster().members
        assert members[founded.players[COLLEAGUE].id].status == REVOKED
        assert members[founded.players[CASEWORKER].id].status == LAPSED


def test_what_was_erased_since_does_not_come_back(
    founded: Founded,
    elsewhere: Flask,
    backup: Path,
    entered: Entered,
    bytecode_folder: Path,
) -> None:
    """The ledger names the case: its keys and records are gone again, its tombstone stands."""
    case_id, kept = db.session.scalars(select(Case.id)).all()
    later = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    for erased in (case_id, later):
        version = db.session.get_one(Case, erased).version
        bin_case(founded.context(), erased, version)
        erase_case(founded.context(), erased)
    restored = bring_back(elsewhere, backup, ledger_of(founded), entered)
    assert restored.erased == 1
    begin_anew(elsewhere, entered, restored)
    app = restart(elsewhere, bytecode_folder)
    with app.app_context():
        models: tuple[Any, ...] = (CaseKey, Person, Incident)
        for model in models:
            assert {row.case_id for row in db.session.scalars(select(model))} == {kept}
        cookie = sign_in(runtime_of(app), "cora", WORDS)
        context = resolve(runtime_of(app), cookie)
        failures: list[Failure] = []
        verify_live(context, ignore, failures.append, ignore)  # type: ignore[arg-type]
        assert failures == []
        client = app.test_client()
        client.set_cookie(app.config["MEMBER_COOKIE"], cookie)
        receipt = client.get(f"/erasures/{case_id}").text
        assert "at a restore" in receipt and "The backup that was restored" in receipt
        assert "none made before" not in receipt and "a former member" not in receipt
        assert set(list_erased_cases()) == {case_id, later}
        assert {view.case_id for view in list_receipts(context)} == {case_id, later}  # type: ignore[arg-type]
    close(app)


def second_coordinator(founded: Founded) -> Context:
    """Invite and admit one, and return their context."""
    link = invitations.invite(founded.context(), MemberProfile("Noor", "fr"), frozenset({Role.COORDINATOR}))
    invitations.join(founded.runtime, link, "noor", Choice(WORDS, WORDS))
    invitees = invitations.list_invitees(founded.context())
    noor = next(one for one in invitees if one.fingerprint and one.display_name == "Noor")
    admit_member(founded.context(), noor.invitation_id, noor.fingerprint or "", noor.roles)
    context = resolve(founded.runtime, sign_in(founded.runtime, "noor", WORDS))
    assert isinstance(context, Context)
    return context


def test_a_coordinator_who_left_has_erased_what_they_had_and_nothing_since(
    founded: Founded, elsewhere: Flask, backup: Path, entered: Entered
) -> None:
    """What they signed while they were one is erased again; what they signed later is named, and stays."""
    genuine, victim = db.session.scalars(select(Case.id)).all()
    noor = second_coordinator(founded)
    bin_case(founded.context(), genuine, 1)
    erase_case(noor, genuine)
    revoke_member(founded.context(), noor.member_id, founded.players[COLLEAGUE].id)
    erased_at = founded.runtime.now().replace(microsecond=0)
    statement = sign_erasure(noor.secret, noor.member_id, noor.roster.pin, victim, erased_at, Way.HAND)
    planted = Erasure(
        case_id=victim, version=1, generation=1, erased_at=erased_at, receipt_sealed=b"?", receipt_version=1
    )
    planted.signature = statement
    db.session.add(planted)
    db.session.commit()
    write_ledger(founded.runtime)
    asked: list[InDoubt] = []

    def keep(doubt: InDoubt) -> bool:
        asked.append(doubt)
        return False

    restored = bring_back(elsewhere, backup, ledger_of(founded), entered, keep)
    assert restored.erased == 1
    assert [(doubt.is_bin, list(doubt.cases)) for doubt in asked] == [(False, [victim])]
    with elsewhere.app_context():
        assert db.session.scalars(select(Case.id)).all() == [victim]
    begin_anew(elsewhere, entered, restored)
    with elsewhere.app_context():
        tombstone = db.session.get_one(Erasure, genuine)
        assert standing_of(read_whole_roster(), tombstone) is Standing.SIGNED
        assert list_erased_cases() == [genuine]


def sign_ledger_line(founded: Founded, ledger: Path, row: Erasure) -> None:
    """Put the signature of a tombstone into the ledger, as whoever writes to both folders can."""
    recovery = MemberSecret(founded.players[COORDINATOR].recovery_seed)
    told = open_ledger(recovery, ledger)
    forged = replace(told, erased=[Erased(row.case_id, row.erased_at, row.signature or b"")])
    ledger.write_bytes(seal_bytes(recovery.public, documents.encode(forged.to_document())))


@pytest.mark.parametrize(
    "is_forged", [False, True], ids=["the ledger as it is written", "a ledger that signs it"]
)
def test_what_was_planted_beside_a_live_case_is_asked_about(
    founded: Founded, elsewhere: Flask, backup: Path, entered: Entered, is_forged: bool
) -> None:
    """With a coordinator's own seed, before the backup: whatever the ledger says of it, nobody erased it."""
    cases = set(db.session.scalars(select(Case.id)))
    victim, cora = min(cases), founded.context()
    erased_at = founded.runtime.now().replace(microsecond=0)
    planted = Erasure(
        case_id=victim, version=1, generation=1, erased_at=erased_at, receipt_sealed=b"?", receipt_version=1
    )
    pin = cora.roster.pin
    planted.signature = sign_erasure(cora.secret, cora.member_id, pin, victim, erased_at, Way.HAND)
    db.session.add(planted)
    db.session.commit()
    file = backup_at(founded, NOON + timedelta(minutes=1))
    write_ledger(founded.runtime)
    if is_forged:
        sign_ledger_line(founded, ledger_of(founded), planted)
    asked: list[InDoubt] = []

    def keep(doubt: InDoubt) -> bool:
        asked.append(doubt)
        return False

    restored = bring_back(elsewhere, file, ledger_of(founded), entered, keep)
    assert restored.erased == 0
    assert [(doubt.is_bin, list(doubt.cases)) for doubt in asked] == [(False, [victim])]
    with elsewhere.app_context():
        assert set(db.session.scalars(select(Case.id))) == cases


def test_what_the_bin_erased_elsewhere_is_worth_no_more_afterwards(
    founded: Founded, elsewhere: Flask, backup: Path, entered: Entered
) -> None:
    """A case that this backup has not is asked about by nobody, so the quorum vouches for no more."""
    later_one = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    bin_case(founded.context(CASEWORKER), later_one, 1)
    assert erase_some(later(founded.context(CASEWORKER), 31))
    restored = bring_back(elsewhere, backup, ledger_of(founded), entered)
    assert restored.erased == 0
    begin_anew(elsewhere, entered, restored)
    with elsewhere.app_context():
        tombstone = db.session.get_one(Erasure, later_one)
        assert standing_of(read_whole_roster(), tombstone) is Standing.BIN


def test_only_into_nothing(founded: Founded, backup: Path, entered: Entered) -> None:
    """An organization that is there is not overwritten."""
    with pytest.raises(BackupFailed, match="an organisation in this database already"):
        restore(founded.runtime, backup, None, entered, ignore, ignore, nothing_in_doubt)


def test_other_shares_and_another_ledger(
    founded: Founded, elsewhere: Flask, backup: Path, entered: Entered, tmp_path: Path
) -> None:
    """Each is refused by its own sentence, and nothing is written."""
    with pytest.raises(BackupFailed, match="other shares"):
        bring_back(elsewhere, backup, None, shares_of(MemberSecret.generate().seed))
    with pytest.raises(ShareRefused):
        bring_back(elsewhere, backup, None, shares_of(founded.players[COORDINATOR].recovery_seed, 1))
    (tmp_path / "ledger").write_bytes(b"nothing")
    with pytest.raises(BackupFailed, match="ledger is damaged"):
        bring_back(elsewhere, backup, tmp_path / "ledger", entered)
    backup.write_bytes(backup.read_bytes()[:-1])
    with pytest.raises(BackupFailed, match="damaged"):
        bring_back(elsewhere, backup, None, entered)
    bring_back(elsewhere, backup_at(founded, NOON + timedelta(days=1)), None, entered)


def test_killed_while_rows_come_in(
    founded: Founded, elsewhere: Flask, backup: Path, entered: Entered
) -> None:
    """The database stays empty, and the next attempt begins from nothing."""

    def die(_count: int) -> None:
        raise KeyboardInterrupt

    with elsewhere.app_context():
        with pytest.raises(KeyboardInterrupt):
            restore(runtime_of(elsewhere), backup, None, entered, ignore, die, nothing_in_doubt)
        db.session.rollback()
        assert not is_half_restored()
    bring_back(elsewhere, backup, None, entered)


def test_killed_before_the_ledger_was_replayed(
    founded: Founded,
    elsewhere: Flask,
    backup: Path,
    entered: Entered,
    bytecode_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was erased may stand there: nothing starts over it, and restoring again works."""

    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_replay", die)
        with pytest.raises(KeyboardInterrupt):
            bring_back(elsewhere, backup, ledger_of(founded), entered)
    with pytest.raises(ConfigError, match="not finished"):
        restart(elsewhere, bytecode_folder)
    url = elsewhere.config["SQLALCHEMY_DATABASE_URI"]
    folder = runtime_of(elsewhere).data_folder
    app = build_closed_app(folder, bytecode_folder, DATABASE_URL=url)
    begin_anew(app, entered, bring_back(app, backup, ledger_of(founded), entered))
    close(restart(app, bytecode_folder))


def test_a_ledger_is_found_beside_the_backup(backup: Path) -> None:
    """The newest; none where there is none."""
    found = restorechecks.find_ledger(backup)
    assert found is not None
    assert found.name.startswith("casework-ledger-")
    assert len(list_files(backup.parent, BACKUP)) == 1
    found.unlink()
    assert restorechecks.find_ledger(backup) is None


def test_an_empty_database_is_no_obstacle(elsewhere: Flask, backup: Path, entered: Entered) -> None:
    """Also one whose tables are there already."""
    with elsewhere.app_context():
        migrate_database()
    assert isinstance(bring_back(elsewhere, backup, None, entered).made_at, datetime)


def test_ids_stay(elsewhere: Flask, founded: Founded, backup: Path, entered: Entered) -> None:
    """A restored organization is the same one."""
    known = find_organization()
    assert known
    organization_id: UUID = known.id
    bring_back(elsewhere, backup, None, entered)
    with elsewhere.app_context():
        found = find_organization()
        assert found
        assert found.id == organization_id


def draw_new_shares(founded: Founded) -> Entered:
    """Put new shares in force; returns a quorum of them."""
    context = founded.context()
    cookie = begin_renewal(context, "", USUAL)
    shares = get_sharing(context, cookie).shares
    for share in shares:
        confirm_share(context, cookie, share)
    finish_renewal(context, cookie)
    return Entered.of(shares[1:])


def test_a_backup_from_before_new_shares_with_the_newest_ledger(
    founded: Founded, elsewhere: Flask, backup: Path, entered: Entered
) -> None:
    """Each needs its own quorum; then what was erased and who was revoked since stays so."""
    newer = draw_new_shares(founded)
    case_id = db.session.scalars(select(Case.id)).all()[0]
    bin_case(founded.context(), case_id, db.session.get_one(Case, case_id).version)
    erase_case(founded.context(), case_id)
    revoke_member(founded.context(), founded.players[COLLEAGUE].id, founded.players[CASEWORKER].id)
    [ledger] = list_files(founded.runtime.backup_folder, LEDGER)
    assert needs_other_shares(ledger, entered) and not needs_other_shares(ledger, newer)
    with pytest.raises(BackupFailed, match="ledger is sealed to other shares"):
        bring_back(elsewhere, backup, ledger, entered)
    with pytest.raises(BackupFailed, match="sealed to other shares"):
        bring_back(elsewhere, backup, ledger, newer)
    restored = bring_back(elsewhere, backup, ledger, entered, for_ledger=newer)
    assert (restored.erased, restored.revoked) == (1, (founded.players[COLLEAGUE].id,))
    begin_anew(elsewhere, entered, restored)
    with elsewhere.app_context():
        assert read_whole_roster().members[founded.players[COLLEAGUE].id].status == REVOKED
        assert set(list_erased_cases()) == {case_id}


def test_a_ledger_is_its_own_shares_alone(
    founded: Founded, elsewhere: Flask, backup: Path, entered: Entered, tmp_path: Path
) -> None:
    """Whoever has a quorum of other shares cannot seal one to them that counts."""
    recovery = MemberSecret(founded.players[COORDINATOR].recovery_seed)
    plain = open_bytes(recovery, ledger_of(founded).read_bytes())
    forger = MemberSecret.generate()
    (tmp_path / "forged").write_bytes(seal_bytes(forger.public, plain))
    with pytest.raises(BackupFailed, match="ledger is damaged"):
        bring_back(elsewhere, backup, tmp_path / "forged", entered, for_ledger=shares_of(forger.seed))
