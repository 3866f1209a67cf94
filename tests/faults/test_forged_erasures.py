"""Tombstones that nobody put up who may: in the database, in a ledger, by seeds that do not count."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest

from casework.domain.erasure import BY_BIN, Receipt
from casework.services import drafts, lists
from casework.services.auditing.findings import Fault
from casework.services.auditing.verifying import check_log
from casework.services.backups.folder import LEDGER, list_files
from casework.services.backups.ledger import Erased, Ledger, open_ledger, write_ledger
from casework.services.bin import bin_case
from casework.services.erasing import erase_case, erase_some, get_receipt, note_overwritten
from casework.services.incidents import log_incident
from casework.services.membership.leaving import revoke_member
from casework.services.tombstones import standing_of
from casework.services.verifying.checking import Failure
from casework.services.verifying.live import verify_live
from casework.services.works import do_all
from casework.store.cases import Case
from casework.store.database import db
from casework.store.erasures import Erasure, find_erasure
from casework.vault import documents
from casework.vault.erasure import Standing, Way, judge, sign_erasure
from casework.vault.fields import ERASURE_RECEIPT
from casework.vault.identity import MemberSecret
from casework.vault.pin import Pin
from casework.vault.roster import verify
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft
from tests.support.times import later

PLANTED = "2026-9999"
Statement = Callable[[Founded, UUID, datetime], bytes]


def signed_by(login: str, way: Way, name: str | None = None) -> Statement:
    """Sign with one member's seed, in the name of another perhaps."""

    def statement(founded: Founded, case_id: UUID, erased_at: datetime) -> bytes:
        secret, member_id = MemberSecret(founded.players[login].seed), founded.players[name or login].id
        return sign_erasure(secret, member_id, founded.context().roster.pin, case_id, erased_at, way)

    return statement


def of_another_case(founded: Founded, case_id: UUID, erased_at: datetime) -> bytes:
    """Take the coordinator's signature from the tombstone of a case that they did erase."""
    other = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    bin_case(founded.context(), other, 1)
    erase_case(founded.context(), other)
    row = find_erasure(other)
    assert row and row.signature
    return row.signature


def at_no_entry_of_this_roster(founded: Founded, case_id: UUID, erased_at: datetime) -> bytes:
    """Let the coordinator have signed in another organization with the same seed."""
    context = founded.context()
    pin = Pin(context.roster.number, bytes(32))
    return sign_erasure(context.secret, context.member_id, pin, case_id, erased_at, Way.HAND)


FORGED: dict[str, Statement] = {
    "nobody": lambda *_arguments: b"",
    "noise": lambda *_arguments: b"\1" * 90,
    "a caseworker by hand": signed_by(CASEWORKER, Way.HAND),
    "a caseworker, another's bin": signed_by(CASEWORKER, Way.ANOTHERS_BIN),
    "a caseworker in a coordinator's name": signed_by(CASEWORKER, Way.HAND, COORDINATOR),
    "moved from another case": of_another_case,
    "another roster": at_no_entry_of_this_roster,
}


def plant(founded: Founded, case_id: UUID, make: Statement) -> Erasure:
    """Put up a tombstone past every service, with a receipt as any member's keys seal it."""
    erased_at = founded.runtime.now().replace(microsecond=0)
    signature = make(founded, case_id, erased_at) or None
    planter = founded.context()
    told = Receipt(
        reference=PLANTED,
        erased_on=founded.runtime.today(),
        erased_by=planter.member_id,
        reason=BY_BIN,
        people=1,
        incidents=1,
    )
    plain = documents.encode(told.to_document())
    row = Erasure(
        case_id=case_id,
        version=1,
        generation=10**6,
        erased_at=erased_at,
        receipt_sealed=planter.keyring.seal(ERASURE_RECEIPT, case_id, 1, plain),
        receipt_version=1,
        signature=signature,
    )
    db.session.add(row)
    db.session.commit()
    return row


def erase(founded: Founded, login: str = COORDINATOR) -> UUID:
    """Erase a case by hand, as a member of that name does."""
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    bin_case(founded.context(CASEWORKER), case_id, 1)
    erase_case(founded.context(login), case_id)
    return case_id


def standing(founded: Founded, case_id: UUID) -> Standing:
    """Return what a tombstone is worth now."""
    db.session.rollback()
    row = find_erasure(case_id)
    assert row
    return standing_of(founded.context().roster, row)


