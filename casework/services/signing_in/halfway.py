"""Between the passphrase and the code: the opened seed, sealed under the browser's cookie, for minutes."""

from uuid import UUID

from casework.errors import NotFound
from casework.services import unfinished
from casework.services.runtime import Runtime
from casework.vault import encoding
from casework.vault.identity import SEED_BYTES, MemberSecret

LONGEST_SECONDS = 5 * 60
_KIND = "halfway"


def keep_halfway(runtime: Runtime, member_id: UUID, secret: MemberSecret) -> str:
    """Keep who typed their passphrase; returns what the ceremony cookie has to carry, always a new one."""
    document = {
        "schema": 1,
        "kind": _KIND,
        "member": member_id.hex,
        "seed": encoding.to_text(secret.seed),
        "until": runtime.now_seconds() + LONGEST_SECONDS,
    }
    return unfinished.keep(runtime, "", document, LONGEST_SECONDS)


def open_halfway(runtime: Runtime, cookie: str) -> tuple[UUID, MemberSecret]:
    """Return who it is that a code is asked of; raises NotFound where nobody is, or their time is over."""
    document = unfinished.load(cookie, _KIND)
    if document["until"] <= runtime.now_seconds():
        raise NotFound(_KIND)
    return UUID(hex=document["member"]), MemberSecret(encoding.from_text(document["seed"], SEED_BYTES))


def is_halfway(runtime: Runtime, cookie: str) -> bool:
    """Return whether a code is asked of somebody in this browser."""
    try:
        open_halfway(runtime, cookie)
    except NotFound:
        return False
    return True


def forget_halfway(cookie: str) -> None:
    """Destroy what was kept."""
    unfinished.forget(cookie)
