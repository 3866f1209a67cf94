"""Somebody who writes to the database puts their own name on another member's draft, and waits."""

from uuid import UUID

import pytest
from sqlalchemy import update

from casework.domain.quorum import USUAL
from casework.errors import Tampered
from casework.services import drafts, works
from casework.services.membership.leaving import revoke_member
from casework.services.recovery import earlier, renewals
from casework.services.recovery.quorumkeys import open_all
from casework.services.recovery.shareentry import Entered
from casework.services.recovery.sharing import Sharing
from casework.store.database import db
from casework.store.drafts import Draft
from casework.vault import documents
from casework.vault.draft import MEMBER_INDEX, RECOVERY_INDEX, open_draft, seal_draft
from casework.vault.identity import MemberSecret
from tests.faults import forgery
from tests.services.membership.test_coming_back import admit_again, join_again, signed_in
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded

VICTIM, THIEF = CASEWORKER, COLLEAGUE
TEXT = "Abel hides at the church."
FIELDS = {"text": [TEXT]}


def keep(founded: Founded, *, is_old: bool = False) -> UUID:
    """Keep a draft; an old one is from before drafts named their writers."""
    kept = drafts.keep_draft(founded.context(VICTIM), None, "incident", "/x", FIELDS)
    if is_old:
        context, plain = founded.context(VICTIM), {"schema": 1, "path": "/x", "fields": FIELDS}
        publics = context.secret.public, context.roster.recovery_public
        sealed = seal_draft(publics, kept, documents.encode(plain))
        forgery.execute(update(Draft).values(content_sealed=sealed))
    return kept


def move(founded: Founded, login: str) -> None:
    """Put a member's name on the draft."""
    forgery.execute(update(Draft).values(member_id=founded.players[login].id))


def row_of(kept: UUID) -> Draft:
    """Return the draft's row as it stands."""
    db.session.rollback()
    return db.session.get_one(Draft, kept)


def renew(founded: Founded, *, at_once: bool) -> Sharing:
    """Draw new shares; the old ones seal what waits, on the way or afterwards."""
    context, old = founded.context(), founded.players[COORDINATOR].recovery_shares[:2]
    cookie = renewals.begin_renewal(context, "", USUAL)
    sharing = renewals.get_sharing(context, cookie)
    for share in sharing.shares:
        renewals.confirm_share(context, cookie, share)
    for share in old if at_once else ():
        renewals.enter_earlier(context, cookie, share)
    renewals.finish_renewal(context, cookie)
    if not at_once:
        earlier.bring_over(founded.context(), Entered.of(old))
    return sharing


@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize("at_once", [True, False])
def test_new_shares_hand_it_to_nobody(founded: Founded, at_once: bool, is_old: bool) -> None:
    """Not to whose name stands on it; the new shares open it, and its writer once the name is right again."""
    kept = keep(founded, is_old=is_old)
    move(founded, THIEF)
    sharing = renew(founded, at_once=at_once)
    works.do_all(founded.context(THIEF))
    assert drafts.list_drafts(founded.context(THIEF)) == []
    assert drafts.count_closed_drafts(founded.context(THIEF)) == 1
    with pytest.raises(Tampered):
        drafts.get_draft(founded.context(THIEF), kept)
    opened = open_all(MemberSecret(sharing.seed), founded.context().roster)
    assert (opened.drafts, opened.failed, opened.waiting.drafts) == (1, (), 0)
    old, row = MemberSecret(founded.players[COORDINATOR].recovery_seed), row_of(kept)
    for secret, index in ((old, RECOVERY_INDEX), (founded.context(THIEF).secret, MEMBER_INDEX)):
        with pytest.raises(Tampered):
            open_draft(secret, index, kept, row.content_sealed, version=row.version)
    move(founded, VICTIM)
    assert drafts.get_draft(founded.context(VICTIM), kept).fields == FIELDS


def test_new_shares_give_it_to_its_writer_s_new_key(founded: Founded) -> None:
    """Its content says whose it is: once the name is right it is theirs, who came back under a new key."""
    kept = keep(founded)
    move(founded, THIEF)
    join_again(founded)
    admit_again(founded)
    renew(founded, at_once=True)
    assert drafts.list_drafts(signed_in(founded)) == drafts.list_drafts(founded.context(THIEF)) == []
    move(founded, VICTIM)
    assert drafts.get_draft(signed_in(founded), kept).fields == FIELDS


@pytest.mark.parametrize("is_old", [False, True])
def test_who_has_left_opens_it_no_more(founded: Founded, is_old: bool) -> None:
    """Under the name of who is no member it goes to recovery alone."""
    kept = keep(founded, is_old=is_old)
    revoke_member(founded.context(), founded.players[VICTIM].id, founded.players[THIEF].id)
    sharing = renew(founded, at_once=True)
    row, new = row_of(kept), MemberSecret(sharing.seed)
    assert open_draft(new, RECOVERY_INDEX, kept, row.content_sealed, version=row.version)
    with pytest.raises(Tampered):
        secret = MemberSecret(founded.players[VICTIM].seed)
        open_draft(secret, MEMBER_INDEX, kept, row.content_sealed, version=row.version)


def test_an_old_draft_stays_its_writer_s(founded: Founded) -> None:
    """What names nobody is lost to nobody; kept once more, it names who could open it."""
    kept = keep(founded, is_old=True)
    assert drafts.get_draft(founded.context(VICTIM), kept).fields == FIELDS
    renew(founded, at_once=True)
    assert drafts.get_draft(founded.context(VICTIM), kept).fields == FIELDS


def test_an_old_draft_names_its_writer_who_seals_it_anew(founded: Founded) -> None:
    """They could open it: from then on it is refused to anybody else."""
    kept = keep(founded, is_old=True)
    context = founded.context()
    cookie = renewals.begin_renewal(context, "", USUAL)
    sharing = renewals.get_sharing(context, cookie)
    for share in sharing.shares:
        renewals.confirm_share(context, cookie, share)
    renewals.finish_renewal(context, cookie)
    works.do_all(founded.context(VICTIM))
    row = row_of(kept)
    plain = open_draft(
        MemberSecret(sharing.seed), RECOVERY_INDEX, kept, row.content_sealed, version=row.version
    )
    assert documents.decode(plain)["writer"] == founded.players[VICTIM].id.hex


def test_a_draft_that_names_somebody_else_is_refused(founded: Founded) -> None:
    """Even where it is sealed to whose name stands on it."""
    kept, thief = keep(founded), founded.context(THIEF)
    content = {"schema": 2, "path": "/x", "fields": FIELDS, "writer": founded.players[VICTIM].id.hex}
    publics = thief.secret.public, thief.roster.recovery_public
    sealed = seal_draft(publics, kept, documents.encode(content))
    forgery.execute(update(Draft).values(member_id=thief.member_id, content_sealed=sealed))
    with pytest.raises(Tampered):
        drafts.get_draft(founded.context(THIEF), kept)
    renew(founded, at_once=False)
    works.do_all(founded.context(THIEF))
    assert drafts.list_drafts(founded.context(THIEF)) == []
