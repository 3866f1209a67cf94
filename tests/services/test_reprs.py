"""Nothing that a service is given or gives prints a secret, nor what a record says."""

import base64
from collections.abc import Callable
from uuid import UUID

import pytest

from casework.config import load_settings
from casework.domain.incident import IncidentNarrative
from casework.domain.member import MemberProfile
from casework.domain.organization import OrganizationProfile
from casework.domain.person import PersonIdentity
from casework.domain.quorum import USUAL
from casework.services.books import TextBook
from casework.services.ceremony import Ceremony, Founder
from casework.services.recovery.shareentry import Entered
from casework.services.recovery.sharing import Sharing
from casework.services.signing_in import sessions
from casework.services.signing_in.passphrases import Choice
from casework.store.volatile import SessionRow
from casework.vault.identity import MemberSecret
from casework.vault.pin import Pin
from casework.vault.share import RecoveryShare
from casework.web.identity import SignedIn
from tests.support.application import CASEWORKER, Founded

SEED, WORDS = bytes(range(200, 232)), "four quiet canaries"
SHARING = Sharing(USUAL, SEED, (WORDS,) * 3)
FOUNDER = Founder(OrganizationProfile("Org", ("en",), "en"), MemberProfile("Ana", "en"), "ana")
SHOWN: dict[str, Callable[[Founded], object]] = {
    "context": lambda founded: founded.context(CASEWORKER),
    "signed in": lambda founded: SignedIn(founded.context(CASEWORKER)),
    "runtime": lambda founded: founded.runtime,
    "locked": lambda founded: sessions.Locked(UUID(int=1), Pin(1, SEED), 1),
    "choice": lambda founded: Choice(WORDS, WORDS, WORDS),
    "ceremony": lambda founded: Ceremony(FOUNDER, WORDS, SEED, WORDS, SHARING),
    "sharing": lambda founded: SHARING,
    "entered": lambda founded: Entered((RecoveryShare(WORDS, 1, 2, 3),)),
    "session": lambda founded: SessionRow(
        id_hash=bytes(32),
        row_id=UUID(int=1),
        member_id=UUID(int=1),
        started_at_seconds=1,
        seen_at_seconds=1,
        ends_at_seconds=1,
        confirmed_at_seconds=None,
        seed_sealed=SEED,
        pin_sealed=SEED,
        device_sealed=SEED,
    ),
    "settings": lambda founded: load_settings(
        {
            "CASEWORK_CONFIG": "",
            "CASEWORK_DATABASE_URL": "postgresql+psycopg://casework:canaries@db/casework",
            "CASEWORK_VOLATILE_URL": "rediss://:canaries@db",
        }
    ),
    "person": lambda founded: PersonIdentity(name=WORDS),
    "narrative": lambda founded: IncidentNarrative(text=WORDS),
    "book": lambda founded: TextBook(names={UUID(int=1): WORDS}),
    "keyring": lambda founded: founded.context(CASEWORKER).keyring,
    "secret": lambda founded: MemberSecret(SEED),
}


@pytest.mark.parametrize("name", SHOWN)
def test_reprs_hold_no_secret(name: str, founded: Founded) -> None:
    """Neither a seed, a key, a passphrase or a password, in any spelling, nor the words of a record."""
    shown = SHOWN[name](founded)
    secrets = [SEED, *(player.seed for player in founded.players.values())]
    keyring = founded.context(CASEWORKER).keyring
    secrets += [key for _, key in keyring.epoch_keys()] + [founded.runtime.host_key.passphrase_secret]
    for text in (repr(shown), str(shown), f"{shown}", repr([shown])):
        assert "canaries" not in text
        for secret in secrets:
            for spelt in (repr(secret)[2:-1], secret.hex(), base64.b64encode(secret).decode()[:42]):
                assert spelt not in text
