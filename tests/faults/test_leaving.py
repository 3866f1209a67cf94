"""What a member who has left can do with all that they may have kept, from files alone; and kills."""

import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from casework.domain.member import MemberProfile
from casework.errors import VaultError
from casework.services import cases, incidents, works
from casework.services.lists import Filter, list_cases
from casework.services.membership import leaving, rotation
from casework.services.membership.rosters import read_whole_roster
from casework.services.recovery import recovering
from casework.services.signing_in.passphrases import Choice
from casework.vault.fields import CASE_CODED, INCIDENT_CODED, PERSON_CODED, Compartment
from casework.vault.hostkey import derive_host_key
from casework.vault.identity import MemberSecret
from casework.vault.keyring import Keyring
from tests.support.application import (
    CASEWORKER,
    COLLEAGUE,
    COORDINATOR,
    Founded,
    Template,
    build_app,
    close,
)
from tests.support.audit import open_log
from tests.support.killing import work_until_killed
from tests.support.records import incident_draft
from tests.support.thief import Dump

BEFORE, AFTER = "She was asked for papers twice.", "He was held for two days."
KILLS = 20
CASES = 40


@dataclass(frozen=True)
class Loot:
    """Both copies of the database, the host key, and what the member who left signed in with."""

    before: Dump
    after: Dump
    file: Path
    halves: tuple[bytes, bytes]
    words: str


@pytest.fixture(scope="module")
def loot(
    sqlite_template: Template, bytecode_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loot]:
    """A case of before; then somebody leaves; then the case goes on, and another one begins."""
    folder, kept = tmp_path_factory.mktemp("leaving") / "instance", tmp_path_factory.mktemp("kept")
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder)
        with app.app_context():
            founded = Founded(app, sqlite_template.players)
            logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft(BEFORE))
            close(app)
            shutil.copy(folder / "casework.sqlite", kept / "before.sqlite")
            _leave(founded)
            incidents.log_incident(founded.context(COLLEAGUE), incident_draft(AFTER), logged.case_id)
            incidents.log_incident(founded.context(COLLEAGUE), incident_draft(AFTER))
            works.do_all(founded.context(COLLEAGUE))
        close(app)
        shutil.copy(folder / "casework.sqlite", kept / "after.sqlite")
        halves = (folder / "host.key").read_bytes(), (folder / "host.part").read_bytes()
    before, after = Dump(kept / "before.sqlite"), Dump(kept / "after.sqlite")
    words = sqlite_template.players[CASEWORKER].passphrase
    yield Loot(before, after, kept / "after.sqlite", halves, words)
    before.close()
    after.close()


def _leave(founded: Founded) -> None:
    players = founded.players
    leaving.revoke_member(founded.context(), players[CASEWORKER].id, players[COLLEAGUE].id)


def test_the_passphrase_opens_nothing_of_the_new_copy(loot: Loot) -> None:
    """With the host key too: the seed that it opened is gone."""
    assert loot.after.open_by_passphrases(derive_host_key(*loot.halves), [loot.words]) == {}


def test_the_seed_from_an_old_copy_opens_no_seal_of_the_new_one(loot: Loot) -> None:
    """Not one epoch key is sealed to it any more."""
    secret = loot.before.find_seed(derive_host_key(*loot.halves), loot.words)
    assert loot.after.open_by_seed(_member(loot), secret) == {}
    with pytest.raises(VaultError):
        loot.after.open_by_seed(loot.after.roster_ids("active")[0], secret)


def _member(loot: Loot) -> UUID:
    return loot.after.roster_ids("revoked")[0]


def test_the_old_keys_open_what_was_written_before_and_nothing_since(loot: Loot) -> None:
    """All that the member could have kept: every key of the old copy, case keys included."""
    keys = loot.before.open_by_passphrases(derive_host_key(*loot.halves), [loot.words])
    assert loot.before.read_narratives(keys) == [BEFORE]
    with pytest.raises(VaultError):
        loot.after.read_narratives(keys)
    assert _opened_with_old_case_keys(loot, keys) == [BEFORE]
    assert _coded_epochs(loot, keys) == {1}


def _opened_with_old_case_keys(loot: Loot, keys: dict[tuple[Compartment, int], bytes]) -> list[str]:
    """Read the narratives of the new copy with the case keys that the old one gave."""
    return loot.after.read_narratives_with(loot.before.open_case_keys(keys))


