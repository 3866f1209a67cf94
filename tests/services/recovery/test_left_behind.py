"""What only the old shares open when new ones come: it is sealed anew by a quorum of them, or named."""

import pytest

from casework.domain.quorum import USUAL
from casework.errors import Invalid, NotFound, ShareRefused, Tampered
from casework.services import drafts, incidents
from casework.services.context import Context
from casework.services.membership.leaving import revoke_member
from casework.services.recovery import drills, earlier, renewals
from casework.services.recovery.overview import find_waiting, look_at_recovery
from casework.services.recovery.quorumkeys import open_all
from casework.services.recovery.shareentry import Entered
from casework.services.recovery.sharing import Sharing
from casework.services.recovery.waiting import Waiting, list_waiting
from casework.services.sealing import look_at_seal
from casework.services.works import do_all
from casework.store.cases import Case, CaseAccess, list_people
from casework.store.database import db
from casework.store.drafts import Draft
from casework.vault.draft import MEMBER_INDEX, RECOVERY_INDEX, open_draft
from casework.vault.identity import MemberSecret
from tests.services.membership.test_coming_back import admit_again, join_again, signed_in
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.dump import changed_tables, dump_tables
from tests.support.records import incident_draft


def old_shares(founded: Founded) -> tuple[str, ...]:
    """Return the sheets of the founding."""
    return founded.players[COORDINATOR].recovery_shares


def draw(founded: Founded) -> tuple[Context, str, Sharing]:
    """Draw new shares and type each back."""
    context = founded.context()
    cookie = renewals.begin_renewal(context, "", USUAL)
    sharing = renewals.get_sharing(context, cookie)
    for share in sharing.shares:
        renewals.confirm_share(context, cookie, share)
    return context, cookie, sharing


def renew(founded: Founded, *shares: str, gives_up: bool = False) -> tuple[Sharing, Waiting]:
    """Put new shares in force, with so many of the old ones."""
    context, cookie, sharing = draw(founded)
    for share in shares:
        renewals.enter_earlier(context, cookie, share)
    return sharing, renewals.finish_renewal(context, cookie, gives_up=gives_up)


def log_restricted(founded: Founded, login: str) -> Case:
    """Log a case that only this member is named in."""
    context = founded.context(login)
    draft = incident_draft(restricted=True, team=frozenset({context.member_id}))
    return db.session.get_one(Case, incidents.log_incident(context, draft).case_id)


def keep(founded: Founded, login: str) -> Draft:
    """Keep a draft as this member."""
    draft_id = drafts.keep_draft(
        founded.context(login), None, "incident", "/incidents/new", {"text": ["Half"]}
    )
    return db.session.get_one(Draft, draft_id)


def leave(founded: Founded, login: str) -> None:
    """End a membership."""
    revoke_member(founded.context(), founded.players[login].id, founded.players[COLLEAGUE].id)


def counts(waiting: Waiting) -> tuple[int, int, int, int]:
    """Return its numbers."""
    return waiting.cases, waiting.drafts, waiting.lost_cases, waiting.lost_drafts


def opened_by(founded: Founded, sharing: Sharing) -> tuple[int, int, tuple[str, ...]]:
    """Return how many cases and drafts these shares open, and what not."""
    opened = open_all(MemberSecret(sharing.seed), founded.context().roster)
    return opened.cases, opened.drafts, opened.failed


def test_what_nobody_could_seal_anew_asks_for_the_old_shares(founded: Founded) -> None:
    """A case whose only named member has left, a draft of theirs: refused, and nothing is changed."""
    log_restricted(founded, CASEWORKER)
    keep(founded, CASEWORKER)
    leave(founded, CASEWORKER)
    context, cookie, _sharing = draw(founded)
    assert counts(renewals.look_ahead(context)) == (1, 1, 1, 1)
    before = dump_tables()
    with pytest.raises(Invalid, match="No member can seal anew"):
        renewals.finish_renewal(context, cookie)
    renewals.enter_earlier(context, cookie, old_shares(founded)[0])
    with pytest.raises(Invalid):
        renewals.finish_renewal(context, cookie)
    assert set(changed_tables(before, dump_tables())) <= {"ceremony"}


def test_with_the_old_shares_it_is_sealed_anew(founded: Founded) -> None:
    """In the same step; then nothing waits, the new shares open all of it and the old ones none."""
    case = log_restricted(founded, CASEWORKER)
    draft = keep(founded, CASEWORKER)
    leave(founded, CASEWORKER)
    sharing, waiting = renew(founded, *old_shares(founded)[1:])
    assert waiting.total == 0 and find_waiting(founded.context()) is None
    assert opened_by(founded, sharing) == (1, 1, ())
    assert case.recovery_number == draft.recovery_number == founded.context().roster.recovery_number
    old = MemberSecret(founded.players[COORDINATOR].recovery_seed)
    with pytest.raises(Tampered):
        open_draft(old, RECOVERY_INDEX, draft.id, draft.content_sealed, version=draft.version)
    left = MemberSecret(founded.players[CASEWORKER].seed)
    with pytest.raises(Tampered):
        open_draft(left, MEMBER_INDEX, draft.id, draft.content_sealed, version=draft.version)


def test_what_others_open_need_not_wait_for_them(founded: Founded) -> None:
    """With the old shares nobody has to sign in; they read on as before, and the coordinator does not."""
    case, draft = log_restricted(founded, CASEWORKER), keep(founded, CASEWORKER)
    sharing, waiting = renew(founded, *old_shares(founded)[:2])
    assert waiting.total == 0
    assert opened_by(founded, sharing) == (1, 1, ())
    assert drafts.get_draft(founded.context(CASEWORKER), draft.id).fields["text"] == ["Half"]
    do_all(founded.context(CASEWORKER))
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft(), case.id)
    assert logged.case_id == case.id
    with pytest.raises(NotFound):
        incidents.log_incident(founded.context(), incident_draft(), case.id)


