"""Passphrases at the lowest cost that is let through, for tests that open them again and again."""

from casework.store.database import db
from casework.store.members import find_member
from casework.vault.passphrase import Cost, seal_seed
from tests.support.application import Founded

CHEAP = Cost(iterations=1, memory_kib=19 * 1024, lanes=1)


def make_cheap(founded: Founded, *logins: str) -> None:
    """Seal the seeds of these members again, under the same passphrase."""
    for login in logins:
        player, row = founded.players[login], find_member(founded.players[login].id)
        assert row is not None
        host_key = founded.runtime.host_key
        row.seed_sealed = seal_seed(player.passphrase, player.id, host_key, player.seed, cost=CHEAP)
    db.session.commit()
