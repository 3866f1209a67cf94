"""What coordinators are asked to do before real records: until each is done, and no longer."""

from casework.domain.permissions import Role
from casework.domain.recovery import RecoveryRecord
from casework.services.backups.making import make_backup
from casework.services.membership import admitting, invitations
from casework.services.organization import get_organization
from casework.services.readiness import Step, list_missing_steps
from casework.services.recovery.record import find_record, write_record
from casework.services.signing_in.passphrases import Choice
from casework.services.transactions import transaction
from tests.support.application import CASEWORKER, COORDINATOR, Founded

WORDS = "seven amber kites drift inland"


def test_each_step_until_it_is_done(founded: Founded) -> None:
    """In order; a second coordinator, a drill, a backup."""
    assert list_missing_steps(founded.context()) == list(Step)
    _promote(founded)
    assert list_missing_steps(founded.context()) == [Step.DRILL, Step.BACKUP]
    _drill(founded)
    assert list_missing_steps(founded.context()) == [Step.BACKUP]
    make_backup(founded.runtime)
    assert list_missing_steps(founded.context()) == []


def test_nobody_else_is_asked(founded: Founded) -> None:
    """A caseworker could do none of it."""
    assert list_missing_steps(founded.context(CASEWORKER)) == []


def _promote(founded: Founded) -> None:
    member_id = founded.players[CASEWORKER].id
    link = invitations.invite_again(founded.context(), member_id, frozenset({Role.COORDINATOR}))
    invitations.join(founded.runtime, link, CASEWORKER, Choice(WORDS, WORDS))
    one = next(one for one in invitations.list_invitees(founded.context()) if one.renews)
    admitting.admit_member(founded.context(), one.invitation_id, one.fingerprint, one.roles)


def _drill(founded: Founded) -> None:
    context = founded.context(COORDINATOR)
    with transaction(context, "recovery.drilled"):
        record = find_record(context)
        assert isinstance(record, RecoveryRecord)
        drilled = record.drilled(context.runtime.today(), context.member_id)
        write_record(context.keyring, get_organization(), drilled)