def _coded_epochs(loot: Loot, keys: dict[tuple[Compartment, int], bytes]) -> set[int]:
    """Try every coded document of the new copy; return the epochs of those that open."""
    keyring = Keyring(keys, {Compartment.CODED: 1})
    connection = sqlite3.connect(f"file:{loot.file}?mode=ro", uri=True)
    opened = set()
    for table, sealed_field in (("case", CASE_CODED), ("person", PERSON_CODED), ("incident", INCIDENT_CODED)):
        rows = connection.execute(f'SELECT id, coded_version, coded_sealed FROM "{table}"').fetchall()  # noqa: S608
        assert {int.from_bytes(sealed[2:6], "big") for _id, _version, sealed in rows} >= {2}
        for row_id, version, sealed in rows:
            try:
                keyring.open(sealed_field, UUID(row_id), version, sealed)
            except VaultError:
                continue
            opened.add(int.from_bytes(sealed[2:6], "big"))
    connection.close()
    return opened


def _logged(founded: Founded) -> list[incidents.Logged]:
    logged = [incidents.log_incident(founded.context(CASEWORKER), incident_draft()) for _ in range(CASES)]
    founded.runtime.casebook.drop_all()
    return logged


def test_a_rotation_that_is_killed_goes_on(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """At any moment: each wrap is the old one or the new one, and opens; what is left to do gets less."""
    monkeypatch.setattr(rotation, "BATCH", 3)
    logged, chance = _logged(founded), random.Random(5)
    _leave(founded)
    founded.runtime.casebook.drop_all()
    started = time.monotonic()
    rotation.rewrap_some(founded.context(COLLEAGUE))
    step = time.monotonic() - started
    killed, waiting = 0, rotation.look_at_rotation(founded.context()).waiting
    while killed < KILLS and waiting:
        killed += work_until_killed(founded, _rotate, chance.uniform(0, 2 * step))
        left = rotation.look_at_rotation(founded.context(COLLEAGUE)).waiting
        assert left <= waiting
        waiting = left
        one = chance.choice(logged)
        assert cases.get_case(founded.context(COLLEAGUE), one.case_id).people[0].identity.name
    works.do_all(founded.context(COLLEAGUE))
    assert killed >= 5 and rotation.look_at_rotation(founded.context()).waiting == 0
    for one in logged:
        assert cases.get_case(founded.context(COLLEAGUE), one.case_id).incidents[0].narrative.text
    assert open_log(founded.context())[-1]["event"] == "case.read"


def _rotate(founded: Founded) -> None:
    context = founded.context(COLLEAGUE)
    while rotation.rewrap_some(context):
        pass


def test_a_revocation_that_is_killed_has_happened_or_not(founded: Founded) -> None:
    """Nobody is half out: the roster, the seals, the seed and the cases agree."""
    _logged(founded)
    player, chance, outcomes = founded.players[CASEWORKER], random.Random(6), []
    started = time.monotonic()
    founded.context(COLLEAGUE)
    for _ in range(KILLS):
        work_until_killed(founded, _leave, chance.uniform(0, 0.1))
        is_out = founded.context(COORDINATOR).roster.members[player.id].status == "revoked"
        outcomes.append(is_out)
        held = list_cases(founded.context(COLLEAGUE), Filter(mine=True)).total
        assert held == (CASES if is_out else 0), f"{held} after {time.monotonic() - started}"
        if is_out:
            break
        assert founded.context(CASEWORKER).roles
    if not outcomes[-1]:
        _leave(founded)
    assert list_cases(founded.context(COLLEAGUE), Filter(mine=True)).total == CASES


def test_a_recovery_that_is_killed_has_happened_or_not(founded: Founded) -> None:
    """And whichever it is, a quorum goes on from there."""
    _logged(founded)
    chance = random.Random(7)
    for _ in range(8):
        work_until_killed(founded, _recover, chance.uniform(0, 0.6))
        quorum = recovering.open_with(MemberSecret(founded.players[COORDINATOR].recovery_seed))
        assert not quorum.closed
    _recover(founded)
    state = read_whole_roster()
    assert [state.members[id_].roles for id_ in state.active] == [("coordinator",)]


def _recover(founded: Founded) -> None:
    words = "seven amber kites drift inland"
    who = recovering.NewCoordinator(
        founded.players[COORDINATOR].id,
        MemberProfile("Cora", "en"),
        COORDINATOR,
        Choice(words, words),
    )
    quorum = recovering.open_with(MemberSecret(founded.players[COORDINATOR].recovery_seed))
    recovering.begin_anew(founded.runtime, quorum, who)
