"""New recovery shares: from one moment on they open everything, and the old ones nothing."""

from dataclasses import replace
from typing import NoReturn

import pytest

from casework.domain.permissions import Permission
from casework.domain.quorum import USUAL, Quorum
from casework.errors import Conflict, Forbidden, Invalid, NotFound, ShareRefused, Tampered
from casework.services import cases, drafts, incidents, unfinished
from casework.services.context import Context
from casework.services.recovery import drills, renewals
from casework.services.recovery.overview import look_at_recovery
from casework.services.recovery.quorumkeys import open_all, open_epoch_keys
from casework.services.recovery.record import find_record
from casework.services.recovery.seals import count_waiting_cases, count_waiting_drafts, seal_own_drafts
from casework.services.recovery.shareentry import Entered
from casework.services.recovery.sharing import Sharing
from casework.services.works import do_all
from casework.store.cases import Case, list_case_keys
from casework.store.database import db
from casework.store.drafts import Draft
from casework.store.restricted import list_seals_to
from casework.store.volatile import CeremonyRow
from casework.store.volatilestore import list_records
from casework.vault.casekey import birth_epoch
from casework.vault.compartments import RECOVERY_ID
from casework.vault.draft import RECOVERY_INDEX, open_draft
from casework.vault.envelope import read_epoch
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.restricted import open_wrapped_key
from tests.faults.damage import flipped
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.dump import changed_tables, dump_tables
from tests.support.records import incident_draft

NEW = Quorum(3, 5)
OPENED_BY = {
    ADVOCATE: {Compartment.SHARED, Compartment.CODED},
    CASEWORKER: set(Compartment) - {Compartment.AUDIT},
    COORDINATOR: set(Compartment),
}


def draw(founded: Founded, quorum: Quorum = NEW) -> tuple[Context, str, Sharing]:
    """Draw new shares and type each back."""
    context = founded.context()
    cookie = renewals.begin_renewal(context, "", quorum)
    sharing = renewals.get_sharing(context, cookie)
    for share in sharing.shares:
        renewals.confirm_share(context, cookie, share)
    return context, cookie, sharing


def renew(founded: Founded, quorum: Quorum = NEW) -> Sharing:
    """Put new shares in force."""
    context, cookie, sharing = draw(founded, quorum)
    renewals.finish_renewal(context, cookie)
    return sharing


def keep(founded: Founded, login: str, text: str = "Papers.") -> Draft:
    """Keep a draft as this member."""
    draft_id = drafts.keep_draft(founded.context(login), None, "incident", "/incidents/new", {"text": [text]})
    row = db.session.get(Draft, draft_id)
    assert row is not None
    return row


def old_recovery(founded: Founded) -> MemberSecret:
    """Return the key that the shares of the founding give."""
    return MemberSecret(founded.players[COORDINATOR].recovery_seed)


def test_the_new_shares_open_everything_and_the_old_ones_no_key(founded: Founded) -> None:
    """Every epoch key, whatever was written before; with the old shares there is nothing to open."""
    sharing, context = renew(founded), founded.context()
    assert context.roster.recovery_public == sharing.public
    opened = open_epoch_keys(MemberSecret(sharing.seed), context.roster)
    assert opened == dict(context.keyring.epoch_keys())
    assert set(open_epoch_keys(old_recovery(founded), context.roster).values()) == {None}
    with pytest.raises(ShareRefused) as refused:
        drills.drill(context, Entered.of(founded.players[COORDINATOR].recovery_shares))
    assert refused.value.reason == "strange"
    assert drills.drill(context, Entered.of(sharing.shares[2:])).failed == ()


def test_what_is_written_from_then_on_lies_under_new_epochs(founded: Founded) -> None:
    """Of every compartment, for every member whose roles grant it; case keys are wrapped anew behind it."""
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    stale = founded.context(CASEWORKER)
    renew(founded)
    context = founded.context()
    assert context.roster.write_epochs == dict.fromkeys(Compartment, 2)
    for login, compartments in OPENED_BY.items():
        held = founded.context(login).keyring
        assert {one for one in Compartment if held.holds(one)} == compartments
        assert all(held.write_epoch(one) == 2 for one in compartments)
    with pytest.raises(Conflict):
        incidents.log_incident(stale, incident_draft())
    assert look_at_recovery(context).rotation.waiting == 2
    incidents.log_incident(founded.context(CASEWORKER), incident_draft(), logged.case_id)
    keys = list_case_keys(logged.case_id)
    assert {(birth_epoch(key.generation), read_epoch(key.key_sealed)) for key in keys} == {(1, 1), (2, 2)}
    do_all(founded.context(COLLEAGUE))
    assert look_at_recovery(founded.context()).rotation.waiting == 0
    assert {read_epoch(key.key_sealed) for key in list_case_keys(logged.case_id)} == {2}
    view = cases.get_case(founded.context(CASEWORKER), logged.case_id)
    assert [one.narrative.text for one in view.incidents] == 2 * [incident_draft().narrative.text]


