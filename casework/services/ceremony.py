"""First run: the organization, its coordinator, the recovery shares: kept sealed until all is typed back."""

import base64
from dataclasses import dataclass, replace
from typing import Self

from casework.domain.device import UNKNOWN_DEVICE, Device
from casework.domain.documents import Document
from casework.domain.member import MemberProfile
from casework.domain.organization import OrganizationProfile
from casework.domain.quorum import Quorum
from casework.errors import Conflict, NotFound
from casework.services import unfinished
from casework.services.context import build_context
from casework.services.founding import found_organization
from casework.services.patterns import add_starter_patterns
from casework.services.recovery.sharing import Sharing
from casework.services.runtime import Runtime
from casework.services.signing_in.passphrases import Choice, check, generate
from casework.services.signing_in.sessions import start_session
from casework.store.organization import find_organization
from casework.vault.identity import MemberSecret

_KIND = "setup"


@dataclass(frozen=True, slots=True)
class Founder:
    """Who sets up what."""

    organization: OrganizationProfile
    coordinator: MemberProfile
    login: str


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What set-up has gathered so far. `sharing` is None until the number of shares is chosen."""

    founder: Founder
    suggestion: str
    member_seed: bytes
    passphrase: str = ""
    sharing: Sharing | None = None

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "Ceremony(…)"

    @property
    def step(self) -> str:
        """Return what comes next: passphrase, shares (how many), share (the next one) or finish."""
        if not self.passphrase:
            return "passphrase"
        if self.sharing is None:
            return "shares"
        return "finish" if self.sharing.is_complete else "share"

    def to_document(self) -> Document:
        """Give the plain form that is sealed."""
        return {
            "schema": 2,
            "kind": _KIND,
            "organization": self.founder.organization.to_document(),
            "coordinator": self.founder.coordinator.to_document(),
            "login": self.founder.login,
            "suggestion": self.suggestion,
            "member_seed": base64.b64encode(self.member_seed).decode(),
            "passphrase": self.passphrase,
            "sharing": self.sharing.to_document() if self.sharing else None,
        }

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """Read what `to_document` gave."""
        founder = Founder(
            OrganizationProfile.from_document(document["organization"]),
            MemberProfile.from_document(document["coordinator"]),
            document["login"],
        )
        return cls(
            founder,
            document["suggestion"],
            base64.b64decode(document["member_seed"]),
            document["passphrase"],
            Sharing.from_document(document["sharing"]) if document["sharing"] else None,
        )


def begin(runtime: Runtime, cookie: str, founder: Founder) -> str:
    """Start a ceremony, or correct the names in the one begun; returns what the cookie has to carry.

    Raises Conflict when an organization exists.
    """
    if find_organization() is not None:
        raise Conflict("organization")
    try:
        state = replace(get_ceremony(cookie), founder=founder)
    except NotFound:
        state = _new(founder)
    return unfinished.keep(runtime, cookie, state.to_document())


def get_ceremony(cookie: str) -> Ceremony:
    """Return the state of a ceremony; raises NotFound when it is over or was never begun."""
    return Ceremony.from_document(unfinished.load(cookie, _KIND))


def suggest_again(runtime: Runtime, cookie: str, language: str) -> None:
    """Propose another passphrase."""
    state = replace(get_ceremony(cookie), suggestion=generate(language))
    unfinished.keep(runtime, cookie, state.to_document())


def choose_passphrase(runtime: Runtime, cookie: str, choice: Choice) -> None:
    """Take the proposed passphrase, typed back, or another one, typed twice.

    Raises Invalid naming `passphrase` or `repeated`.
    """
    state = get_ceremony(cookie)
    founder = state.founder
    check(
        replace(choice, suggestion=state.suggestion),
        (founder.login, founder.organization.name, founder.coordinator.display_name),
    )
    unfinished.keep(runtime, cookie, replace(state, passphrase=choice.typed).to_document())


def get_sharing(cookie: str) -> Sharing:
    """Return the shares as far as they are typed back; raises NotFound before their number is chosen."""
    sharing = get_ceremony(cookie).sharing
    if sharing is None:
        raise NotFound("shares")
    return sharing


def choose_quorum(runtime: Runtime, cookie: str, quorum: Quorum) -> None:
    """Draw that many shares; the same number again keeps those drawn, another draws all anew."""
    state = get_ceremony(cookie)
    if state.sharing is None or state.sharing.quorum != quorum:
        unfinished.keep(runtime, cookie, replace(state, sharing=Sharing.draw(quorum)).to_document())


def confirm_share(runtime: Runtime, cookie: str, typed: str) -> None:
    """Take the share that is due, typed back; raises Invalid naming `words` when it differs."""
    state, sharing = get_ceremony(cookie), get_sharing(cookie)
    unfinished.keep(runtime, cookie, replace(state, sharing=sharing.confirm(typed)).to_document())


def finish(runtime: Runtime, cookie: str, device: Device = UNKNOWN_DEVICE) -> str:
    """Found the organization and sign its coordinator in; returns what the member's cookie carries.

    Raises Conflict when an organization exists, NotFound when a step is missing.
    """
    state, sharing = get_ceremony(cookie), get_sharing(cookie)
    if state.step != "finish":
        raise NotFound("finish")
    founder, secret = state.founder, MemberSecret(state.member_seed)
    member_id = found_organization(
        runtime,
        founder.organization,
        founder.coordinator,
        founder.login,
        state.passphrase,
        secret,
        sharing.public,
        shares=sharing.record(runtime.today()),
    )
    unfinished.forget(cookie)
    add_starter_patterns(build_context(runtime, member_id, secret))
    return start_session(runtime, member_id, secret, device)


def _new(founder: Founder) -> Ceremony:
    return Ceremony(founder, generate(founder.coordinator.language), MemberSecret.generate().seed)
