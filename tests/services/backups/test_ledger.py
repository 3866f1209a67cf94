"""The ledger: the newest roster and erasures, beside the backups, alone, for recovery only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from casework.domain.member import MemberProfile
from casework.domain.permissions import Role
from casework.errors import Tampered, UnknownKey
from casework.services.backups import ledger as ledgers
from casework.services.backups.folder import LEDGER, list_files
from casework.services.backups.making import make_backup
from casework.services.membership import invitations
from casework.services.membership.admitting import admit_member
from casework.services.signing_in.passphrases import Choice
from casework.vault.identity import MemberSecret
from casework.vault.roster import verify
from tests.support.application import CASEWORKER, COORDINATOR, Founded

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
WORDS = "eleven blue herons cross slowly"


def newest(founded: Founded) -> ledgers.Ledger:
    """Open the one that lies there."""
    (file,) = list_files(founded.runtime.backup_folder, LEDGER)
    return ledgers.open_ledger(MemberSecret(founded.players[COORDINATOR].recovery_seed), file)


def test_it_stands_beside_each_backup(founded: Founded) -> None:
    """With the whole roster and the end of the audit log; the newest alone."""
    for hours in range(2):
        make_backup(replace(founded.runtime, now=lambda hours=hours: NOON + timedelta(hours=hours)))  # type: ignore[misc]
    found = newest(founded)
    assert found.made_at == NOON + timedelta(hours=1)
    assert verify(found.roster).pin == founded.context().roster.pin
    assert found.erased == []


def test_it_follows_the_roster(founded: Founded) -> None:
    """Who was admitted since stands in the next one."""
    assert ledgers.write_ledger(founded.runtime) is None
    before = len(newest(founded).roster)
    link = invitations.invite(founded.context(), MemberProfile("Noor", "fr"), frozenset({Role.ADVOCATE}))
    invitations.join(founded.runtime, link, "noor", Choice(WORDS, WORDS))
    invitees = [i for i in invitations.list_invitees(founded.context()) if i.fingerprint]
    invitee = next(i for i in invitees if i.display_name == "Noor")
    admit_member(founded.context(), invitee.invitation_id, invitee.fingerprint or "", invitee.roles)
    assert ledgers.write_ledger(founded.runtime) is None
    assert len(newest(founded).roster) == before + 1


def test_no_member_opens_it(founded: Founded) -> None:
    """It is sealed to the recovery key alone."""
    ledgers.write_ledger(founded.runtime)
    (file,) = list_files(founded.runtime.backup_folder, LEDGER)
    with pytest.raises(UnknownKey):
        ledgers.open_ledger(MemberSecret(founded.players[CASEWORKER].seed), file)


def test_a_failure_is_said_and_kept(founded: Founded) -> None:
    """What was erased or revoked holds; the coordinators see that the ledger lags behind."""
    folder = founded.runtime.backup_folder
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    warning = ledgers.write_ledger(founded.runtime)
    assert warning is not None
    assert "could not be written" in warning
    assert ledgers.find_ledger_failure(founded.runtime) == warning
    assert warning.partition(":")[0] in founded.client(COORDINATOR).get("/backups").text
    folder.chmod(0o700)
    assert ledgers.write_ledger(founded.runtime) is None
    assert ledgers.find_ledger_failure(founded.runtime) is None


@pytest.mark.parametrize(
    "change", [{"schema": 3}, {"erased": "all"}, {"more": 1}, {"made_at": 5}, {"roster": [{}]}]
)
def test_another_document_is_refused(founded: Founded, change: dict[str, object]) -> None:
    """Strictly what `to_document` writes."""
    ledgers.write_ledger(founded.runtime)
    document = newest(founded).to_document()
    assert ledgers.Ledger.from_document(document).to_document() == document
    with pytest.raises(Tampered):
        ledgers.Ledger.from_document(document | change)
