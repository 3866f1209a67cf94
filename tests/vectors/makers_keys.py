"""Vectors of key pairs: seeds, public keys, signatures, HPKE seals, epoch keys, drafts, host keys."""

from typing import Any

from casework.vault import compartments, draft, hostkey
from casework.vault.fields import Compartment
from tests.vectors.material import (
    ANA,
    ANA_ID,
    BEN,
    BEN_ID,
    HALVES,
    KEY,
    OTHER_KEY,
    OTHER_ROW,
    RECOVERY,
    ROW,
    Kept,
    flip,
    tampered,
    vectors,
)

TEXT = "récit".encode()
ENCAPSULATED, BODY = 2, 2 + 1120


def seed(_kept: Kept) -> Any:
    """The key pairs of a seed."""
    accept = []
    for name, secret in (("ana", ANA), ("ben", BEN)):
        result = {"public": secret.public.encode().hex(), "fingerprint": secret.public.fingerprint()}
        accept.append((name, {"seed": secret.seed.hex()}, result))
    reject = tampered({}, empty={"seed": ""}, short={"seed": "00" * 31}, long={"seed": "00" * 33})
    return vectors("A member's seed, and the public keys that it gives.", accept, reject)


def public(_kept: Kept) -> Any:
    """Public keys as they are stored."""
    encoded = ANA.public.encode().hex()
    reject = tampered(
        {},
        empty={"public": ""},
        another_version={"public": "02" + encoded[2:]},
        one_byte_short={"public": encoded[:-2]},
        one_byte_long={"public": encoded + "00"},
    )
    accept = [("ana", {"public": encoded}, ANA.public.fingerprint())]
    return vectors("A public key, and its fingerprint.", accept, reject)


def signature(_kept: Kept) -> Any:
    """Ed25519 signatures."""
    given = {"public": ANA.public.encode().hex(), "message": TEXT.hex(), "signature": ANA.sign(TEXT).hex()}
    reject = tampered(
        given,
        another_signer={"public": BEN.public.encode().hex()},
        another_message={"message": ""},
        changed={"signature": flip(given["signature"], 40)},
        truncated={"signature": given["signature"][:-2]},
        empty={"signature": ""},
    )
    return vectors("A signature that holds.", [("ana", given, "valid")], reject)


def seal(kept: Kept) -> Any:
    """HPKE seals."""
    accept = []
    for name, info, plain in (("a text", b"why", TEXT), ("nothing", b"", b"")):
        given = {"seed": ANA.seed.hex(), "info": info.hex()}
        made = ANA.public.seal(info, plain).hex()
        given["sealed"] = kept.value(name, "sealed", made)
        accept.append((name, given, plain.hex()))
    good = accept[0][1]
    sealed = good["sealed"]
    reject = tampered(
        good,
        another_recipient={"seed": BEN.seed.hex()},
        another_purpose={"info": b"what".hex()},
        version={"sealed": flip(sealed, 0)},
        suite={"sealed": flip(sealed, 1)},
        ml_kem_ciphertext={"sealed": flip(sealed, ENCAPSULATED)},
        x25519_share={"sealed": flip(sealed, BODY - 32)},
        body={"sealed": flip(sealed, BODY)},
        tag={"sealed": flip(sealed, -1)},
        truncated={"sealed": sealed[:-2]},
        trailing_byte={"sealed": sealed + "00"},
        no_body={"sealed": sealed[: 2 * BODY]},
        empty={"sealed": ""},
    )
    return vectors("A seal to a public key, and what it holds.", accept, reject)


def epoch_key(kept: Kept) -> Any:
    """Epoch keys sealed to members."""
    accept = []
    cases = (
        ("ana", ANA, ANA_ID, Compartment.CODED, 1),
        ("recovery", RECOVERY, compartments.RECOVERY_ID, Compartment.AUDIT, 2),
    )
    for name, secret, recipient_id, compartment, epoch in cases:
        made = compartments.seal_epoch_key(secret.public, recipient_id, compartment, epoch, KEY).hex()
        given: dict[str, Any] = {
            "seed": secret.seed.hex(),
            "recipient": recipient_id.hex,
            "compartment": compartment,
        }
        given |= {"epoch": epoch, "commitment": compartments.commitment(compartment, epoch, KEY).hex()}
        given["sealed"] = kept.value(name, "sealed", made)
        accept.append((name, given, KEY.hex()))
    good = accept[0][1]
    reject = tampered(
        good,
        another_member={"seed": BEN.seed.hex()},
        another_recipient={"recipient": BEN_ID.hex},
        another_compartment={"compartment": "shared"},
        another_epoch={"epoch": 2},
        another_commitment={"commitment": compartments.commitment(Compartment.CODED, 1, OTHER_KEY).hex()},
        body={"sealed": flip(good["sealed"], BODY)},
        truncated={"sealed": good["sealed"][:-2]},
    )
    return vectors("An epoch key sealed to a member, and the key.", accept, reject)


def drafts(kept: Kept) -> Any:
    """Drafts sealed to a member and to recovery."""
    made = draft.seal_draft((ANA.public, RECOVERY.public), ROW, TEXT, version=3).hex()
    sealed = kept.value("the writer", "sealed", made)
    given = {"seed": ANA.seed.hex(), "index": 0, "draft": ROW.hex, "version": 3, "sealed": sealed}
    recovery = given | {"seed": RECOVERY.seed.hex(), "index": 1}
    body = 3 + 2 * draft.SEALED_KEY_BYTES
    reject = tampered(
        given,
        another_reader={"seed": BEN.seed.hex()},
        another_position={"index": 1},
        no_such_position={"index": 2},
        another_draft={"draft": OTHER_ROW.hex},
        another_version={"version": 2},
        format_version={"sealed": flip(sealed, 0)},
        algorithm={"sealed": flip(sealed, 1)},
        number_of_recipients={"sealed": flip(sealed, 2)},
        sealed_key={"sealed": flip(sealed, 3 + BODY)},
        header={"sealed": flip(sealed, body)},
        nonce={"sealed": flip(sealed, body + 6)},
        body={"sealed": flip(sealed, body + 18)},
        tag={"sealed": flip(sealed, -1)},
        truncated={"sealed": sealed[:-2]},
        without_recovery={"sealed": sealed[:4] + "01" + sealed[6 : 2 * (3 + 1170)] + sealed[2 * body :]},
        empty={"sealed": ""},
    )
    accept = [("the writer", given, TEXT.hex()), ("recovery", recovery, TEXT.hex())]
    return vectors("A draft, and what each of its readers opens.", accept, reject)


def host_key(_kept: Kept) -> Any:
    """What derives from the host key."""
    given = HALVES | {"login": " Ana\u00a0B", "reference": "2026-k7qx"}
    host = hostkey.derive_host_key(*(bytes.fromhex(HALVES[half]) for half in ("outside", "erasable")))
    result = {
        "check": host.check.hex(),
        "login_hmac": host.login_hmac("ana b").hex(),
        "passphrase_secret": host.passphrase_secret.hex(),
        "reference_hmac": host.reference_hmac("2026-K7QX").hex(),
    }
    reject = [
        (name, given | {half: value}, "UnknownKey")
        for name, half, value in (("outside short", "outside", "00" * 31), ("erasable gone", "erasable", ""))
    ]
    return vectors("The halves of a host key, and what they give.", [("both halves", given, result)], reject)


MAKERS = {
    "draft": drafts,
    "epoch_key": epoch_key,
    "host_key": host_key,
    "public": public,
    "seal": seal,
    "seed": seed,
    "signature": signature,
}
