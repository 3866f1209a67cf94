"""First run: the organization, its coordinator, the recovery shares: kept sealed until all is typed back."""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import uuid4

from casework.errors import Conflict, Invalid, NotFound, Tampered
from casework.services.runtime import Runtime
from casework.store import volatile
from casework.store.database import db
from casework.store.organization import find_organization
from casework.vault import documents, passphrase, recovery
from casework.vault.fields import CEREMONY_STATE
from casework.vault.identity import MemberSecret
from casework.vault.session import (
    decode_session_secret,
    encode_session_secret,
    new_session_secret,
    open_for_session,
    seal_for_session,
    session_id_hash,
)

THRESHOLD, SHARES = 2, 3


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What set-up has gathered so far. `confirmed` counts the recovery shares that were typed back."""

    language: str
    organization_name: str
    display_name: str
    login: str
    suggestion: str
    passphrase: str
    member_seed: str
    recovery_seed: str
    shares: tuple[str, ...]
    confirmed: int

    @property
    def step(self) -> str:
        """Return what comes next: passphrase, share or finish."""
        if not self.passphrase:
            return "passphrase"
        return "share" if self.confirmed < len(self.shares) else "finish"

    def seeds(self) -> tuple[MemberSecret, MemberSecret]:
        """Return the coordinator's and the recovery secret."""
        return MemberSecret(base64.b64decode(self.member_seed)), MemberSecret(
            base64.b64decode(self.recovery_seed)
        )


def begin(runtime: Runtime, language: str, organization_name: str, display_name: str, login: str) -> str:
    """Start a ceremony; returns what the cookie carries. Raises Conflict when an organization exists."""
    if find_organization() is not None:
        raise Conflict("organization")
    member, recovery_secret = MemberSecret.generate(), MemberSecret.generate()
    state = Ceremony(
        language=language,
        organization_name=organization_name,
        display_name=display_name,
        login=login,
        suggestion=passphrase.generate(language),
        passphrase="",
        member_seed=base64.b64encode(member.seed).decode(),
        recovery_seed=base64.b64encode(recovery_secret.seed).decode(),
        shares=tuple(recovery.split(recovery_secret.seed, THRESHOLD, SHARES)),
        confirmed=0,
    )
    secret = new_session_secret()
    cookie = encode_session_secret(secret)
    row = volatile.CeremonyRow(id_hash=session_id_hash(secret), row_id=uuid4(), version=0)
    _keep(runtime, cookie, row, state)
    db.session.add(row)
    db.session.commit()
    return cookie


def get_ceremony(cookie: str) -> Ceremony:
    """Return the state of a ceremony; raises NotFound when it is over or was never begun."""
    return _load(cookie)[1]


def suggest_again(runtime: Runtime, cookie: str) -> None:
    """Propose another passphrase."""
    row, state = _load(cookie)
    _keep(runtime, cookie, row, replace(state, suggestion=passphrase.generate(state.language)))
    db.session.commit()


def choose_passphrase(runtime: Runtime, cookie: str, chosen: str, repeated: str) -> None:
    """Take the suggested passphrase, or another one that is strong enough, typed twice.

    Raises Invalid naming `chosen` or `repeated`.
    """
    row, state = _load(cookie)
    check_passphrase(state.suggestion, chosen, repeated, (state.login, state.organization_name))
    _keep(runtime, cookie, row, replace(state, passphrase=chosen))
    db.session.commit()


def check_passphrase(suggestion: str, chosen: str, repeated: str, own_words: tuple[str, ...]) -> None:
    """Raise Invalid unless both agree and are the suggestion or strong enough."""
    if passphrase.normalise(chosen) != passphrase.normalise(repeated):
        raise Invalid(repeated="The two passphrases differ. Type the same words again.")
    if passphrase.normalise(chosen) != passphrase.normalise(suggestion):
        passphrase.require_strong(chosen, own_words)


def confirm_share(runtime: Runtime, cookie: str, typed: str) -> None:
    """Take the share that is due, typed back; raises Invalid naming `words` when it differs."""
    row, state = _load(cookie)
    if state.step != "share" or not recovery.same_share(state.shares[state.confirmed], typed):
        raise Invalid(words="These are not the words of this share. Compare them one by one with your sheet.")
    _keep(runtime, cookie, row, replace(state, confirmed=state.confirmed + 1))
    db.session.commit()


def end(cookie: str) -> None:
    """Forget a ceremony."""
    row = _find(cookie)[1]
    if row is not None:
        db.session.delete(row)
        db.session.commit()


def _keep(runtime: Runtime, cookie: str, row: volatile.CeremonyRow, state: Ceremony) -> None:
    document: dict[str, Any] = asdict(state) | {"shares": list(state.shares), "schema": 1}
    row.version += 1
    row.seen_at_seconds = runtime.now_seconds()
    row.state_sealed = seal_for_session(
        decode_session_secret(cookie), CEREMONY_STATE, row.row_id, row.version, documents.encode(document)
    )


def _load(cookie: str) -> tuple[volatile.CeremonyRow, Ceremony]:
    secret, row = _find(cookie)
    if row is None:
        raise NotFound("ceremony")
    plain = open_for_session(secret, CEREMONY_STATE, row.row_id, row.version, row.state_sealed)
    document: Mapping[str, Any] = documents.decode(plain)
    fields = {name: value for name, value in document.items() if name != "schema"}
    return row, Ceremony(**fields | {"shares": tuple(document["shares"])})


def _find(cookie: str) -> tuple[bytes, volatile.CeremonyRow | None]:
    try:
        secret = decode_session_secret(cookie)
    except Tampered:
        return b"", None
    return secret, volatile.find_ceremony(session_id_hash(secret))
