"""How a roster goes on: leaving, coming back, recovery; each kind may change its own things and no others."""

from typing import Any
from uuid import UUID

import pytest

from casework.domain.permissions import Role, compartments_of
from casework.errors import Tampered
from casework.vault import documents, encoding, roster, rosterdeeds
from casework.vault.casekey import GENERATIONS_AN_EPOCH, birth_epoch, next_generation
from casework.vault.compartments import RECOVERY_ID, commitment
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.rosterentry import Entry, sign_entry
from casework.vault.rosterrules import rotated_by_leaving
from tests.vault.cast import ANA, ANA_ID, AUDIT, BEN, BEN_ID, CLAIRE, CLAIRE_ID, RECOVERY, entries

ROSTER = entries()
STATE = roster.verify(ROSTER)
NEW = MemberSecret(bytes([77]) * 32)
MALLORY = MemberSecret(bytes([66]) * 32)


def leaving(member_id: UUID) -> rosterdeeds.EpochKeys:
    """Make the keys of the epochs that begin when this member leaves."""
    return rosterdeeds.new_epoch_keys(STATE, rotated_by_leaving(STATE.members[member_id]))


def everything() -> rosterdeeds.EpochKeys:
    """Make the next key of every compartment."""
    return rosterdeeds.new_epoch_keys(STATE, Compartment)


def signed(secret: MemberSecret, entry: Entry, **changed: Any) -> Entry:
    """Write an entry anew with fields changed, signed by somebody."""
    document = documents.decode(entry.body) | changed
    previous = encoding.from_text(document["previous"])
    return sign_entry(secret, entry.number, previous, document)


def test_revoking_ends_the_membership_and_begins_the_epochs_that_were_known() -> None:
    """An advocate knew two compartments: these two rotate, and the rest stays."""
    keys = leaving(BEN_ID)
    state = roster.extend(STATE, rosterdeeds.revoke(ANA, ANA_ID, STATE, BEN_ID, keys))
    assert state.members[BEN_ID].status == "revoked" and BEN_ID not in state.active
    assert {one.value for one, _epoch in keys} == compartments_of({Role.ADVOCATE})
    expected = {one: 2 if (one, 2) in keys else 1 for one in Compartment}
    assert state.write_epochs == expected
    assert all(state.commitments[place] == commitment(*place, key) for place, key in keys.items())
    assert state.audit_public == STATE.audit_public


def test_a_coordinator_who_leaves_takes_the_audit_key_along() -> None:
    """All five compartments rotate, and who leaves signs nothing any more."""
    keys = leaving(CLAIRE_ID)
    state = roster.extend(STATE, rosterdeeds.revoke(ANA, ANA_ID, STATE, CLAIRE_ID, keys))
    assert state.write_epochs == dict.fromkeys(Compartment, 2)
    assert state.audit_key == (2, MemberSecret(keys[Compartment.AUDIT, 2]).public)
    with pytest.raises(Tampered):
        rosterdeeds.revoke(CLAIRE, CLAIRE_ID, state, ANA_ID, {})


def test_renewing_gives_a_new_key_under_the_same_id() -> None:
    """Other roles too, and the old key is worth nothing, for its owner and for anybody else."""
    entry = rosterdeeds.renew(CLAIRE, CLAIRE_ID, STATE, ANA_ID, ["advocate"], NEW.public, leaving(ANA_ID))
    state = roster.extend(STATE, entry)
    assert (state.members[ANA_ID].roles, state.members[ANA_ID].public) == (("advocate",), NEW.public)
    assert not state.is_coordinator(ANA_ID) and state.write_epochs == dict.fromkeys(Compartment, 2)
    with pytest.raises(Tampered):
        rosterdeeds.renew(CLAIRE, CLAIRE_ID, state, BEN_ID, ["advocate"], ANA.public, {})


