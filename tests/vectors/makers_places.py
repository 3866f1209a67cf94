"""Vectors of envelopes in their places: compartments, case keys, own fields, sessions, invitations, seeds."""

from typing import Any

from casework.vault import invitation, passphrase, session
from casework.vault.envelope import Cipher
from casework.vault.fields import (
    INCIDENT_CODED,
    INCIDENT_NARRATIVE,
    MEMBER_PIN,
    ORGANIZATION_PROFILE,
    PERSON_IDENTITY,
    SESSION_SEED,
    Compartment,
)
from casework.vault.hostkey import derive_host_key
from casework.vault.keyring import Keyring
from casework.vault.pin import Pin
from tests.vectors.material import (
    ANA,
    ANA_ID,
    BEN,
    BEN_ID,
    HALVES,
    KEY,
    OTHER_KEY,
    OTHER_ROW,
    ROW,
    Kept,
    broken_seal,
    tampered,
    vectors,
)

TEXT = "récit".encode()
PIN = Pin(3, bytes([9]) * 32)
CHEAP = passphrase.Cost(iterations=1, memory_kib=19 * 1024, lanes=1)


def envelopes(_kept: Kept) -> Any:
    """Envelope v1, under a key as it is."""
    accept = []
    for field, epoch, version, plain in (
        (INCIDENT_CODED, 1, 1, TEXT),
        (INCIDENT_CODED, 2**32 - 1, 2**64 - 1, b""),
        (PERSON_IDENTITY, 7, 3, TEXT * 300),
        (MEMBER_PIN, 0, 0, KEY),
    ):
        sealed = Cipher(KEY).seal_with_nonce(KEY[:12], epoch, field, ROW, version, plain)
        given: dict[str, Any] = {
            "key": KEY.hex(),
            "epoch": epoch,
            "field": field.id,
            "row": ROW.hex,
            "version": version,
        }
        accept.append((f"{field.id}, epoch {epoch}", given | {"sealed": sealed.hex()}, plain.hex()))
    good = accept[0][1]
    reject = broken_seal(good) + tampered(
        good,
        another_key={"key": OTHER_KEY.hex()},
        another_epoch={"epoch": 2},
        another_field={"field": "person.coded"},
        another_row={"row": OTHER_ROW.hex},
        another_version={"version": 2},
    )
    return vectors("An envelope under a key, in its place, and what it holds.", accept, reject)


def compartment(_kept: Kept) -> Any:
    """Fields under the subkeys of a compartment's epoch key."""
    accept = []
    for field, epoch in ((INCIDENT_CODED, 1), (INCIDENT_CODED, 2), (ORGANIZATION_PROFILE, 1)):
        assert field.compartment is not None
        ring = Keyring({(field.compartment, epoch): KEY}, {field.compartment: epoch})
        given: dict[str, Any] = {
            "compartment": field.compartment,
            "epoch": epoch,
            "epoch_key": KEY.hex(),
            "field": field.id,
        }
        given |= {"row": ROW.hex, "version": 1, "sealed": ring.seal(field, ROW, 1, TEXT).hex()}
        accept.append((f"{field.id}, epoch {epoch}", given, TEXT.hex()))
    reject = broken_seal(accept[0][1])
    for number, (name, given, _error) in enumerate(reject):
        if name == "epoch in the header":
            reject[number] = (name, given, "UnknownKey")
    reject += tampered(
        accept[0][1],
        another_epoch_key={"epoch_key": OTHER_KEY.hex()},
        another_field={"field": "person.coded"},
        another_row={"row": OTHER_ROW.hex},
        another_version={"version": 2},
    )
    return vectors("A record under a compartment, and what it holds.", accept, reject)


def case_key(_kept: Kept) -> Any:
    """Case keys wrapped under a compartment, and a record under them."""
    accept = []
    for kind, field in ((Compartment.IDENTITY, PERSON_IDENTITY), (Compartment.NARRATIVE, INCIDENT_NARRATIVE)):
        ring = Keyring({(kind, 1): KEY}, {kind: 1})
        made, wrapped = ring.new_case_key(ROW, kind, 2)
        given: dict[str, Any] = {
            "compartment": kind,
            "epoch": 1,
            "epoch_key": KEY.hex(),
            "case": ROW.hex,
            "generation": 2,
        }
        given |= {"wrapped": wrapped.hex(), "field": field.id, "row": OTHER_ROW.hex, "version": 5}
        given["sealed"] = made.seal(field, OTHER_ROW, 5, TEXT).hex()
        accept.append((field.id, given, TEXT.hex()))
    good = accept[0][1]
    reject = broken_seal(good) + tampered(
        good,
        another_case={"case": OTHER_ROW.hex},
        another_generation={"generation": 1},
        another_wrapping={"wrapped": accept[1][1]["wrapped"]},
        another_row={"row": ROW.hex},
        another_version={"version": 4},
    )
    return vectors("A case key, wrapped, and a record under it.", accept, reject)


