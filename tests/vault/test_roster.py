"""The roster says who is who; whatever a database forges in it is refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from casework.errors import Tampered
from casework.vault import compartments, documents, encoding, roster, rosterdeeds
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.rosterentry import GENESIS_HASH, Entry, signed_message
from tests.vault.cast import (
    ANA,
    ANA_ID,
    AUDIT,
    BEN,
    BEN_ID,
    CLAIRE,
    CLAIRE_ID,
    COMMITMENTS,
    RECOVERY,
    entries,
    flipped,
    founding,
)

ROSTER = entries()
STATE = roster.verify(ROSTER)
MALLORY = MemberSecret(bytes([66]) * 32)


def rewritten(entry: Entry, signer: MemberSecret | None = None, **changed: Any) -> Entry:
    """Return the entry with fields changed, under the old signature or signed by somebody."""
    document = documents.decode(entry.body) | changed
    body = documents.encode({key: value for key, value in document.items() if value is not ...})
    if signer is None:
        return replace(entry, body=body)
    previous = encoding.from_text(document["previous"])
    return Entry(entry.number, body, signer.sign(signed_message(entry.number, previous, body)))


def renumbered(entry: Entry, signer: MemberSecret, number: int) -> Entry:
    """Return the entry under another number throughout, signed by somebody."""
    document = documents.decode(entry.body) | {"number": number}
    body, previous = documents.encode(document), encoding.from_text(document["previous"])
    return Entry(number, body, signer.sign(signed_message(number, previous, body)))


def member_of(entry: Entry, **changed: Any) -> dict[str, Any]:
    """Return an entry's member with fields changed."""
    member: dict[str, Any] = documents.decode(entry.body)["member"]
    return member | changed


def test_the_state() -> None:
    """A verified roster tells members, roles, keys and epochs."""
    assert [(member.roles, member.status) for member in STATE.members.values()] == [
        (("caseworker", "coordinator"), "active"),
        (("advocate",), "active"),
        (("coordinator",), "active"),
    ]
    assert STATE.members[BEN_ID].public == BEN.public
    assert (STATE.recovery_public, STATE.audit_public) == (RECOVERY.public, AUDIT.public)
    assert STATE.commitments == COMMITMENTS
    assert STATE.write_epochs == dict.fromkeys(Compartment, 1)
    assert STATE.audit_key == (1, AUDIT.public)
    assert (STATE.number, STATE.hash) == (3, ROSTER[2].hash)
    assert dict(STATE.hashes) == {entry.number: entry.hash for entry in ROSTER}


def test_extending_is_verifying() -> None:
    """One more entry on a state gives what verifying the whole list gives."""
    assert roster.extend(roster.verify(ROSTER[:2]), ROSTER[2]) == STATE


def test_a_state_cannot_be_changed() -> None:
    """What was verified stays as it was."""
    with pytest.raises(TypeError):
        STATE.members[BEN_ID] = STATE.members[ANA_ID]  # type: ignore[index]  # that it fails is the point


def test_pins() -> None:
    """A pin at any entry passes, on the list up to there or longer."""
    for entry in ROSTER:
        pin = roster.Pin(entry.number, entry.hash)
        assert roster.verify(ROSTER, pin) == STATE
        assert roster.Pin.decode(pin.encode()) == pin
    assert len(STATE.pin.encode()) == 41


@pytest.mark.parametrize(
    "encoded",
    [b"", STATE.pin.encode()[:-1], STATE.pin.encode() + b"\0", b"\2" + bytes(40), b"\1" + bytes(40)],
)
def test_malformed_pins_are_refused(encoded: bytes) -> None:
    """Wrong lengths, versions, and the number zero."""
    with pytest.raises(Tampered):
        roster.Pin.decode(encoded)


def test_a_truncated_roster_is_refused_below_the_pin() -> None:
    """Whoever was seen once cannot be dropped from the end."""
    for length in range(3):
        with pytest.raises(Tampered):
            roster.verify(ROSTER[:length], STATE.pin)


def test_a_fork_at_the_pin_is_refused() -> None:
    """A second history, even signed by a coordinator, is not the one that was seen."""
    state = roster.verify(ROSTER[:1])
    fork = rosterdeeds.admit(ANA, ANA_ID, state, BEN_ID, ["coordinator"], BEN.public)
    assert roster.verify([ROSTER[0], fork]).number == 2
    with pytest.raises(Tampered, match="seen before"):
        roster.verify([ROSTER[0], fork], roster.Pin(2, ROSTER[1].hash))


def test_another_organization_s_roster_is_refused() -> None:
    """A founder of one's own making does not fit the pin."""
    planted = rosterdeeds.found(MALLORY, ANA_ID, ["coordinator"], RECOVERY.public, AUDIT.public, COMMITMENTS)
    with pytest.raises(Tampered, match="seen before"):
        roster.verify([planted], roster.Pin(1, ROSTER[0].hash))


