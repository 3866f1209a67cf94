"""A quorum of recovery shares begins anew: one coordinator, a new host key, new epochs; the others come back.

Nobody's passphrase is asked, and none opens anything afterwards. Records stay as they are: their keys were
sealed to the recovery key from the first day.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from casework.domain.member import MemberProfile, clean_login
from casework.domain.permissions import Role
from casework.errors import Invalid, VaultError
from casework.services import records
from casework.services.context import Context
from casework.services.instance import adopt_host_key, prepare_host_key
from casework.services.membership.epochs import held_keys, seal_keys, sign_into_roster
from casework.services.membership.memberkeys import find_member_row, forget_keys, new_member_row, write_keys
from casework.services.membership.members import list_former_members, write_profile
from casework.services.membership.rosters import read_whole_roster
from casework.services.organization import get_organization
from casework.services.recovery.drafts import take_over_drafts
from casework.services.recovery.quorumkeys import open_epoch_keys
from casework.services.restricted.renewal import take_over_cases
from casework.services.runtime import Runtime
from casework.services.signing_in.passphrases import Choice, check
from casework.services.signing_in.sessions import end_all_sessions
from casework.services.transactions import transaction
from casework.store import cases as cases_store
from casework.store import members as store
from casework.store.database import db, empty_log
from casework.store.volatilestore import VolatileAway
from casework.vault.compartments import RECOVERY_ID
from casework.vault.fields import Compartment
from casework.vault.hostkey import HostKey
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.keyring import Keyring
from casework.vault.passphrase import seal_seed
from casework.vault.rosterdeeds import new_epoch_keys, recover, revoke
from casework.vault.rosterentry import LAPSED
from casework.vault.rosterstate import RosterState


@dataclass(frozen=True, slots=True)
class Quorum:
    """What enough shares have opened. `closed` names the epoch keys that do not open.

    `earlier` are keys that shares from before gave: they open what was never sealed to those in force.
    """

    secret: MemberSecret
    roster: RosterState
    keyring: Keyring
    closed: tuple[str, ...]
    earlier: tuple[MemberSecret, ...] = ()

    @property
    def secrets(self) -> tuple[MemberSecret, ...]:
        """Every recovery key that there is."""
        return (self.secret, *self.earlier)


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many restricted cases and drafts are the new coordinator's, and how many stay closed.

    `has_sessions_left` where Redis was away, so that the sessions of before could not be ended.
    """

    cases: int
    drafts: int
    closed_cases: int
    closed_drafts: int
    has_sessions_left: bool = False


@dataclass(frozen=True, slots=True)
class NewCoordinator:
    """Who begins anew: a member of before, by id, or somebody new; with how they sign in from now on."""

    member_id: UUID | None
    profile: MemberProfile
    login: str
    choice: Choice


def find_recovery_key() -> MemberPublic:
    """Return the public half of the key that the shares have to give; raises Tampered for a forged roster."""
    return read_whole_roster().recovery_public


def open_with(secret: MemberSecret) -> Quorum:
    """Open every epoch key with the recovery key that the shares gave."""
    roster = read_whole_roster()
    opened = open_epoch_keys(secret, roster)
    keys = {place: key for place, key in opened.items() if key is not None}
    closed = tuple(f"{compartment} {epoch}" for (compartment, epoch), key in opened.items() if key is None)
    return Quorum(secret, roster, Keyring(keys, roster.write_epochs), closed)


def list_members_before(runtime: Runtime, quorum: Quorum) -> Mapping[UUID, MemberProfile]:
    """Return everybody who ever was a member, by id, as far as their profiles open."""
    context = _context(runtime, quorum, UUID(int=1), MemberSecret.generate())
    views = list_former_members(context, also_active=True)
    return {view.id: MemberProfile(view.display_name, view.language) for view in views}


def check_choice(choice: Choice) -> None:
    """Raise Invalid naming `passphrase` unless it was typed back as proposed."""
    check(choice, ())