def test_without_them_it_says_what_waits_and_for_whom(founded: Founded) -> None:
    """Nothing is lost while somebody can sign in: the renewal goes on, and every page names the rest."""
    log_restricted(founded, CASEWORKER)
    keep(founded, COLLEAGUE)
    sharing, waiting = renew(founded)
    assert counts(waiting) == (1, 1, 0, 0)
    view = look_at_recovery(founded.context())
    assert view.waiting == waiting == look_at_seal(founded.context()).waiting
    assert len(view.waiting_for) == 2 and find_waiting(founded.context()) == waiting
    assert find_waiting(founded.context(CASEWORKER)) is None
    told = drills.drill(founded.context(), Entered.of(sharing.shares[:2]))
    assert (told.cases, told.failed, told.waiting) == (0, (), waiting)
    do_all(founded.context(CASEWORKER))
    do_all(founded.context(COLLEAGUE))
    assert find_waiting(founded.context()) is None


def test_who_leaves_before_signing_in_is_made_up_for_afterwards(founded: Founded) -> None:
    """The keepers of the old sheets bring it over; a quorum of the new ones opens it then."""
    log_restricted(founded, CASEWORKER)
    sharing, _waiting = renew(founded)
    leave(founded, CASEWORKER)
    assert counts(look_at_recovery(founded.context()).waiting) == (1, 0, 1, 0)
    cookie, context = "", founded.context()
    for share in old_shares(founded)[:2]:
        cookie, entered = earlier.enter_earlier(context, cookie, share)
    done = earlier.bring_over(context, entered)
    assert (done.cases, done.drafts) == (1, 0)
    assert opened_by(founded, sharing) == (1, 0, ())
    assert [entry["event"] for entry in open_log(founded.context())][-1] == "recovery.brought_over"
    with pytest.raises(ShareRefused) as refused:
        earlier.bring_over(founded.context(), entered)
    assert refused.value.reason == "idle"


def test_too_few_are_left_and_it_goes_on_all_the_same(founded: Founded) -> None:
    """Else there would be no new shares ever; it stays named, and waits for the sheets to be found."""
    log_restricted(founded, CASEWORKER)
    leave(founded, CASEWORKER)
    _sharing, waiting = renew(founded, gives_up=True)
    assert counts(waiting) == (1, 0, 1, 0)
    assert earlier.bring_over(founded.context(), Entered.of(old_shares(founded)[:2])).cases == 1


def test_other_sheets_than_those_in_force_are_refused(founded: Founded) -> None:
    """On the way to new shares only those in force count; afterwards, those in force do not."""
    context, cookie, new = draw(founded)
    with pytest.raises(ShareRefused) as refused:
        renewals.enter_earlier(context, cookie, new.shares[0])
    assert refused.value.reason == "superseded"
    renewals.enter_earlier(context, cookie, old_shares(founded)[0])
    assert renewals.get_earlier(context, cookie).numbers == [1]
    renewals.finish_renewal(context, cookie)
    with pytest.raises(ShareRefused) as refused:
        earlier.enter_earlier(founded.context(), "", new.shares[0])
    assert refused.value.reason == "current"


def test_a_draft_from_before_its_writer_came_back_is_theirs_again(founded: Founded) -> None:
    """Their new key opened it no more; with the old shares it is sealed to that key."""
    draft = keep(founded, CASEWORKER)
    join_again(founded)
    assert counts(renewals.look_ahead(founded.context())) == (0, 1, 0, 1)
    admit_again(founded)
    assert counts(renewals.look_ahead(founded.context())) == (0, 1, 0, 1)
    assert drafts.count_closed_drafts(signed_in(founded)) == 1
    renew(founded, *old_shares(founded)[:2])
    assert drafts.get_draft(signed_in(founded), draft.id).fields["text"] == ["Half"]


def test_a_case_that_a_row_alone_names_others_in_stays_as_it_is(founded: Founded) -> None:
    """Who writes to the database cannot have new shares, or old ones afterwards, seal its keys to them."""
    case, thief = log_restricted(founded, CASEWORKER), founded.players[COLLEAGUE].id
    db.session.add(CaseAccess(case_id=case.id, member_id=thief))
    db.session.commit()
    before = dump_tables()["case_key_seal"]
    renew(founded, *old_shares(founded)[:2])
    assert dump_tables()["case_key_seal"] == before
    assert list_waiting(founded.context().roster).cases == 1
    with pytest.raises(ShareRefused) as refused:
        earlier.bring_over(founded.context(), Entered.of(old_shares(founded)[:2]))
    assert refused.value.reason == "idle"
    db.session.delete(db.session.get_one(CaseAccess, (case.id, thief)))
    db.session.commit()
    assert earlier.bring_over(founded.context(), Entered.of(old_shares(founded)[:2])).cases == 1


def test_a_hurt_case_stays_as_it_is(founded: Founded) -> None:
    """What does not open is not made worse, and keeps nothing else from being sealed."""
    hurt, sound = log_restricted(founded, CASEWORKER), log_restricted(founded, CASEWORKER)
    person = list_people(hurt.id)[0]
    person.identity_sealed = person.identity_sealed[:-1] + bytes([person.identity_sealed[-1] ^ 1])
    db.session.commit()
    leave(founded, CASEWORKER)
    before = (hurt.recovery_number, hurt.named_sealed, hurt.named_version)
    _sharing, waiting = renew(founded, *old_shares(founded)[:2])
    assert counts(waiting) == (1, 0, 1, 0)
    assert (hurt.recovery_number, hurt.named_sealed, hurt.named_version) == before
    assert sound.recovery_number != before[0]
