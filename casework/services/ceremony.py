"""First run: the organization, its coordinator, the recovery shares: kept sealed until all is typed back."""

import base64
from dataclasses import dataclass, replace
from typing import Self

from casework.domain.documents import Document
from casework.domain.member import MemberProfile
from casework.domain.messages import N_
from casework.domain.organization import OrganizationProfile
from casework.errors import Conflict, Invalid, NotFound
from casework.services import unfinished
from casework.services.context import build_context
from casework.services.founding import found_organization
from casework.services.passphrases import Choice, check, generate
from casework.services.patterns import add_starter_patterns
from casework.services.runtime import Runtime
from casework.services.sessions import start_session
from casework.store.organization import find_organization
from casework.vault import recovery
from casework.vault.identity import MemberSecret

THRESHOLD, SHARES = 2, 3
_KIND = "setup"


@dataclass(frozen=True, slots=True)
class Founder:
    """Who sets up what."""

    organization: OrganizationProfile
    coordinator: MemberProfile
    login: str


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What set-up has gathered so far. `confirmed` counts the recovery shares that were typed back."""

    founder: Founder
    suggestion: str
    member_seed: bytes
    recovery_seed: bytes
    shares: tuple[str, ...]
    passphrase: str = ""
    confirmed: int = 0

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "Ceremony(…)"

    @property
    def step(self) -> str:
        """Return what comes next: passphrase, share or finish."""
        if not self.passphrase:
            return "passphrase"
        return "share" if self.confirmed < len(self.shares) else "finish"

    @property
    def share(self) -> str:
        """Return the share that is due; raises NotFound when none is."""
        if self.step != "share":
            raise NotFound("share")
        return self.shares[self.confirmed]

    def to_document(self) -> Document:
        """Give the plain form that is sealed."""
        return {
            "schema": 1,
            "kind": _KIND,
            "organization": self.founder.organization.to_document(),
            "coordinator": self.founder.coordinator.to_document(),
            "login": self.founder.login,
            "suggestion": self.suggestion,
            "member_seed": base64.b64encode(self.member_seed).decode(),
            "recovery_seed": base64.b64encode(self.recovery_seed).decode(),
            "shares": list(self.shares),
            "passphrase": self.passphrase,
            "confirmed": self.confirmed,
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
            base64.b64decode(document["recovery_seed"]),
            tuple(document["shares"]),
            document["passphrase"],
            document["confirmed"],
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


def confirm_share(runtime: Runtime, cookie: str, typed: str) -> None:
    """Take the share that is due, typed back; raises Invalid naming `words` when it differs."""
    state = get_ceremony(cookie)
    if not recovery.same_share(state.share, typed):
        raise Invalid(words=N_("These are not the words of this share. Compare them with your sheet."))
    unfinished.keep(runtime, cookie, replace(state, confirmed=state.confirmed + 1).to_document())


def compare_share(cookie: str, typed: str) -> tuple[int, list[int]]:
    """Return how many words of the share that is due are missing, and the numbers of those that differ.

    More words than there should be count as negative; numbers are given only when none is missing.
    """
    expected, given = get_ceremony(cookie).share.split(), typed.split()
    missing = len(expected) - len(given)
    if missing:
        return missing, []
    pairs = enumerate(zip(expected, given, strict=True), start=1)
    return 0, [number for number, (right, word) in pairs if not recovery.same_share(right, word)]


def finish(runtime: Runtime, cookie: str) -> str:
    """Found the organization and sign its coordinator in; returns what the member's cookie carries.

    Raises Conflict when an organization exists, NotFound when a step is missing.
    """
    state = get_ceremony(cookie)
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
        MemberSecret(state.recovery_seed).public,
    )
    unfinished.forget(cookie)
    add_starter_patterns(build_context(runtime, member_id, secret))
    return start_session(runtime, member_id, secret)


def _new(founder: Founder) -> Ceremony:
    recovery_secret = MemberSecret.generate()
    return Ceremony(
        founder,
        generate(founder.coordinator.language),
        MemberSecret.generate().seed,
        recovery_secret.seed,
        tuple(recovery.split(recovery_secret.seed, THRESHOLD, SHARES)),
    )
