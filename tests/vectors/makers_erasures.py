"""Vectors of who has erased a case, and of who has not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from casework.vault import roster
from casework.vault.compartments import RECOVERY_ID
from casework.vault.erasure import Way, sign_erasure
from casework.vault.identity import MemberSecret
from casework.vault.roster import Entry, Pin
from tests.vectors.makers_lists import ADMISSION, BOTH, FOUNDING, stored
from tests.vectors.makers_rosters import (
    LEFT,
    NEW_ANA,
    NEW_BEN,
    NEW_RECOVERY,
    OTHER_SHARES,
    RECOVERING,
    RENEWAL,
    RENEWED,
    REVOCATION,
)
from tests.vectors.material import (
    ANA,
    ANA_ID,
    BEN,
    BEN_ID,
    OTHER_ROW,
    RECOVERY,
    ROW,
    Case,
    Kept,
    flip,
    tampered,
    vectors,
)

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
BEFORE = [FOUNDING, ADMISSION]
TOLD = [*BEFORE, OTHER_SHARES]
RECOVERED = [*BEFORE, REVOCATION, RECOVERING]


def _given(entries: Sequence[Entry], statement: bytes) -> dict[str, Any]:
    return {
        "entries": [stored(entry) for entry in entries],
        "pin": None,
        "case": ROW.bytes.hex(),
        "erased_at": NOON.isoformat(),
        "statement": statement.hex(),
    }


def _by(secret: MemberSecret, member_id: UUID, pin: Pin, way: Way = Way.HAND) -> bytes:
    return sign_erasure(secret, member_id, pin, ROW, NOON, way)


def erasures(_kept: Kept) -> Any:
    """A signature, by a roster of ANA, who coordinates, and BEN, who is an advocate, then a caseworker."""
    renewed, end = [*BEFORE, RENEWAL], RENEWED.pin
    told = roster.verify(TOLD).pin
    good = _given(renewed, _by(ANA, ANA_ID, end))
    accept: list[Case] = [
        ("by a coordinator", good, "signed"),
        ("by a coordinator, earlier", _given(renewed, _by(ANA, ANA_ID, BOTH.pin)), "signed"),
        ("by the bin, with a coordinator's keys", _given(renewed, _by(ANA, ANA_ID, end, Way.BIN)), "signed"),
        ("by the bin, with a caseworker's", _given(renewed, _by(NEW_BEN, BEN_ID, end, Way.BIN)), "bin"),
        ("another's bin", _given(renewed, _by(ANA, ANA_ID, end, Way.ANOTHERS_BIN)), "bin"),
        ("by a quorum", _given(renewed, _by(RECOVERY, RECOVERY_ID, BOTH.pin)), "signed"),
        ("by who began anew", _given(RECOVERED, _by(NEW_ANA, ANA_ID, _end(RECOVERED))), "signed"),
        ("by a new quorum", _given(TOLD, _by(NEW_RECOVERY, RECOVERY_ID, told)), "signed"),
    ]
    forged = {
        "by a caseworker's hand": _given(renewed, _by(NEW_BEN, BEN_ID, end)),
        "another's bin, by a caseworker": _given(renewed, _by(NEW_BEN, BEN_ID, end, Way.ANOTHERS_BIN)),
        "by the bin, with an advocate's keys": _given(BEFORE, _by(BEN, BEN_ID, BOTH.pin, Way.BIN)),
        "with a caseworker's seed in a coordinator's name": _given(renewed, _by(NEW_BEN, ANA_ID, end)),
        "with the key from before": _given(renewed, _by(BEN, BEN_ID, end, Way.BIN)),
        "before they had this key": _given(renewed, _by(NEW_BEN, BEN_ID, BOTH.pin, Way.BIN)),
        "by somebody who was revoked": _given([*BEFORE, REVOCATION], _by(BEN, BEN_ID, BOTH.pin, Way.BIN)),
        "by a coordinator of before the recovery": _given(RECOVERED, _by(ANA, ANA_ID, LEFT.pin)),
        "by an old quorum": _given(TOLD, _by(RECOVERY, RECOVERY_ID, BOTH.pin)),
        "by nobody of this roster": _given(renewed, _by(ANA, OTHER_ROW, end)),
        "at an entry that is not there yet": _given(BEFORE, _by(ANA, ANA_ID, end)),
        "at entry 0": _given(renewed, _numbered(0)),
        "by another roster": _given([*BEFORE, REVOCATION], _by(ANA, ANA_ID, end)),
    }
    statement = good["statement"]
    reject: list[Case] = [(name, given, "Tampered") for name, given in forged.items()]
    reject += tampered(
        good,
        another_case={"case": OTHER_ROW.bytes.hex()},
        a_second_later={"erased_at": (NOON + timedelta(seconds=1)).isoformat()},
        a_part_of_a_second={"erased_at": (NOON + timedelta(milliseconds=500)).isoformat()},
        nobody_signed={"statement": ""},
        another_version={"statement": flip(statement, 0)},
        another_way={"statement": flip(statement, 17)},
        signature_changed={"statement": flip(statement, -1)},
        truncated={"statement": statement[:-2]},
        trailing_byte={"statement": statement + "00"},
    )
    return vectors("Who has erased a case, by the roster: `signed`, or `bin`.", accept, reject)


def _numbered(number: int) -> bytes:
    statement = bytearray(_by(ANA, ANA_ID, BOTH.pin))
    statement[18:26] = number.to_bytes(8, "big")
    return bytes(statement)


def _end(entries: Sequence[Entry]) -> Pin:
    return roster.verify(entries).pin


MAKERS = {"erasure": erasures}