def test_what_is_known_of_the_shares_is_written_down(founded: Founded) -> None:
    """How many, since when, by whom, and that nobody has tried them yet."""
    drills.drill(founded.context(), Entered.of(founded.players[COORDINATOR].recovery_shares))
    renew(founded)
    record = find_record(founded.context())
    assert record is not None
    assert (record.threshold, record.shares, record.drilled_on) == (3, 5, None)
    assert (record.made_on, record.made_by) == (founded.runtime.today(), founded.players[COORDINATOR].id)
    assert [entry["event"] for entry in open_log(founded.context())][-1] == "recovery.renewed"


def test_old_shares_are_told_to_be_old(founded: Founded) -> None:
    """A sheet from before is refused at once in a drill."""
    renew(founded)
    with pytest.raises(ShareRefused) as refused:
        drills.begin_entering(founded.context()).add(founded.players[COORDINATOR].recovery_shares[1])
    assert (refused.value.reason, refused.value.numbers) == ("superseded", (2,))


def test_until_the_last_step_nothing_changes(founded: Founded) -> None:
    """Drawn and typed back, the new shares are in force for nobody; stopped, they are forgotten."""
    before = dump_tables()
    _context, cookie, _sharing = draw(founded)
    assert set(changed_tables(before, dump_tables())) == {"ceremony"}
    renewals.stop_renewal(cookie)
    assert list_records(CeremonyRow) == []
    with pytest.raises(NotFound):
        renewals.get_sharing(founded.context(), cookie)


def test_no_step_can_be_left_out(founded: Founded) -> None:
    """A share that was not typed back keeps the new ones from being put in force."""
    context = founded.context()
    cookie = renewals.begin_renewal(context, "", USUAL)
    renewals.confirm_share(context, cookie, renewals.get_sharing(context, cookie).share)
    with pytest.raises(NotFound):
        renewals.finish_renewal(context, cookie)
    with pytest.raises(Invalid):
        renewals.confirm_share(context, cookie, renewals.get_sharing(context, cookie).shares[0])


def test_it_takes_a_coordinator_who_showed_who_they_are(founded: Founded) -> None:
    """A session alone draws nothing."""
    with pytest.raises(Forbidden, match="unconfirmed"):
        renewals.begin_renewal(replace(founded.context(), is_confirmed=False), "", USUAL)
    with pytest.raises(Forbidden, match=Permission.MANAGE_RECOVERY):
        renewals.begin_renewal(founded.context(CASEWORKER), "", USUAL)
    assert list_records(CeremonyRow) == []


def test_another_member_does_not_go_on_with_it(founded: Founded) -> None:
    """What one has drawn in a browser is not shown to who signs in there next."""
    context, cookie, _sharing = draw(founded)
    document = unfinished.load(cookie, "renewal") | {"member": founded.players[COLLEAGUE].id.hex}
    unfinished.keep(founded.runtime, cookie, document)
    with pytest.raises(NotFound):
        renewals.get_sharing(context, cookie)


def test_of_two_at_once_the_first_counts(founded: Founded) -> None:
    """Shares that were drawn to replace others do not replace those that did so meanwhile."""
    context, cookie, _late = draw(founded)
    first = renew(founded, USUAL)
    with pytest.raises(Conflict):
        renewals.finish_renewal(context, cookie)
    with pytest.raises(NotFound):
        renewals.finish_renewal(founded.context(), cookie)
    assert founded.context().roster.recovery_public == first.public