FORGED_ADMISSIONS: dict[str, Callable[[Entry], Entry]] = {
    "swapped public key": lambda e: rewritten(
        e, member=member_of(e, public=encoding.to_text(MALLORY.public.encode()))
    ),
    "raised role": lambda e: rewritten(e, member=member_of(e, roles=["advocate", "coordinator"])),
    "another member id": lambda e: rewritten(e, member=member_of(e, id=MALLORY.seed[:16].hex())),
    "another author": lambda e: rewritten(e, author=CLAIRE_ID.hex),
    "signed by a stranger": lambda e: rewritten(e, MALLORY),
    "a stranger as author": lambda e: rewritten(e, MALLORY, author=MALLORY.seed[:16].hex()),
    "a later member as author": lambda e: rewritten(e, CLAIRE, author=CLAIRE_ID.hex),
    "admitting oneself": lambda e: rewritten(e, BEN, author=BEN_ID.hex),
    "known member again": lambda e: rewritten(e, ANA, member=member_of(e, id=ANA_ID.hex)),
    "somebody else's key": lambda e: rewritten(
        e, ANA, member=member_of(e, public=encoding.to_text(RECOVERY.public.encode()))
    ),
    "wrong link": lambda e: rewritten(e, ANA, previous=encoding.to_text(GENESIS_HASH)),
    "renumbered": lambda e: replace(e, number=3),
    "renumbered inside": lambda e: rewritten(e, ANA, number=3),
    "renumbered throughout": lambda e: renumbered(e, ANA, 3),
    "number as truth": lambda e: rewritten(e, ANA, schema=True),
    "another schema": lambda e: rewritten(e, ANA, schema=2),
    "a founding": lambda e: Entry(2, ROSTER[0].body, ROSTER[0].signature),
    "unknown kind": lambda e: rewritten(e, ANA, kind="promote"),
    "reserved kind": lambda e: rewritten(e, ANA, kind="rotate"),
    "kind as a number": lambda e: rewritten(e, ANA, kind=1),
    "field too many": lambda e: rewritten(e, ANA, note=""),
    "field missing": lambda e: rewritten(e, ANA, author=...),
    "member's field too many": lambda e: rewritten(e, ANA, member=member_of(e, note="")),
    "member as a list": lambda e: rewritten(e, ANA, member=[]),
    "no role": lambda e: rewritten(e, ANA, member=member_of(e, roles=[])),
    "unknown role": lambda e: rewritten(e, ANA, member=member_of(e, roles=["root"])),
    "role as a number": lambda e: rewritten(e, ANA, member=member_of(e, roles=[1])),
    "role twice": lambda e: rewritten(e, ANA, member=member_of(e, roles=["advocate", "advocate"])),
    "roles out of order": lambda e: rewritten(e, ANA, member=member_of(e, roles=["coordinator", "advocate"])),
    "id with hyphens": lambda e: rewritten(e, ANA, member=member_of(e, id=str(BEN_ID))),
    "id in capitals": lambda e: rewritten(e, ANA, member=member_of(e, id=BEN_ID.hex.upper())),
    "the nil id": lambda e: rewritten(e, ANA, member=member_of(e, id="0" * 32)),
    "id no hex": lambda e: rewritten(e, ANA, member=member_of(e, id="z" * 32)),
    "id as a number": lambda e: rewritten(e, ANA, member=member_of(e, id=1)),
    "key padded": lambda e: rewritten(e, ANA, member=member_of(e, public=member_of(e)["public"] + "=")),
    "key cut": lambda e: rewritten(e, ANA, member=member_of(e, public=member_of(e)["public"][:-4])),
    "not canonical": lambda e: replace(e, body=e.body.replace(b":", b": ", 1)),
    "no document": lambda e: replace(e, body=b""),
    "signature changed": lambda e: replace(e, signature=flipped(e.signature, 77)),
    "no signature": lambda e: replace(e, signature=b""),
}


@pytest.mark.parametrize("forged", FORGED_ADMISSIONS.values(), ids=FORGED_ADMISSIONS.keys())
def test_forged_admissions_are_refused(forged: Callable[[Entry], Entry]) -> None:
    """No forged second entry is taken, neither after the first nor in a whole list."""
    entry = forged(ROSTER[1])
    with pytest.raises(Tampered):
        roster.extend(roster.verify(ROSTER[:1]), entry)
    with pytest.raises(Tampered):
        roster.verify([ROSTER[0], entry, ROSTER[2]])


def test_the_forger_writes_valid_entries_otherwise() -> None:
    """The forgeries above fail for what they forge, and not for how they are made."""
    assert rewritten(ROSTER[1]) == ROSTER[1] == rewritten(ROSTER[1], ANA) == renumbered(ROSTER[1], ANA, 2)


