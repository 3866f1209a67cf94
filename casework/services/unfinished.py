"""What a browser has begun and not finished, sealed in the volatile store under that browser's own cookie."""

from uuid import uuid4

from casework.domain.documents import Document
from casework.errors import NotFound, Tampered
from casework.services.runtime import Runtime
from casework.store import volatile
from casework.store.volatilestore import tidy, writing
from casework.vault import documents
from casework.vault.fields import CEREMONY_STATE
from casework.vault.session import (
    decode_session_secret,
    encode_session_secret,
    new_session_secret,
    open_for_session,
    seal_for_session,
    session_id_hash,
)


def keep(runtime: Runtime, cookie: str, document: Document, seconds: int | None = None) -> str:
    """Keep the document, over what the cookie stood for; returns what the cookie has to carry.

    It goes after so many seconds without another change; if nothing is said, three times as long as a session
    may idle.
    """
    lasting = runtime.limits.idle_seconds * 3 if seconds is None else seconds
    with writing() as batch:
        before = _find(cookie)
        if before is None:
            cookie = encode_session_secret(new_session_secret())
        secret = decode_session_secret(cookie)
        row_id, version = (before.row_id, before.version + 1) if before else (uuid4(), 1)
        plain = documents.encode(document)
        batch.put(
            volatile.CeremonyRow(
                id_hash=session_id_hash(secret),
                row_id=row_id,
                version=version,
                ends_at_seconds=runtime.now_seconds() + lasting,
                state_sealed=seal_for_session(secret, CEREMONY_STATE, row_id, version, plain),
            )
        )
    return cookie


def load(cookie: str, kind: str) -> Document:
    """Return what was kept; raises NotFound when it is another kind, over, or was never begun."""
    row = _find(cookie)
    if row is None:
        raise NotFound(kind)
    document = documents.decode(
        open_for_session(
            decode_session_secret(cookie), CEREMONY_STATE, row.row_id, row.version, row.state_sealed
        )
    )
    if document["kind"] != kind:
        raise NotFound(kind)
    return document


def forget(cookie: str) -> None:
    """Delete what was kept, if there is anything, from the store's log too."""
    with writing() as batch:
        row = _find(cookie)
        if row is not None:
            batch.delete(row)
    if row is not None:
        tidy()


def _find(cookie: str) -> volatile.CeremonyRow | None:
    try:
        return volatile.find_ceremony(session_id_hash(decode_session_secret(cookie)))
    except Tampered:
        return None
