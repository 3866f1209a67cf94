"""What a quorum of old recovery shares opens after new ones came, from files alone; and kills."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from casework.domain.quorum import USUAL
from casework.errors import VaultError
from casework.services import cases, drafts, incidents, works
from casework.services.membership import rotation
from casework.services.recovery import renewals
from casework.services.recovery.quorumkeys import open_all
from casework.services.recovery.sharing import Sharing
from casework.vault import documents
from casework.vault.audit import AuditLink, open_entry
from casework.vault.compartments import RECOVERY_ID
from casework.vault.draft import RECOVERY_INDEX, open_draft
from casework.vault.envelope import read_epoch
from casework.vault.fields import (
    CASE_CODED,
    INCIDENT_CODED,
    ORGANIZATION_RECOVERY,
    PERSON_CODED,
    Compartment,
)
from casework.vault.identity import MemberSecret
from casework.vault.keyring import Keyring
from casework.vault.restricted import open_wrapped_key
from tests.support.application import (
    CASEWORKER,
    COLLEAGUE,
    COORDINATOR,
    Founded,
    Template,
    build_app,
    close,
)
from tests.support.killing import work_until_killed
from tests.support.records import incident_draft
from tests.support.thief import CaseKeys, Dump, Keys

BEFORE, AFTER = "She was asked for papers twice.", "He was held for two days."
KILLS = 20
FIELDS = {
    "case": (CASE_CODED, "coded_version", "coded_sealed"),
    "incident": (INCIDENT_CODED, "coded_version", "coded_sealed"),
    "organization": (ORGANIZATION_RECOVERY, "recovery_version", "recovery_sealed"),
    "person": (PERSON_CODED, "coded_version", "coded_sealed"),
}


@dataclass(frozen=True)
class Loot:
    """The database of before, those of since, and the seeds that the shares of then and of now give."""

    before: Dump
    at_once: Dump
    after: Dump
    old_seed: bytes
    new_seed: bytes


@pytest.fixture(scope="module")
def loot(
    sqlite_template: Template, bytecode_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loot]:
    """Cases of before, one restricted; then new shares; then they go on, before and after the rotation."""
    folder, kept = tmp_path_factory.mktemp("renewal") / "instance", tmp_path_factory.mktemp("kept")
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder)
        with app.app_context():
            founded = Founded(app, sqlite_template.players)
            logged, restricted = _write_before(founded)
            close(app)
            shutil.copy(folder / "casework.sqlite", kept / "before.sqlite")
            cookie, sharing = _draw(founded)
            renewals.finish_renewal(founded.context(), cookie)
            _write_after(founded, logged, restricted)
            close(app)
            shutil.copy(folder / "casework.sqlite", kept / "at_once.sqlite")
            works.do_all(founded.context(CASEWORKER))
        close(app)
        shutil.copy(folder / "casework.sqlite", kept / "after.sqlite")
    dumps = [Dump(kept / f"{name}.sqlite") for name in ("before", "at_once", "after")]
    old_seed = sqlite_template.players[COORDINATOR].recovery_seed
    yield Loot(dumps[0], dumps[1], dumps[2], old_seed, sharing.seed)
    for dump in dumps:
        dump.close()


def _write_before(founded: Founded) -> tuple[UUID, UUID]:
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft(BEFORE))
    named = incident_draft(restricted=True, team=frozenset({founded.players[CASEWORKER].id}))
    return logged.case_id, incidents.log_incident(founded.context(CASEWORKER), named).case_id


def _write_after(founded: Founded, logged: UUID, restricted: UUID) -> None:
    incidents.log_incident(founded.context(COLLEAGUE), incident_draft(AFTER), logged)
    incidents.log_incident(founded.context(COLLEAGUE), incident_draft(AFTER))
    incidents.log_incident(founded.context(CASEWORKER), incident_draft(AFTER), restricted)
    drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/incidents/new", {"text": [AFTER]})


def _draw(founded: Founded) -> tuple[str, Sharing]:
    context = founded.context()
    cookie = renewals.begin_renewal(context, "", USUAL)
    sharing = renewals.get_sharing(context, cookie)
    for share in sharing.shares:
        renewals.confirm_share(context, cookie, share)
    return cookie, sharing


def _old_keys(loot: Loot) -> Keys:
    return loot.before.open_by_quorum(loot.old_seed)


def _rows(dump: Dump, query: str) -> list[sqlite3.Row]:
    connection = sqlite3.connect(f"file:{dump.file}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    rows = connection.execute(query).fetchall()
    connection.close()
    return rows


def test_the_old_shares_open_all_of_the_old_copy_and_no_key_of_a_new_one(loot: Loot) -> None:
    """What was written before, they open for ever; nothing new is sealed to them, from the first moment."""
    keys = _old_keys(loot)
    assert keys.keys() == {(compartment, 1) for compartment in Compartment}
    assert loot.before.read_narratives_with(loot.before.open_case_keys(keys)) == [BEFORE]
    for dump in (loot.at_once, loot.after):
        with pytest.raises(VaultError):
            dump.open_by_quorum(loot.old_seed)


def test_with_an_old_copy_they_read_nothing_that_was_written_since(loot: Loot) -> None:
    """All that a quorum could have kept: every epoch key of then, and the case keys, also of a new copy."""
    keys = _old_keys(loot)
    kept = loot.before.open_case_keys(keys)
    for dump in (loot.at_once, loot.after):
        assert dump.read_narratives_with(kept | _case_keys_that_open(dump, keys)) == [BEFORE]
    with pytest.raises(VaultError):
        loot.after.open_case_keys(keys)


def _case_keys_that_open(dump: Dump, keys: Keys) -> CaseKeys:
    keyring = Keyring(keys, {compartment: epoch for compartment, epoch in keys})
    opened: CaseKeys = {}
    for row in _rows(dump, "SELECT * FROM case_key WHERE compartment = 'narrative'"):
        place = UUID(row["case_id"]), Compartment.NARRATIVE, row["generation"], row["key_sealed"]
        with suppress(VaultError):
            opened[row["case_id"], row["generation"]] = keyring.open_case_key(*place)
    return opened


def test_once_the_keys_are_wrapped_anew_they_open_no_case_key_of_a_new_copy(loot: Loot) -> None:
    """Before that only those of cases that stood in the old copy."""
    keys = _old_keys(loot)
    assert _case_keys_that_open(loot.at_once, keys).keys() == loot.before.open_case_keys(keys).keys()
    assert _case_keys_that_open(loot.after, keys) == {}


@pytest.mark.parametrize("table", FIELDS)
def test_no_document_of_since_opens(loot: Loot, table: str) -> None:
    """Coded answers, patterns, the organization's own: what opens lies under the epoch of before."""
    field, version, sealed = FIELDS[table]
    keys = _old_keys(loot)
    keyring = Keyring(keys, {compartment: epoch for compartment, epoch in keys})
    rows = _rows(loot.after, f'SELECT id, {version}, {sealed} FROM "{table}"')  # noqa: S608
    assert {read_epoch(row[sealed]) for row in rows} >= {2}
    for row in rows:
        place = field, UUID(row["id"]), row[version], row[sealed]
        if read_epoch(row[sealed]) == 1:
            assert keyring.open(*place)
        else:
            with pytest.raises(VaultError):
                keyring.open(*place)


