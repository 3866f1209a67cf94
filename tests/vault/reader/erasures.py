"""§10, erasures: who has signed one, and what that is worth."""

import re
from datetime import datetime

from tests.vault.reader.conventions import frame, u64
from tests.vault.reader.refusals import require
from tests.vault.reader.roster import Roster
from tests.vault.reader.rosterform import NOBODY
from tests.vault.reader.seals import verify as verify_signature

HAND, BIN, ANOTHERS_BIN = 1, 2, 3


def read_second(text: str) -> int:
    """Return a moment, in UTC and to the second, in seconds since 1970."""
    require(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", text) is not None, "a second in UTC")
    return int(datetime.fromisoformat(text).timestamp())


def check(roster: Roster, case: bytes, erased_at: str, statement: bytes) -> str:
    """Return `signed` or `bin`."""
    require(len(statement) == 90 and statement[0] == 1, "form")
    signer, way, number = statement[1:17], statement[17], int.from_bytes(statement[18:26], "big")
    public, roles, since = _signer(roster, signer)
    require(since <= number <= roster.number, "the time of the key")
    seconds = u64(read_second(erased_at))
    message = frame("casework v1 erasure signature", statement[:26], roster.hash_at[number], case, seconds)
    verify_signature(public, statement[26:], message)
    if "coordinator" in roles or signer == NOBODY:
        require(way in (HAND, BIN, ANOTHERS_BIN), "way")
        return "bin" if way == ANOTHERS_BIN else "signed"
    require("caseworker" in roles and way == BIN, "role")
    return "bin"


def _signer(roster: Roster, signer: bytes) -> tuple[bytes, set[str], int]:
    if signer == NOBODY:
        return roster.recovery, set(), roster.recovery_number
    standing = roster.members.get(signer)
    require(standing is not None and standing.status == "active", "no member now")
    assert standing is not None
    return standing.named.public, set(standing.named.roles), standing.since