def commitments_of(**changed: Any) -> list[dict[str, Any]]:
    """Return the founding's commitments, the first one changed."""
    first, *rest = documents.decode(ROSTER[0].body)["commitments"]
    return [first | changed, *rest]


FORGED_FOUNDINGS: dict[str, Callable[[Entry], Entry]] = {
    "forged epoch": lambda e: rewritten(
        e, commitments=commitments_of(commitment=encoding.to_text(bytes(32)))
    ),
    "epoch zero": lambda e: rewritten(e, ANA, commitments=commitments_of(epoch=0)),
    "second epoch": lambda e: rewritten(e, ANA, commitments=commitments_of(epoch=2)),
    "epoch as truth": lambda e: rewritten(e, ANA, commitments=commitments_of(epoch=True)),
    "unknown compartment": lambda e: rewritten(e, ANA, commitments=commitments_of(compartment="all")),
    "short commitment": lambda e: rewritten(
        e, ANA, commitments=commitments_of(commitment=encoding.to_text(bytes(31)))
    ),
    "commitment too few": lambda e: rewritten(e, ANA, commitments=commitments_of()[1:]),
    "commitment twice": lambda e: rewritten(e, ANA, commitments=commitments_of()[:1] + commitments_of()),
    "commitments out of order": lambda e: rewritten(e, ANA, commitments=commitments_of()[::-1]),
    "commitment's field too many": lambda e: rewritten(e, ANA, commitments=commitments_of(note="")),
    "commitments as an object": lambda e: rewritten(e, ANA, commitments={}),
    "swapped recovery key": lambda e: rewritten(e, recovery_public=encoding.to_text(MALLORY.public.encode())),
    "swapped audit key": lambda e: rewritten(e, audit_public=encoding.to_text(MALLORY.public.encode())),
    "signed by another": lambda e: rewritten(e, MALLORY),
    "another author": lambda e: rewritten(e, ANA, author=BEN_ID.hex),
    "founder no coordinator": lambda e: rewritten(e, ANA, member=member_of(e, roles=["caseworker"])),
    "with a past": lambda e: rewritten(e, ANA, previous=encoding.to_text(bytes([1]) * 32)),
    "numbered two": lambda e: renumbered(e, ANA, 2),
    "numbered zero": lambda e: renumbered(e, ANA, 0),
    "an admission": lambda e: Entry(1, ROSTER[1].body, ROSTER[1].signature),
}


@pytest.mark.parametrize("forged", FORGED_FOUNDINGS.values(), ids=FORGED_FOUNDINGS.keys())
def test_forged_foundings_are_refused(forged: Callable[[Entry], Entry]) -> None:
    """Nothing in the first entry can be changed or missing."""
    with pytest.raises(Tampered):
        roster.verify([forged(ROSTER[0])])


def test_entries_missing_repeated_or_reordered_are_refused() -> None:
    """The numbers run from 1 without a gap."""
    first, second, third = ROSTER
    for listed in (
        [],
        [second],
        [first, third],
        [first, first],
        [first, third, second],
        [first, second, second],
    ):
        with pytest.raises(Tampered):
            roster.verify(listed)


def test_only_coordinators_admit() -> None:
    """A member of another role, a stranger or a wrong key cannot even write the entry."""
    dan = MemberSecret(bytes([7]) * 32)
    for secret, author_id in ((BEN, BEN_ID), (dan, dan_id()), (BEN, ANA_ID)):
        with pytest.raises(Tampered):
            rosterdeeds.admit(secret, author_id, STATE, dan_id(), ["coordinator"], dan.public)
    entry = rosterdeeds.admit(CLAIRE, CLAIRE_ID, STATE, dan_id(), ["coordinator"], dan.public)
    assert roster.extend(STATE, entry).is_coordinator(dan_id())


def dan_id() -> Any:
    """Return the id of somebody who is nobody yet."""
    return CLAIRE_ID.__class__(int=CLAIRE_ID.int + 1)


def test_who_is_coordinator() -> None:
    """The role counts, and being a member at all."""
    assert STATE.is_coordinator(ANA_ID) and STATE.is_coordinator(CLAIRE_ID)
    assert not STATE.is_coordinator(BEN_ID) and not STATE.is_coordinator(dan_id())


def test_a_founding_commits_to_true_keys() -> None:
    """The commitments are those that opening an epoch key checks."""
    for (compartment, epoch), committed in STATE.commitments.items():
        assert (
            committed == COMMITMENTS[compartment, epoch] != compartments.commitment(compartment, epoch, b"")
        )


def test_fingerprints_follow_the_head() -> None:
    """Every entry changes the 24 digits."""
    prints = {roster.verify(ROSTER[:length]).fingerprint() for length in (1, 2, 3)}
    assert len(prints) == 3 and founding() == ROSTER[0]