def named_by_the_log(founded: Founded) -> set[tuple[Fault, UUID | None]]:
    """Return what `verify-audit` finds, each with its row."""
    return {(finding.fault, finding.row_id) for finding in check_log(founded.context()).findings}


def hurt(founded: Founded) -> list[Failure]:
    """Return what `verify` names."""
    failures: list[Failure] = []
    verify_live(founded.context(), lambda _total: None, failures.append, lambda _count: None)
    return failures


@pytest.mark.parametrize("by", FORGED)
def test_a_planted_tombstone_does_nothing(founded: Founded, by: str) -> None:
    """The case stays in lists, its drafts stay; `verify` names the row."""
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    drafts.keep_draft(founded.context(CASEWORKER), None, "person", f"/cases/{case_id}/people/{case_id}", {})
    lists.list_cases(founded.context(), lists.Filter(mine=False))
    plant(founded, case_id, FORGED[by])
    assert standing(founded, case_id) is Standing.UNPROVEN
    do_all(founded.context(CASEWORKER))
    assert len(drafts.list_drafts(founded.context(CASEWORKER))) == 1
    log_incident(founded.context(CASEWORKER), incident_draft())  # so that every book is read on
    shown = lists.list_cases(founded.context(), lists.Filter(mine=False)).lines
    assert case_id in {line.id for line in shown}
    assert [failure.row for failure in hurt(founded)] == [str(case_id)]


def test_a_draft_stays_while_its_case_does(founded: Founded) -> None:
    """Whoever signs: a tombstone beside a case that is there has buried nothing."""
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    drafts.keep_draft(founded.context(CASEWORKER), None, "person", f"/cases/{case_id}/people/{case_id}", {})
    plant(founded, case_id, signed_by(COORDINATOR, Way.HAND))
    do_all(founded.context(CASEWORKER))
    assert len(drafts.list_drafts(founded.context(CASEWORKER))) == 1


def test_the_genuine_one_is_signed(founded: Founded) -> None:
    """By hand and by the bin, with a coordinator's keys; by the bin with a caseworker's it counts as that."""
    by_hand = erase(founded)
    swept = {}
    for login in (COORDINATOR, CASEWORKER):
        case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
        bin_case(founded.context(CASEWORKER), case_id, 1)
        assert erase_some(later(founded.context(login), 31))
        swept[login] = case_id
    assert standing(founded, by_hand) is Standing.SIGNED
    assert standing(founded, swept[COORDINATOR]) is Standing.SIGNED
    assert standing(founded, swept[CASEWORKER]) is Standing.BIN
    assert get_receipt(founded.context(), swept[CASEWORKER]).standing == "bin"
    assert hurt(founded) == []


def test_a_changed_date_is_found(founded: Founded) -> None:
    """The signature is over the time that the receipt states."""
    case_id = erase(founded)
    row = db.session.get_one(Erasure, case_id)
    row.erased_at = later(founded.context(), -1).runtime.now().replace(microsecond=0)
    db.session.commit()
    assert standing(founded, case_id) is Standing.UNPROVEN


def test_what_a_member_erased_before_leaving_stands_and_nothing_after(founded: Founded) -> None:
    """The revocation signs anew what they had signed; with the seed that they keep they sign in vain.

    Nor does it lend its signature to what was planted before it.
    """
    context = later(founded.context(CASEWORKER), 31)
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    bin_case(founded.context(CASEWORKER), case_id, 1)
    assert erase_some(context)
    live = [log_incident(founded.context(COLLEAGUE), incident_draft()).case_id for _ in range(2)]
    plant(founded, live[0], FORGED["a caseworker by hand"])
    pin, leaver = founded.context().roster.pin, founded.players[CASEWORKER]
    revoke_member(founded.context(), leaver.id, founded.players[COLLEAGUE].id)
    assert standing(founded, case_id) is Standing.BIN
    row = find_erasure(case_id)
    assert row and row.signature and row.signature[1:17] == founded.players[COORDINATOR].id.bytes
    assert standing(founded, live[0]) is Standing.UNPROVEN

    def backdated(_founded: Founded, victim: UUID, erased_at: datetime) -> bytes:
        return sign_erasure(MemberSecret(leaver.seed), leaver.id, pin, victim, erased_at, Way.BIN)

    plant(founded, live[1], backdated)
    assert standing(founded, live[1]) is Standing.UNPROVEN