def test_the_log_of_since_stays_closed(loot: Loot) -> None:
    """The entry of the renewal itself is the last that the old audit key opens."""
    key = MemberSecret(_old_keys(loot)[Compartment.AUDIT, 1])
    opened, previous = [], bytes(32)
    for row in _rows(loot.after, "SELECT * FROM audit_entry ORDER BY sequence"):
        link = AuditLink(row["sequence"], row["entry_sealed"], row["mac"], row["rows_hash"], row["hash"])
        try:
            opened.append(documents.decode(open_entry(key, previous, link))["event"])
        except VaultError:
            opened.append("")
        previous = link.hash
    assert opened.index("recovery.renewed") == opened.index("") - 1
    assert set(opened[opened.index("") :]) == {""}


@pytest.mark.parametrize("when", ["at_once", "after"])
def test_restricted_cases_and_drafts_of_since_stay_closed(loot: Loot, when: str) -> None:
    """The key of a case that was written to is another one, sealed to the new shares."""
    old, new, dump = MemberSecret(loot.old_seed), MemberSecret(loot.new_seed), getattr(loot, when)
    seals = _rows(dump, f"SELECT * FROM case_key_seal WHERE recipient_id = '{RECOVERY_ID.hex}'")  # noqa: S608
    assert len(seals) == 2
    for row in seals:
        place = UUID(row["case_id"]), Compartment(row["compartment"]), row["generation"], row["key_sealed"]
        assert open_wrapped_key(new, RECOVERY_ID, *place)
        with pytest.raises(VaultError):
            open_wrapped_key(old, RECOVERY_ID, *place)
    (draft,) = _rows(dump, "SELECT * FROM draft")
    lies = RECOVERY_INDEX, UUID(draft["id"]), draft["content_sealed"]
    assert open_draft(new, *lies, version=draft["version"])
    with pytest.raises(VaultError):
        open_draft(old, *lies, version=draft["version"])


def test_the_new_shares_open_all_of_it(loot: Loot) -> None:
    """What was written before as well."""
    keys = loot.after.open_by_quorum(loot.new_seed)
    assert keys.keys() == {(compartment, epoch) for compartment in Compartment for epoch in (1, 2)}
    assert sorted(loot.after.read_narratives_with(loot.after.open_case_keys(keys))) == [AFTER, AFTER, BEFORE]


def test_a_renewal_that_is_killed_has_happened_or_not(founded: Founded) -> None:
    """Either the old shares open everything or the new ones do, and every member goes on."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft(BEFORE))
    old, chance, is_new = MemberSecret(founded.players[COORDINATOR].recovery_seed), random.Random(8), False
    cookie, sharing = _draw(founded)
    killed = 0
    for _ in range(KILLS):
        killed += work_until_killed(founded, lambda one: _finish(one, cookie), chance.uniform(0, 0.15))
        context = founded.context()
        is_new = context.roster.recovery_public == sharing.public
        assert open_all(MemberSecret(sharing.seed) if is_new else old, context.roster).failed == ()
        assert set(context.roster.write_epochs.values()) == {2 if is_new else 1}
        if is_new:
            break
        assert cases.get_case(founded.context(CASEWORKER), logged.case_id).incidents[0].narrative.text
    if not is_new:
        _finish(founded, cookie)
    works.do_all(founded.context(CASEWORKER))
    assert cases.get_case(founded.context(CASEWORKER), logged.case_id).incidents[0].narrative.text == BEFORE
    assert killed and rotation.look_at_rotation(founded.context()).waiting == 0


def _finish(founded: Founded, cookie: str) -> None:
    renewals.finish_renewal(founded.context(), cookie)
