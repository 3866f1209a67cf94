"""The standing cast of the vault's tests: fixed seeds, keys and ids, so that a failure repeats itself."""

from uuid import UUID

from casework.vault import compartments, hostkey, passphrase, roster, rosterdeeds
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.keyring import Keyring

CHEAP = passphrase.Cost(iterations=1, memory_kib=19 * 1024, lanes=1)

ANA = MemberSecret(bytes([1]) * 32)
BEN = MemberSecret(bytes([2]) * 32)
CLAIRE = MemberSecret(bytes([3]) * 32)
RECOVERY = MemberSecret(bytes([4]) * 32)
AUDIT = MemberSecret(bytes([5]) * 32)

ANA_ID = UUID("00000000-0000-4000-8000-00000000000a")
BEN_ID = UUID("00000000-0000-4000-8000-00000000000b")
CLAIRE_ID = UUID("00000000-0000-4000-8000-00000000000c")
ROW = UUID("00112233-4455-6677-8899-aabbccddeeff")
OTHER_ROW = UUID("ffeeddcc-bbaa-9988-7766-554433221100")

HOST_KEY = hostkey.derive_host_key(bytes([6]) * 32, bytes([7]) * 32)

EPOCH_KEYS = {(compartment, 1): bytes([16 + place]) * 32 for place, compartment in enumerate(Compartment)} | {
    (Compartment.AUDIT, 1): AUDIT.seed
}
COMMITMENTS = {place: compartments.commitment(*place, key) for place, key in EPOCH_KEYS.items()}
WRITE_EPOCHS = dict.fromkeys(Compartment, 1)

SECRETS = (*(person.seed for person in (ANA, BEN, CLAIRE, RECOVERY, AUDIT)), *EPOCH_KEYS.values())


def keyring(*held: Compartment) -> Keyring:
    """Return a keyring that holds the first epoch of these compartments, or of all."""
    chosen = held or tuple(Compartment)
    return Keyring({place: key for place, key in EPOCH_KEYS.items() if place[0] in chosen}, WRITE_EPOCHS)


def founding() -> roster.Entry:
    """Return the entry by which Ana founds the organization."""
    return rosterdeeds.found(
        ANA, ANA_ID, ["coordinator", "caseworker"], RECOVERY.public, AUDIT.public, COMMITMENTS
    )


def entries() -> list[roster.Entry]:
    """Return a roster of three: Ana founds, admits Ben the advocate and Claire the coordinator."""
    listed = [founding()]
    for member_id, roles, secret in ((BEN_ID, ["advocate"], BEN), (CLAIRE_ID, ["coordinator"], CLAIRE)):
        state = roster.verify(listed)
        listed.append(rosterdeeds.admit(ANA, ANA_ID, state, member_id, roles, secret.public))
    return listed


def flipped(data: bytes, bit: int) -> bytes:
    """Return the bytes with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)