def test_what_was_planted_beside_a_live_case_is_lent_no_signature(founded: Founded) -> None:
    """Neither the planter's revocation nor the background writes to the row: the log goes on naming it."""
    case_id = log_incident(founded.context(COLLEAGUE), incident_draft()).case_id
    plant(founded, case_id, signed_by(CASEWORKER, Way.BIN))
    assert standing(founded, case_id) is Standing.UNPROVEN
    assert named_by_the_log(founded) == {(Fault.ROW_UNKNOWN, case_id)}
    do_all(founded.context(COLLEAGUE))
    assert named_by_the_log(founded) == {(Fault.ROW_UNKNOWN, case_id)}
    revoke_member(founded.context(), founded.players[CASEWORKER].id, founded.players[COLLEAGUE].id)
    do_all(founded.context(COLLEAGUE))
    assert named_by_the_log(founded) == {(Fault.ROW_UNKNOWN, case_id)}
    assert standing(founded, case_id) is Standing.UNPROVEN


def test_what_nobody_signed_is_never_said_to_be_overwritten(founded: Founded) -> None:
    """Nor is it taken into the log for that, where no case is beside it."""
    planted = UUID(int=7)
    plant(founded, planted, FORGED["nobody"])
    genuine = erase(founded)
    do_all(founded.context(COLLEAGUE))
    assert named_by_the_log(founded) == {(Fault.ROW_UNKNOWN, planted)}
    view = get_receipt(founded.context(), genuine)
    assert (view.overwritten_at is not None) == view.overwrites


def test_verify_names_what_stands_beside_a_live_case(founded: Founded) -> None:
    """Also where the signature is a good one: a coordinator's seed does not make it true."""
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    plant(founded, case_id, signed_by(COORDINATOR, Way.HAND))
    (found,) = hurt(founded)
    assert (found.row, found.reason) == (str(case_id), "a tombstone beside a live case")


def test_a_ledger_vouches_for_nothing_beside_a_live_case(founded: Founded) -> None:
    """It lists the row without its signature: a restore asks."""
    genuine, case_id = erase(founded), log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    plant(founded, case_id, signed_by(COORDINATOR, Way.HAND))
    signatures = {one.case_id: one.signature for one in newest_ledger(founded).erased}
    assert signatures[case_id] == b""
    assert signatures[genuine] != b""


def test_the_log_is_not_emptied_for_what_was_planted(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that nobody proves would have it emptied again and again, for it is never noted as done."""
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    plant(founded, case_id, signed_by(COORDINATOR, Way.HAND))
    monkeypatch.setattr("casework.services.erasing.empty_log", lambda: pytest.fail("the log was emptied"))
    assert note_overwritten(founded.context()) is False


@pytest.mark.parametrize("by", ["by hand", "by the bin"])
def test_what_was_planted_keeps_no_case_from_being_erased(founded: Founded, by: str) -> None:
    """The genuine tombstone takes its place, with a receipt of its own."""
    case_id = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    plant(founded, case_id, FORGED["noise"])
    bin_case(founded.context(CASEWORKER), case_id, 1)
    if by == "by hand":
        erase_case(founded.context(), case_id)
    else:
        assert erase_some(later(founded.context(), 31))
    assert db.session.get(Case, case_id) is None
    assert standing(founded, case_id) is Standing.SIGNED
    assert get_receipt(founded.context(), case_id).receipt.reference != PLANTED
    assert hurt(founded) == []


def newest_ledger(founded: Founded) -> Ledger:
    """Write the ledger as things stand, and open it."""
    assert write_ledger(founded.runtime) is None
    (file,) = list_files(founded.runtime.backup_folder, LEDGER)
    return open_ledger(MemberSecret(founded.players[COORDINATOR].recovery_seed), file)


@pytest.mark.parametrize("by", FORGED)
def test_a_line_planted_in_a_ledger_proves_nothing(founded: Founded, by: str) -> None:
    """Anybody can seal a ledger to the recovery key: what stands in it is held against the roster in it."""
    genuine, case_id = erase(founded), log_incident(founded.context(CASEWORKER), incident_draft()).case_id
    erased_at = founded.runtime.now().replace(microsecond=0)
    statement = FORGED[by](founded, case_id, erased_at)
    told = newest_ledger(founded)
    forged = replace(told, erased=[*told.erased, Erased(case_id, erased_at, statement)])
    again = type(told).from_document(forged.to_document())
    roster = verify(again.roster)
    worth = {one.case_id: judge(one.signature, roster, one.case_id, one.erased_at) for one in again.erased}
    assert worth[genuine] is Standing.SIGNED
    assert worth[case_id] is Standing.UNPROVEN
    assert db.session.get(Case, case_id) is not None
