"""What somebody searched for, sealed under their session, so that an address can carry it and say nothing."""

from casework.errors import VaultError
from casework.services.context import Context
from casework.vault import documents, encoding
from casework.vault.fields import SEARCH_TEXT
from casework.vault.session import decode_session_secret, open_for_session, seal_for_session

_VERSION = 1


def seal_search(context: Context, cookie: str, text: str) -> str:
    """Return what stands for the text in an address; only this session opens it again."""
    plain = documents.encode({"schema": 1, "text": text})
    secret = decode_session_secret(cookie)
    return encoding.to_text(seal_for_session(secret, SEARCH_TEXT, context.member_id, _VERSION, plain))


def open_search(context: Context, cookie: str, sealed: str) -> str:
    """Return the text; empty for what another session sealed, or nobody."""
    try:
        opened = encoding.from_text(sealed)
        secret = decode_session_secret(cookie)
        plain = open_for_session(secret, SEARCH_TEXT, context.member_id, _VERSION, opened)
        return str(documents.decode(plain)["text"])
    except VaultError:
        return ""