def test_coming_back_needs_no_new_epoch() -> None:
    """Whoever was revoked had lost the newest epochs already."""
    left = roster.extend(STATE, rosterdeeds.revoke(ANA, ANA_ID, STATE, BEN_ID, leaving(BEN_ID)))
    back = roster.extend(left, rosterdeeds.renew(ANA, ANA_ID, left, BEN_ID, ["advocate"], NEW.public, {}))
    assert back.members[BEN_ID].status == "active" and back.commitments == left.commitments


def test_a_recovery_begins_anew_with_one_coordinator() -> None:
    """Signed by the recovery key; everybody else lapses, and comes back by being renewed."""
    entry = rosterdeeds.recover(RECOVERY, STATE, ANA_ID, ["coordinator"], NEW.public, everything())
    state = roster.extend(STATE, entry)
    assert list(state.active) == [ANA_ID] and state.members[CLAIRE_ID].status == "lapsed"
    assert state.write_epochs == dict.fromkeys(Compartment, 2)
    again = rosterdeeds.renew(
        NEW, ANA_ID, state, CLAIRE_ID, ["coordinator"], MemberSecret(bytes([78]) * 32).public, {}
    )
    assert roster.extend(state, again).is_coordinator(CLAIRE_ID)


def test_a_stranger_can_be_the_one_who_recovers() -> None:
    """An id that nobody had, as well as a known one."""
    entry = rosterdeeds.recover(RECOVERY, STATE, UUID(int=9), ["coordinator"], NEW.public, everything())
    assert list(roster.extend(STATE, entry).active) == [UUID(int=9)]


def test_another_recovery_key() -> None:
    """The old one recovers nothing any more; a key that stood there before is not taken."""
    keys = everything()
    entry = rosterdeeds.change_recovery(ANA, ANA_ID, STATE, NEW.public, keys)
    state = roster.extend(STATE, entry)
    assert state.recovery_public == NEW.public and state.active == STATE.active
    assert state.recovery_number == state.number
    next_keys = rosterdeeds.new_epoch_keys(state, Compartment)
    with pytest.raises(Tampered):
        rosterdeeds.recover(RECOVERY, state, ANA_ID, ["coordinator"], MALLORY.public, next_keys)
    audit = MemberSecret(keys[Compartment.AUDIT, 2])
    for known in (RECOVERY, AUDIT, BEN, NEW, audit, MemberSecret(next_keys[Compartment.AUDIT, 3])):
        with pytest.raises(Tampered):
            rosterdeeds.change_recovery(ANA, ANA_ID, state, known.public, next_keys)


def test_another_recovery_key_begins_every_epoch() -> None:
    """The old one knew the keys of all that there were; one that leaves any of them going on is refused."""
    keys = dict(everything())
    state = roster.extend(STATE, rosterdeeds.change_recovery(ANA, ANA_ID, STATE, NEW.public, keys))
    assert state.write_epochs == dict.fromkeys(Compartment, 2)
    assert all(state.commitments[place] == commitment(*place, key) for place, key in keys.items())
    assert state.audit_key == (2, MemberSecret(keys[Compartment.AUDIT, 2]).public)
    for left_out in keys:
        fewer = {place: key for place, key in keys.items() if place != left_out}
        with pytest.raises(Tampered):
            rosterdeeds.change_recovery(ANA, ANA_ID, STATE, NEW.public, fewer)
    with pytest.raises(Tampered):
        rosterdeeds.change_recovery(ANA, ANA_ID, STATE, NEW.public, {})


def test_a_recovery_key_that_came_without_epochs_is_read() -> None:
    """So it was written once; it has no room for epochs, and the newer kind none for their absence."""
    public = encoding.to_text(NEW.public.encode())
    fields = {"author": ANA_ID.hex, "kind": "recovery", "recovery_public": public}
    state = roster.extend(STATE, sign_entry(ANA, STATE.number + 1, STATE.hash, fields))
    assert state.recovery_public == NEW.public and state.commitments == STATE.commitments
    newer = rosterdeeds.change_recovery(ANA, ANA_ID, STATE, NEW.public, everything())
    for forged in ({**fields, "kind": "reshare"}, {**documents.decode(newer.body), "kind": "recovery"}):
        with pytest.raises(Tampered):
            roster.extend(STATE, sign_entry(ANA, STATE.number + 1, STATE.hash, forged))


