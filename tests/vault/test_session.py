"""A session's secret names its row and opens it; the row alone does neither."""

import pytest

from casework.errors import Tampered
from casework.vault import session
from casework.vault.fields import CEREMONY_STATE, MEMBER_PIN, SESSION_SEED
from tests.vault.cast import ANA, OTHER_ROW, ROW, flipped

SECRET = bytes(range(32))


def test_round_trip() -> None:
    """What is sealed for a session opens with its secret."""
    sealed = session.seal_for_session(SECRET, SESSION_SEED, ROW, 1, ANA.seed)
    assert session.open_for_session(SECRET, SESSION_SEED, ROW, 1, sealed) == ANA.seed


def test_another_place_is_refused() -> None:
    """Another session, field, row or version opens nothing."""
    sealed = session.seal_for_session(SECRET, SESSION_SEED, ROW, 1, ANA.seed)
    for secret, field, row, version in (
        (flipped(SECRET, 9), SESSION_SEED, ROW, 1),
        (SECRET, CEREMONY_STATE, ROW, 1),
        (SECRET, SESSION_SEED, OTHER_ROW, 1),
        (SECRET, SESSION_SEED, ROW, 2),
    ):
        with pytest.raises(Tampered):
            session.open_for_session(secret, field, row, version, sealed)


def test_the_row_s_name_does_not_open_it() -> None:
    """Who reads the table has no key."""
    name = session.session_id_hash(SECRET)
    sealed = session.seal_for_session(SECRET, SESSION_SEED, ROW, 1, ANA.seed)
    assert name == session.session_id_hash(SECRET) != session.session_id_hash(flipped(SECRET, 0))
    with pytest.raises(Tampered):
        session.open_for_session(name, SESSION_SEED, ROW, 1, sealed)


def test_the_cookie() -> None:
    """The secret is spelt in one way."""
    text = session.encode_session_secret(SECRET)
    assert len(text) == 43 and session.decode_session_secret(text) == SECRET
    for forged in ("", text + "=", text[:-1], text + "A", text.replace("A", "+", 1)):
        with pytest.raises(Tampered):
            session.decode_session_secret(forged)


def test_secrets_are_random() -> None:
    """32 bytes, never the same."""
    assert len(session.new_session_secret()) == 32
    assert session.new_session_secret() != session.new_session_secret()


def test_only_a_session_s_fields() -> None:
    """Sealing another field so is a mistake in the program."""
    with pytest.raises(ValueError, match="is sealed under a member key"):
        session.seal_for_session(SECRET, MEMBER_PIN, ROW, 1, b"pin")