def own_field(_kept: Kept) -> Any:
    """What a member seals for themselves."""
    given: dict[str, Any] = {"seed": ANA.seed.hex(), "field": MEMBER_PIN.id, "row": ANA_ID.hex, "version": 4}
    given["sealed"] = ANA.seal_own(MEMBER_PIN, ANA_ID, 4, PIN.encode()).hex()
    reject = broken_seal(given) + tampered(
        given,
        another_member={"seed": BEN.seed.hex()},
        another_row={"row": BEN_ID.hex},
        another_version={"version": 3},
    )
    return vectors("A field under a member's own key.", [("a pin", given, PIN.encode().hex())], reject)


def sessions(_kept: Kept) -> Any:
    """What a session's cookie opens."""
    given: dict[str, Any] = {
        "cookie": session.encode_session_secret(KEY),
        "field": SESSION_SEED.id,
        "row": ROW.hex,
    }
    given |= {"version": 1, "sealed": session.seal_for_session(KEY, SESSION_SEED, ROW, 1, ANA.seed).hex()}
    result = {"id_hash": session.session_id_hash(KEY).hex(), "plain": ANA.seed.hex()}
    reject = broken_seal(given) + tampered(
        given,
        another_cookie={"cookie": session.encode_session_secret(OTHER_KEY)},
        cookie_padded={"cookie": session.encode_session_secret(KEY) + "="},
        another_field={"field": "ceremony.state"},
        another_row={"row": OTHER_ROW.hex},
        another_version={"version": 2},
    )
    return vectors("A session's cookie, and the seed sealed for it.", [("a seed", given, result)], reject)


def invitations(_kept: Kept) -> Any:
    """What an invitation's link opens."""
    link = invitation.Link(KEY, PIN).encode()
    given: dict[str, Any] = {
        "link": link,
        "row": ROW.hex,
        "sealed": invitation.seal_for_token(KEY, ROW, TEXT).hex(),
    }
    result = {"pin": PIN.encode().hex(), "plain": TEXT.hex(), "token_hash": invitation.token_hash(KEY).hex()}
    reject = broken_seal(given) + tampered(
        given,
        another_token={"link": invitation.Link(OTHER_KEY, PIN).encode()},
        link_cut={"link": link[:-2]},
        link_of_another_version={"link": "Ag" + link[2:]},
        another_row={"row": OTHER_ROW.hex},
    )
    return vectors("An invitation's link, and its text.", [("an invitation", given, result)], reject)


def sealed_seed(_kept: Kept) -> Any:
    """A member's seed under a passphrase."""
    host_key = derive_host_key(*(bytes.fromhex(HALVES[half]) for half in ("outside", "erasable")))
    accept = []
    for name, cost in (("default cost", passphrase.DEFAULT_COST), ("lowest cost", CHEAP)):
        sealed = passphrase.seal_seed("Écluse vingt-deux", ANA_ID, host_key, ANA.seed, cost=cost).hex()
        given: dict[str, Any] = HALVES | {
            "passphrase": "ecluse VINGT deux",
            "member": ANA_ID.hex,
            "version": 1,
            "sealed": sealed,
        }
        accept.append((name, given, ANA.seed.hex()))
    good = accept[1][1]
    header, rest = good["sealed"][:28], good["sealed"][28:]
    wrong = tampered(
        good,
        another_passphrase={"passphrase": "ecluse vingt trois"},
        another_member={"member": BEN_ID.hex},
        another_version={"version": 2},
        another_host_key={"erasable": KEY.hex()},
        another_cost={"sealed": header[:11] + "2" + header[12:] + rest},
        another_salt={"sealed": header + "00" + rest[2:]},
    )
    broken = broken_seal(good, extra=30)
    late = {"nonce", "body", "tag"}
    reject = [(name, given, "WrongPassphrase") for name, given, _ in wrong]
    reject += [(n, given, "WrongPassphrase" if n in late else error) for n, given, error in broken]
    reject += tampered(
        good,
        version_of_the_seal={"sealed": "02" + good["sealed"][2:]},
        another_derivation={"sealed": "0102" + good["sealed"][4:]},
        too_many_iterations={"sealed": "0101" + "00000011" + header[12:] + rest},
        too_little_memory={"sealed": header[:12] + "00000008" + header[20:] + rest},
        too_much_memory={"sealed": header[:12] + "00100001" + header[20:] + rest},
        no_lane={"sealed": header[:20] + "00000000" + rest},
    )
    return vectors("A passphrase and host key, and the seed they open.", accept, reject)


MAKERS = {
    "case_key": case_key,
    "compartment": compartment,
    "envelope": envelopes,
    "invitation": invitations,
    "own_field": own_field,
    "sealed_seed": sealed_seed,
    "session": sessions,
}