@pytest.mark.parametrize("secret, author", [(BEN, BEN_ID), (MALLORY, ANA_ID), (MALLORY, UUID(int=9))])
def test_only_coordinators_sign(secret: MemberSecret, author: UUID) -> None:
    """An advocate, a wrong key and a stranger change nothing."""
    keys = leaving(CLAIRE_ID)
    with pytest.raises(Tampered):
        rosterdeeds.revoke(secret, author, STATE, CLAIRE_ID, keys)
    with pytest.raises(Tampered):
        rosterdeeds.renew(secret, author, STATE, CLAIRE_ID, ["advocate"], NEW.public, keys)
    with pytest.raises(Tampered):
        rosterdeeds.change_recovery(secret, author, STATE, NEW.public, everything())


def test_only_the_recovery_key_recovers() -> None:
    """A coordinator's signature does not do, nor another author under the recovery key's."""
    entry = rosterdeeds.recover(RECOVERY, STATE, ANA_ID, ["coordinator"], NEW.public, everything())
    for forged in (
        signed(ANA, entry),
        signed(RECOVERY, entry, author=ANA_ID.hex),
        signed(ANA, entry, author=ANA_ID.hex),
    ):
        with pytest.raises(Tampered):
            roster.extend(STATE, forged)
    other = rosterdeeds.change_recovery(ANA, ANA_ID, STATE, NEW.public, everything())
    with pytest.raises(Tampered):
        roster.extend(STATE, signed(RECOVERY, other, author=RECOVERY_ID.hex))


def test_nobody_revokes_or_renews_themselves() -> None:
    """So one coordinator always remains."""
    with pytest.raises(Tampered):
        rosterdeeds.revoke(ANA, ANA_ID, STATE, ANA_ID, leaving(ANA_ID))
    with pytest.raises(Tampered):
        rosterdeeds.renew(ANA, ANA_ID, STATE, ANA_ID, ["advocate"], NEW.public, leaving(ANA_ID))


@pytest.mark.parametrize("wrong", ["none", "fewer", "more", "later", "repeated"])
def test_the_epochs_are_exactly_those_that_have_to_begin(wrong: str) -> None:
    """A revocation that rotates less, more or further is refused."""
    keys = dict(leaving(BEN_ID))
    changed: dict[tuple[Compartment, int], bytes] = {
        "none": dict[tuple[Compartment, int], bytes](),
        "fewer": dict(list(keys.items())[1:]),
        "more": keys | {(Compartment.IDENTITY, 2): bytes(32)},
        "later": {(one, 3): key for (one, _epoch), key in keys.items()},
        "repeated": {(one, 1): key for (one, _epoch), key in keys.items()},
    }[wrong]
    with pytest.raises(Tampered):
        rosterdeeds.revoke(ANA, ANA_ID, STATE, BEN_ID, changed)


def test_the_audit_key_changes_with_its_epoch_only() -> None:
    """Else whoever signs could have the log sealed to a key of their own, unnoticed."""
    entry = rosterdeeds.revoke(ANA, ANA_ID, STATE, BEN_ID, leaving(BEN_ID))
    with pytest.raises(Tampered):
        roster.extend(STATE, signed(ANA, entry, audit_public=encoding.to_text(MALLORY.public.encode())))


def test_generations_of_case_keys_tell_the_epoch_of_their_birth() -> None:
    """Counted from 1 in each epoch, always upwards."""
    assert (next_generation(0, 1), next_generation(1, 1), next_generation(7, 3)) == (1, 2, 131_073)
    assert [birth_epoch(generation) for generation in (1, 65_535, 65_537, 131_073)] == [1, 1, 2, 3]
    for newest, epoch in ((GENERATIONS_AN_EPOCH - 1, 1), (2 * GENERATIONS_AN_EPOCH - 1, 2)):
        with pytest.raises(OverflowError):
            next_generation(newest, epoch)
        assert birth_epoch(next_generation(newest, epoch + 1)) == epoch + 1