def begin_anew(
    runtime: Runtime, quorum: Quorum, who: NewCoordinator, revoked: Collection[UUID] = ()
) -> Recovered:
    """Write the new beginning: roster entry, epochs and seals, the coordinator's keys, the new host key.

    Every other seed and seal is destroyed, every session ended; restricted cases name the coordinator too,
    and drafts are theirs, as far as they open. Killed in the middle, it has either not happened or is
    finished at the next start. `revoked` are members of before who stay so. Raises Invalid naming
    `passphrase`, `repeated` or `login`.
    """
    login = clean_login(who.login)
    check(who.choice, (login, who.profile.display_name))
    host_key = prepare_host_key(*runtime.host_key_files)
    secret, member_id = MemberSecret.generate(), who.member_id or uuid4()
    row = find_member_row(who.member_id) or new_member_row(member_id)
    version = row.seed_version + 1
    sealed = seal_seed(who.choice.typed, member_id, host_key, secret.seed, version=version)
    context = _context(runtime, quorum, member_id, secret)
    with transaction(context, "organization.recovered") as opened:
        _forget_everybody(runtime)
        row = find_member_row(who.member_id) or new_member_row(member_id)
        row.seed_version = version - 1
        row.login_hmac = host_key.login_hmac(login)
        write_keys(row, secret, sealed, quorum.roster.pin)
        db.session.add(row)
        db.session.flush()
        after = _begin_epochs(context, quorum, revoked)
        seal_keys(member_id, [Role.COORDINATOR], secret.public, held_keys(context))
        write_profile(after, row, who.profile)
        cases, closed_cases = take_over_cases(after, quorum.secrets, opened.generation)
        _write_host_key(context, host_key)
        drafts, closed_drafts = take_over_drafts(after, quorum.secrets)
        opened.note(member=member_id)
    adopt_host_key(runtime.host_key_files[1])
    has_sessions_left = not _end_sessions()
    empty_log()
    return Recovered(len(cases), drafts, len(closed_cases), closed_drafts, has_sessions_left)


def _end_sessions() -> bool:
    """End all of them; return whether the store took it. What is recovered is recovered without it too."""
    try:
        end_all_sessions()
    except VolatileAway:
        return False
    return True


def _begin_epochs(context: Context, quorum: Quorum, revoked: Collection[UUID]) -> Context:
    keys, public = new_epoch_keys(quorum.roster, Compartment), context.secret.public
    entry = recover(quorum.secret, quorum.roster, context.member_id, [Role.COORDINATOR], public, keys)
    after = sign_into_roster(context, entry, keys)
    for former_id in revoked:
        after = _keep_revoked(after, former_id)
    return after


def _keep_revoked(context: Context, member_id: UUID) -> Context:
    """Revoke somebody again whom an older database knows as a member."""
    member = context.roster.members.get(member_id)
    if member is None or member.status != LAPSED:
        return context
    entry = revoke(context.secret, context.member_id, context.roster, member_id, {})
    return sign_into_roster(context, entry, {})


def context_of(runtime: Runtime, quorum: Quorum) -> Context:
    """Stand for the quorum itself, where nobody has begun anew yet."""
    return _context(runtime, quorum, RECOVERY_ID, quorum.secret)


def _context(runtime: Runtime, quorum: Quorum, member_id: UUID, secret: MemberSecret) -> Context:
    """Stand for the quorum as a coordinator: it holds every key that is left."""
    return Context(runtime, member_id, frozenset({Role.COORDINATOR}), secret, quorum.keyring, quorum.roster)


def _forget_everybody(runtime: Runtime) -> None:
    for member in store.list_members():
        forget_keys(member)
    for invitation in store.list_open_invitations():
        invitation.closed_at = runtime.now()
        invitation.version += 1
    db.session.flush()


def _write_host_key(context: Context, host_key: HostKey) -> None:
    """Let the database know the new host key, and what stands in it as a MAC under it."""
    organization = get_organization()
    organization.version += 1
    organization.host_key_check = host_key.check
    organization.sealed_at = None
    for case in cases_store.list_all_cases():
        try:
            reference = records.open_case(context, case).reference
        except (VaultError, Invalid):
            continue  # it is named by verify, and stays as it is
        case.reference_hmac = host_key.reference_hmac(reference)
