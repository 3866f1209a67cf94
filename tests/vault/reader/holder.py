"""Who reads: a member with passphrase and host key, or a quorum; and the epoch keys that they hold."""

from dataclasses import dataclass
from pathlib import Path

from tests.vault.reader.conventions import digest, frame, u32
from tests.vault.reader.envelope import EpochKeys, open_own
from tests.vault.reader.people import Host, open_seed
from tests.vault.reader.recovery import combine
from tests.vault.reader.refusals import UnknownKey, WrongPassphrase, require
from tests.vault.reader.roster import Entry, Roster, read_roster
from tests.vault.reader.rosterform import NOBODY
from tests.vault.reader.seals import Secret
from tests.vault.reader.tables import Tables, to_id


@dataclass(frozen=True)
class Holder:
    """Somebody whose keys were found to be the roster's. `id` is sixteen zero bytes for recovery."""

    id: bytes
    secret: Secret
    roster: Roster
    epochs: EpochKeys


def list_entries(tables: Tables) -> list[Entry]:
    """Return the roster's entries as they are stored."""
    rows = tables.rows("roster_entry", "number")
    return [(row["number"], row["body"], row["signature"]) for row in rows]


def commit(compartment: str, epoch: int, key: bytes) -> bytes:
    """Return the commitment to an epoch key."""
    return digest("casework v1 epoch commitment", compartment, u32(epoch), key)


def open_epoch_key(secret: Secret, recipient: bytes, place: tuple[str, int], sealed: bytes) -> bytes:
    """Return the epoch key in a seal; the commitment is still to be compared."""
    info = frame("casework v1 epoch key", recipient, place[0], u32(place[1]))
    return secret.unseal(info, sealed)


def _open_epochs(secret: Secret, recipient: bytes, rows: list[dict], roster: Roster) -> EpochKeys:  # type: ignore[type-arg]
    keys = {}
    for row in rows:
        place = (row["compartment"], row["epoch"])
        key = open_epoch_key(secret, recipient, place, row["key_sealed"])
        require(
            place in roster.commitments and commit(*place, key) == roster.commitments[place], "commitment"
        )
        keys[place] = key
    for epoch in range(1, roster.newest["audit"] + 1):
        if ("audit", epoch) in keys and epoch == roster.newest["audit"]:
            require(Secret(keys["audit", epoch]).public == roster.audit, "audit key")
    return EpochKeys(keys)


def sign_in(file: Path, halves: tuple[bytes, bytes], login: str, passphrase: str) -> Holder:
    """Return a member; refused unless the roster has them as active, with the key that the seed gives."""
    tables = Tables(file)
    try:
        return _sign_in(tables, Host.join(*halves), login, passphrase)
    finally:
        tables.close()


def _sign_in(tables: Tables, host: Host, login: str, passphrase: str) -> Holder:
    (organization,) = tables.rows("organization")
    if organization["host_key_check"] != host.check:
        raise UnknownKey("host key")
    found = tables.find("member", login_hmac=host.stored("login", login))
    if not found:
        raise WrongPassphrase("login")
    (row,) = found
    member = to_id(row["id"])
    secret = open_seed(passphrase, member, host, row["seed_sealed"], row["seed_version"])
    pin = open_own(secret.seed, "member.pin", member, row["pin_version"], row["pin_sealed"])
    roster = read_roster(list_entries(tables), pin)
    standing = roster.members.get(member)
    require(standing is not None and standing.status == "active", "no member")
    assert standing is not None
    require(standing.named.public == secret.public, "another key than the roster's")
    rows = tables.find("epoch_seal", member_id=row["id"])
    require({one["compartment"] for one in rows} == standing.granted, "compartments of the roles")
    return Holder(member, secret, roster, _open_epochs(secret, member, rows, roster))


def gather(file: Path, shares: list[str], pin: bytes | None = None) -> Holder:
    """Return recovery, by a quorum of shares; no host key is needed."""
    tables = Tables(file)
    try:
        secret = Secret(combine(shares))
        roster = read_roster(list_entries(tables), pin)
        require(roster.recovery == secret.public, "shares of another recovery key")
        rows = tables.rows("recovery_seal")
        require({(row["compartment"], row["epoch"]) for row in rows} == roster.commitments.keys(), "epochs")
        return Holder(NOBODY, secret, roster, _open_epochs(secret, NOBODY, rows, roster))
    finally:
        tables.close()
