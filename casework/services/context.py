"""Who is asking: a member with opened keys. Every service takes one."""

from dataclasses import dataclass
from uuid import UUID

from casework.domain.permissions import Permission, Role, compartments_of, permissions_of
from casework.errors import Forbidden, NotFound, Tampered, UnknownKey
from casework.services.runtime import Runtime
from casework.store import members as store
from casework.vault.compartments import open_epoch_key
from casework.vault.fields import MEMBER_PIN, Compartment
from casework.vault.identity import MemberSecret
from casework.vault.keyring import Keyring
from casework.vault.pin import Pin
from casework.vault.rosterentry import ACTIVE
from casework.vault.rosterstate import RosterState


@dataclass(frozen=True, slots=True)
class Context:
    """A signed-in member. Somebody not yet admitted has no roles and an empty keyring.

    `is_confirmed`: they have shown once more who they are a moment ago, and did not just leave a screen open.
    """

    runtime: Runtime
    member_id: UUID
    roles: frozenset[Role]
    secret: MemberSecret
    keyring: Keyring
    roster: RosterState
    has_second_factor: bool = False
    is_confirmed: bool = False

    @property
    def needs_second_factor(self) -> bool:
        """Whether this member may not go without a second factor: what coordinators open is everything."""
        return self.runtime.limits.second_factor_required and Role.COORDINATOR in self.roles

    @property
    def must_enrol(self) -> bool:
        """Whether nothing is open to this member until they have set up a second factor."""
        return self.needs_second_factor and not self.has_second_factor

    @property
    def is_pending(self) -> bool:
        """Whether a coordinator has still to admit this member."""
        return not self.roles

    def may(self, permission: Permission) -> bool:
        """Return whether one of the member's roles grants this."""
        return permission in permissions_of(self.roles)

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless one of the member's roles grants this."""
        if not self.may(permission):
            raise Forbidden(permission.value)

    def require_confirmed(self) -> None:
        """Raise Forbidden unless the member showed a moment ago who they are: `signing_in.confirming`."""
        if not self.is_confirmed:
            raise Forbidden("unconfirmed")


def build_context(runtime: Runtime, member_id: UUID, secret: MemberSecret, *seen: Pin) -> Context:
    """Open everything a member's seed opens, each key and role checked against the signed roster.

    The roster has to fit the member's own pin, and those in `seen`. Whoever has joined, anew or for the first
    time, waits without keys until a coordinator admits the key that they have now. Raises NotFound when the
    member is gone or no longer one, Tampered when the database disagrees with the roster, UnknownKey when a
    key that the member's roles grant is not there.
    """
    member = store.find_member(member_id)
    if member is None:
        raise NotFound("member")
    pin = Pin.decode(secret.open_own(MEMBER_PIN, member_id, member.pin_version, member.pin_sealed))
    roster = runtime.rosters.current(pin, *seen)
    entry = roster.members.get(member_id)
    if entry is not None and entry.public != secret.public and not store.has_joined_again(member_id):
        raise Tampered("the roster has another public key for this member")
    if entry is None or entry.public != secret.public:
        return Context(runtime, member_id, frozenset(), secret, Keyring({}, {}), roster)
    if entry.status != ACTIVE:
        raise NotFound("member")
    roles = frozenset(Role(role) for role in entry.roles)
    keyring = _open_keyring(member_id, roles, secret, roster)
    second = member.second_factor_sealed is not None
    return Context(runtime, member_id, roles, secret, keyring, roster, second)


def _open_keyring(
    member_id: UUID, roles: frozenset[Role], secret: MemberSecret, roster: RosterState
) -> Keyring:
    granted = {Compartment(name) for name in compartments_of(roles)}
    # By text: what stands in a row may be no compartment at all.
    known = {(compartment.value, epoch): compartment for compartment, epoch in roster.commitments}
    keys: dict[tuple[Compartment, int], bytes] = {}
    for seal in store.list_epoch_seals(member_id):
        compartment = known.get((seal.compartment, seal.epoch))
        if compartment is None:
            raise Tampered("a seal for an epoch that the roster does not know")
        if compartment in granted:
            place = compartment, seal.epoch
            keys[place] = open_epoch_key(
                secret, member_id, *place, seal.key_sealed, roster.commitments[place]
            )
    write_epochs = {compartment: roster.write_epochs[compartment] for compartment in granted}
    for compartment, epoch in write_epochs.items():
        if (compartment, epoch) not in keys:
            raise UnknownKey(f"no seal for {compartment} epoch {epoch}")
    return Keyring(keys, write_epochs)
