"""What was destroyed stands in no file any more, SQLite's log included, where overwritten pages wait."""

from collections.abc import Callable
from pathlib import Path

import pytest

from casework.domain.quorum import USUAL
from casework.services.recovery import drills, renewals
from casework.services.recovery.entering import forget_entered
from casework.services.runtime import Runtime
from casework.services.signing_in import authentication, sessions
from casework.services.signing_in.passphrases import Choice
from casework.store import volatile
from casework.store.database import db
from casework.store.members import find_member, list_recovery_seals
from casework.store.volatile import CeremonyRow
from casework.store.volatilestore import list_records
from casework.vault.identity import MemberSecret
from casework.vault.session import decode_session_secret, session_id_hash
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.kept import kept_bytes


@pytest.fixture
def cookie(founded: Founded) -> str:
    """A session of the caseworker, begun now."""
    player = founded.players[CASEWORKER]
    return sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))


def files_of() -> bytes:
    """Return all that the database, its log and its shared memory hold."""
    path = Path(db.engine.url.database or "")
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize("end", [lambda _runtime, cookie: sessions.lock(cookie), sessions.sign_out])
def test_an_ended_session_leaves_no_sealed_seed_in_any_file(
    founded: Founded, cookie: str, end: Callable[[Runtime, str], None]
) -> None:
    """Lock and sign-out take the sealed seed out of the volatile database and of its log."""
    row = volatile.find_session(session_id_hash(decode_session_secret(cookie)))
    assert row is not None and row.seed_sealed is not None
    sealed = row.seed_sealed
    db.session.rollback()
    assert sealed in kept_bytes()
    end(founded.runtime, cookie)
    assert sealed not in kept_bytes()


def test_an_old_passphrase_opens_nothing_that_is_on_the_disk(founded: Founded, cookie: str) -> None:
    """After a change, the seed as it was sealed before stands neither in the database nor in its log."""
    context, player = founded.context(CASEWORKER), founded.players[CASEWORKER]
    member = find_member(player.id)
    assert member is not None
    before = member.seed_sealed
    assert before in files_of()
    chosen = Choice("velvet harbour cobalt thirteen moss", "velvet harbour cobalt thirteen moss")
    authentication.change_passphrase(context, cookie, player.passphrase, chosen)
    assert before not in files_of()


def test_after_new_recovery_shares_the_old_seals_are_in_no_file(founded: Founded) -> None:
    """What the old shares opened stands neither in the database nor in its log."""
    context = founded.context()
    sealed = [seal.key_sealed for seal in list_recovery_seals()]
    db.session.rollback()
    assert all(seal in files_of() for seal in sealed)
    cookie = renewals.begin_renewal(context, "", USUAL)
    for share in renewals.get_sharing(context, cookie).shares:
        renewals.confirm_share(context, cookie, share)
    renewals.finish_renewal(context, cookie)
    left = files_of()
    assert not any(seal in left for seal in sealed)


def test_a_drill_leaves_nothing_of_the_shares(founded: Founded) -> None:
    """Once it is over, what was entered stands, sealed as it was, in no volatile file any more."""
    context, shares = founded.context(), founded.players[COORDINATOR].recovery_shares
    cookie, _entered = drills.enter_share(context, "", shares[0])
    (row,) = list_records(CeremonyRow)
    state = row.state_sealed
    db.session.rollback()
    assert state in kept_bytes()
    forget_entered(cookie)
    assert state not in kept_bytes()