@pytest.mark.parametrize("step", ["sign_into_roster", "write_record", "seal_epoch_key"])
def test_broken_anywhere_the_old_ones_stay_in_force(
    founded: Founded, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No half of it."""

    def broken(*_arguments: object) -> NoReturn:
        raise ZeroDivisionError

    context, cookie, _sharing = draw(founded)
    monkeypatch.setattr(renewals, step, broken)
    before = dump_tables()
    with pytest.raises(ZeroDivisionError):
        renewals.finish_renewal(context, cookie)
    db.session.rollback()
    assert dump_tables() == before
    assert open_all(old_recovery(founded), founded.context().roster).failed == ()


def test_drafts_follow_when_their_writers_sign_in(founded: Founded) -> None:
    """The coordinator's own at once, others' later; new ones are sealed to the new shares from the start."""
    rows = {login: keep(founded, login) for login in (COORDINATOR, CASEWORKER, COLLEAGUE)}
    sharing = renew(founded)
    recovery = MemberSecret(sharing.seed)
    assert count_waiting_drafts(founded.context()) == 2
    assert look_at_recovery(founded.context()).waiting.drafts == 2
    assert open_all(recovery, founded.context().roster).drafts == 1
    assert seal_own_drafts(founded.context(CASEWORKER))
    assert not seal_own_drafts(founded.context(CASEWORKER))
    assert count_waiting_drafts(founded.context()) == 1
    keep(founded, CASEWORKER, "Another.")
    opened = open_all(recovery, founded.context().roster)
    assert (opened.drafts, opened.failed) == (3, ())
    row = rows[CASEWORKER]
    with pytest.raises(Tampered):
        open_draft(old_recovery(founded), RECOVERY_INDEX, row.id, row.content_sealed, version=row.version)
    view = drafts.get_draft(founded.context(CASEWORKER), row.id)
    assert view.fields["text"] == ["Papers."]
    assert [entry["event"] for entry in open_log(founded.context())].count("recovery.sealed") == 2


def test_a_draft_that_waits_still_opens_with_the_old_shares(founded: Founded) -> None:
    """Nothing is lost should its writer never come back."""
    row = keep(founded, CASEWORKER)
    renew(founded)
    assert open_draft(
        old_recovery(founded), RECOVERY_INDEX, row.id, row.content_sealed, version=row.version
    ).startswith(b"{")


def test_a_damaged_draft_is_left_as_it_is(founded: Founded) -> None:
    """It waits for ever, and keeps nobody from signing in or from sealing the others."""
    damaged, sound = keep(founded, CASEWORKER), keep(founded, CASEWORKER)
    damaged.content_sealed = flipped(damaged.content_sealed, -1)
    db.session.commit()
    renew(founded)
    assert seal_own_drafts(founded.context(CASEWORKER))
    assert not seal_own_drafts(founded.context(CASEWORKER))
    assert (damaged.recovery_number, damaged.version) == (1, 1)
    assert sound.version == 2


def test_it_can_be_done_again(founded: Founded) -> None:
    """Each time the ones before open nothing any more."""
    first, second = renew(founded), renew(founded, USUAL)
    roster = founded.context().roster
    assert open_all(MemberSecret(second.seed), roster).failed == ()
    assert len(open_all(MemberSecret(first.seed), roster).failed) == len(roster.commitments)


def log_restricted(founded: Founded, login: str) -> Case:
    """Log a case that only this member is named in."""
    context = founded.context(login)
    draft = incident_draft(restricted=True, team=frozenset({context.member_id}))
    return db.session.get_one(Case, incidents.log_incident(context, draft).case_id)


def test_restricted_cases_follow_when_somebody_named_signs_in(founded: Founded) -> None:
    """The coordinator's own at once, others' later, with new keys: then the old shares open none of them."""
    mine, theirs = log_restricted(founded, COORDINATOR), log_restricted(founded, CASEWORKER)
    sharing = renew(founded)
    recovery = MemberSecret(sharing.seed)
    assert count_waiting_cases(founded.context()) == look_at_recovery(founded.context()).waiting.cases == 1
    assert (mine.recovery_number, theirs.recovery_number) == (founded.context().roster.recovery_number, 1)
    assert open_all(recovery, founded.context().roster).cases == 1
    do_all(founded.context(COLLEAGUE))
    assert count_waiting_cases(founded.context()) == 1
    do_all(founded.context(CASEWORKER))
    opened = open_all(recovery, founded.context().roster)
    assert (opened.cases, opened.failed) == (2, ())
    for seal in list_seals_to(RECOVERY_ID):
        with pytest.raises(Tampered):
            open_wrapped_key(
                old_recovery(founded),
                RECOVERY_ID,
                seal.case_id,
                Compartment(seal.compartment),
                seal.generation,
                seal.key_sealed,
            )
    view = cases.get_case(founded.context(CASEWORKER), theirs.id)
    assert view.incidents[0].narrative.text == incident_draft().narrative.text
    events = [entry["event"] for entry in open_log(founded.context())]
    assert (events.count("recovery.case_sealed"), events.count("case.rekeyed")) == (1, 1)


def test_a_damaged_restricted_case_is_left_as_it_is(founded: Founded) -> None:
    """It waits, and keeps no other from being sealed."""
    damaged, sound = log_restricted(founded, CASEWORKER), log_restricted(founded, CASEWORKER)
    damaged.named_sealed = flipped(damaged.named_sealed or b"", -1)
    db.session.commit()
    renew(founded)
    do_all(founded.context(CASEWORKER))
    assert count_waiting_cases(founded.context()) == 1
    assert damaged.recovery_number == 1 and sound.recovery_number != 1


def test_whoever_is_signed_in_seals_what_waited(founded: Founded) -> None:
    """It is part of what is done in the background: nobody has to think of it."""
    keep(founded, CASEWORKER)
    renew(founded)
    do_all(founded.context(COLLEAGUE))
    assert count_waiting_drafts(founded.context()) == 1
    do_all(founded.context(CASEWORKER))
    assert count_waiting_drafts(founded.context()) == 0
