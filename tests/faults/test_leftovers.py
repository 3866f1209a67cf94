"""What was destroyed stands in no file any more, SQLite's log included, where overwritten pages wait."""

from collections.abc import Callable
from pathlib import Path

import pytest

from casework.services import authentication, sessions
from casework.services.passphrases import Choice
from casework.services.runtime import Runtime
from casework.store import volatile
from casework.store.database import db
from casework.store.members import find_member
from casework.vault.identity import MemberSecret
from casework.vault.session import decode_session_secret, session_id_hash
from tests.support.application import CASEWORKER, Founded


@pytest.fixture
def cookie(founded: Founded) -> str:
    """A session of the caseworker, begun now."""
    player = founded.players[CASEWORKER]
    return sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))


def files_of(bind: str | None) -> bytes:
    """Return all that the database, its log and its shared memory hold."""
    path = Path(db.engines[bind].url.database or "")
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
    assert sealed in files_of("volatile")
    end(founded.runtime, cookie)
    assert sealed not in files_of("volatile")


def test_an_old_passphrase_opens_nothing_that_is_on_the_disk(founded: Founded, cookie: str) -> None:
    """After a change, the seed as it was sealed before stands neither in the database nor in its log."""
    context, player = founded.context(CASEWORKER), founded.players[CASEWORKER]
    member = find_member(player.id)
    assert member is not None
    before = member.seed_sealed
    assert before in files_of(None)
    chosen = Choice("velvet harbour cobalt thirteen moss", "velvet harbour cobalt thirteen moss")
    authentication.change_passphrase(context, cookie, player.passphrase, chosen)
    assert before not in files_of(None)
