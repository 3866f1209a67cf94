"""Coordinators' sign-ins hold the log against what they saw of it; what does not fit keeps nobody out."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from casework.services.auditing import anchors, verifying
from casework.services.auditing.findings import Fault
from casework.services.signing_in import authentication
from casework.services.transactions import transaction
from casework.store.audit import AuditEntry
from casework.store.database import db
from casework.store.head import WriteHead
from tests.support import tampering
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.audit import links

ENTRIES: Any = AuditEntry.__table__
HEAD: Any = WriteHead.__table__


def _sign_in(founded: Founded, login: str = COORDINATOR) -> None:
    player = founded.players[login]
    authentication.sign_in(founded.runtime, login, player.passphrase)
    db.session.remove()


def _grow(founded: Founded, count: int = 4) -> None:
    for _ in range(count):
        with transaction(founded.context(CASEWORKER), "account.profile_changed"):
            pass


def test_a_sign_in_moves_the_anchor_to_the_log_s_end(founded: Founded) -> None:
    """As it was before the entry of the sign-in itself, which covers the anchor."""
    assert anchors.find_anchor(founded.context()) is None
    for _ in range(2):
        _grow(founded)
        end = links()[-1]
        _sign_in(founded)
        anchor = anchors.find_anchor(founded.context())
        assert anchor and (anchor.sequence, anchor.hash, anchor.fault) == (end.sequence, end.hash, "")
        assert anchors.find_warning(founded.context()) is None


def test_others_keep_no_anchor(founded: Founded) -> None:
    """Who cannot read the log is not asked to vouch for it."""
    _sign_in(founded, CASEWORKER)
    assert anchors.find_anchor(founded.context(CASEWORKER)) is None
    assert anchors.find_warning(founded.context(CASEWORKER)) is None


def _cut(to: int) -> None:
    kept = next(link for link in links() if link.sequence == to)
    db.session.remove()
    with db.engine.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.sequence > to))
        connection.execute(update(HEAD).values(audit_sequence=to, audit_hash=kept.hash))


def _cut_and_grow(founded: Founded, to: int) -> None:
    _cut(to)
    _grow(founded, 5)


def _remove(sequence: int) -> None:
    with db.engine.begin() as connection:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.sequence == sequence))


def _change(sequence: int) -> None:
    with db.engine.begin() as connection:
        connection.execute(update(ENTRIES).where(ENTRIES.c.sequence == sequence).values(rows_hash=bytes(32)))


def _lose_anchor(founded: Founded) -> None:
    table = db.metadata.tables["member"]
    key = {"id": founded.players[COORDINATOR].id}
    tampering.update_raw(table, key, anchor_sealed=b"\1\1" + bytes(300))


# By what is found: a change of the log, given the anchor's sequence; the log goes four further.
BREAKS: Mapping[str, tuple[Fault, Callable[[Founded, int], object]]] = {
    "cut before the anchor": (Fault.LOG_CUT, lambda _founded, anchor: _cut(anchor - 2)),
    "cut and grown again": (
        Fault.LOG_REWRITTEN,
        lambda founded, anchor: _cut_and_grow(founded, anchor - 2),
    ),
    "the anchor's entry removed": (Fault.ENTRY_MISSING, lambda _founded, anchor: _remove(anchor)),
    "a later one removed": (Fault.ENTRY_MISSING, lambda _founded, anchor: _remove(anchor + 2)),
    "a later one changed": (Fault.ENTRY_CHANGED, lambda _founded, anchor: _change(anchor + 2)),
    "the last one removed": (Fault.LOG_CUT, lambda _founded, _anchor: _remove(links()[-1].sequence)),
    "the anchor itself changed": (Fault.ANCHOR_LOST, lambda founded, _anchor: _lose_anchor(founded)),
}


@pytest.mark.parametrize("how", BREAKS)
def test_a_log_that_does_not_fit_is_told_until_it_is_accepted(founded: Founded, how: str) -> None:
    """Sign-in works, the warning says since when, and stays; accepting begins anew."""
    _sign_in(founded)
    anchor = anchors.find_anchor(founded.context())
    assert anchor
    _grow(founded)
    fault, break_log = BREAKS[how]
    break_log(founded, anchor.sequence)
    for _ in range(2):
        _sign_in(founded)
        warning = anchors.find_warning(founded.context())
        assert warning and warning.fault == fault
        assert how == "the anchor itself changed" or warning.sequence == anchor.sequence
    anchors.accept_log(founded.context())
    assert anchors.find_warning(founded.context()) is None
    _sign_in(founded)
    assert anchors.find_warning(founded.context()) is None


def test_a_log_that_fits_again_ends_the_warning(founded: Founded) -> None:
    """Where whoever looks after the server found what was missing and put it back."""
    _sign_in(founded)
    _grow(founded)
    missing = links()[-2].sequence
    with db.engine.connect() as connection:
        row = connection.execute(ENTRIES.select().where(ENTRIES.c.sequence == missing)).one()._asdict()
    _remove(missing)
    _sign_in(founded)
    assert anchors.find_warning(founded.context())
    tampering.write_raw(ENTRIES, row)
    _sign_in(founded)
    assert anchors.find_warning(founded.context()) is None


def test_a_long_log_is_checked_in_parts(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is when it is short."""
    _sign_in(founded)
    monkeypatch.setattr(anchors, "_CHUNK", 3)
    _grow(founded, 10)
    _sign_in(founded)
    assert anchors.find_warning(founded.context()) is None
    whole = verifying.check_log(founded.context())
    monkeypatch.setattr(verifying, "_CHUNK", 3)
    assert verifying.check_log(founded.context()) == whole


def test_every_page_says_so(founded: Founded) -> None:
    """To coordinators, with the way to what they can do; to nobody else."""
    _sign_in(founded)
    _grow(founded)
    _remove(links()[-2].sequence)
    _sign_in(founded)
    client, day = founded.client(COORDINATOR), founded.runtime.today() - timedelta(days=0)
    for path in ("/", "/members", "/nowhere"):
        page = client.get(path).text
        assert "The audit log was cut or rewritten since" in page and str(day.year) in page
    assert "Take the log as it is" in client.get("/audit").text
    assert "cut or rewritten" not in founded.client(CASEWORKER).get("/").text
    client.post("/audit/accept")
    assert "cut or rewritten" not in client.get("/").text
