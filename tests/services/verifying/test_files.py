"""Verifying a backup: with a quorum, everything in it, and nothing of what is in use is touched."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from casework.errors import BackupFailed, ShareRefused
from casework.services.backups import making
from casework.services.backups.making import make_backup
from casework.services.cases import get_case
from casework.services.drafts import keep_draft
from casework.services.incidents import log_incident
from casework.services.recovery.shareentry import Entered
from casework.services.restricted.restricting import restrict
from casework.services.verifying.checking import Failure, Result
from casework.services.verifying.files import verify_backup
from casework.store.cases import Incident
from casework.store.database import db
from casework.store.drafts import Draft
from casework.vault.identity import MemberSecret
from casework.vault.recovery import split
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.dump import dump_tables
from tests.support.records import incident_draft


def shares_of(seed: bytes, count: int = 2) -> Entered:
    """Return so many shares of a seed, as they are typed."""
    entered = Entered()
    for words in split(seed)[:count]:
        entered = entered.add(words)
    return entered


def verify(founded: Founded, file: Path, entered: Entered | None = None) -> tuple[Result, list[Failure]]:
    """Verify a file with the organization's shares."""
    failures: list[Failure] = []
    entered = entered or shares_of(founded.players[COORDINATOR].recovery_seed)
    ignore: Callable[[int], None] = lambda _count: None  # noqa: E731 - nobody looks at the progress
    return verify_backup(founded.runtime, file, entered, ignore, failures.append, ignore), failures


@pytest.fixture
def incident_id(founded: Founded) -> UUID:
    """An incident and a draft."""
    keep_draft(founded.context(CASEWORKER), None, "incident", "/incidents/new", {"text": ["half a story"]})
    return log_incident(founded.context(CASEWORKER), incident_draft()).incident_id


def test_a_quorum_opens_everything(founded: Founded, incident_id: UUID) -> None:
    """Drafts and the audit log too; only passphrases, links and members' own seals stay closed."""
    file = make_backup(founded.runtime)
    before = dump_tables()
    result, failures = verify(founded, file)
    assert failures == []
    assert result.opened > 40
    assert dump_tables() == before
    assert not list(founded.runtime.data_folder.glob("*.unfinished"))


def test_a_restricted_case_opens_to_a_quorum(founded: Founded, incident_id: UUID) -> None:
    """Its key is sealed to recovery beside those who are named."""
    case_id = db.session.get_one(Incident, incident_id).case_id
    before, _failures = verify(founded, make_backup(founded.runtime))
    version = get_case(founded.context(CASEWORKER), case_id).version
    restrict(founded.context(CASEWORKER), case_id, version, frozenset())
    time.sleep(1.1)
    after, failures = verify(founded, make_backup(founded.runtime))
    assert failures == []
    assert after.opened > before.opened


def test_a_draft_under_another_name_is_named(founded: Founded, incident_id: UUID) -> None:
    """Its content names who wrote it; who writes to the database put somebody else into its row."""
    db.session.scalars(select(Draft)).one().member_id = founded.players[COORDINATOR].id
    db.session.commit()
    _result, failures = verify(founded, make_backup(founded.runtime))
    assert [(failure.table, failure.column) for failure in failures] == [("draft", "content_sealed")]


def test_what_was_hurt_before_is_named(founded: Founded, incident_id: UUID) -> None:
    """A backup of a hurt record does not pass for a sound one."""
    row = db.session.get_one(Incident, incident_id)
    row.narrative_sealed = row.narrative_sealed[:-1]
    db.session.commit()
    _result, failures = verify(founded, make_backup(founded.runtime))
    assert [(failure.table, failure.row) for failure in failures] == [("incident", str(incident_id))]


def test_other_shares_and_too_few(founded: Founded) -> None:
    """Each is told from a damaged file."""
    file = make_backup(founded.runtime)
    with pytest.raises(BackupFailed, match="other shares"):
        verify(founded, file, shares_of(MemberSecret.generate().seed))
    with pytest.raises(ShareRefused):
        verify(founded, file, shares_of(founded.players[COORDINATOR].recovery_seed, 1))


@pytest.mark.parametrize("cut", [-1, 100, 1000, -40_000])
def test_a_damaged_file(founded: Founded, cut: int) -> None:
    """Cut short anywhere, it is said to be damaged, and nothing of it is left behind."""
    file = make_backup(founded.runtime)
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(BackupFailed, match="damaged"):
        verify(founded, file)
    assert not list(founded.runtime.data_folder.glob("*.unfinished"))


def test_a_roster_swapped_in_the_file(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sealed it: a list of members that does not fit the manifest is refused."""
    describe = making._describe
    monkeypatch.setattr(
        making,
        "_describe",
        lambda copy, files, roster, at: replace(
            described := describe(copy, files, roster, at), roster=replace(described.roster, hash=bytes(32))
        ),
    )
    with pytest.raises(BackupFailed, match="tampered"):
        verify(founded, make_backup(founded.runtime))
