"""Founding an organization: all at once, and once."""

import threading
from collections.abc import Iterator
from typing import NoReturn
from uuid import UUID

import pytest
from flask import Flask

from casework.domain.member import MemberProfile
from casework.domain.organization import OrganizationProfile
from casework.domain.permissions import Role
from casework.errors import Conflict
from casework.services import founding
from casework.services.context import build_context
from casework.store.database import db
from casework.store.head import get_generation
from casework.vault.identity import MemberSecret
from tests.support.audit import open_log
from tests.support.dump import changed_tables, dump_tables


@pytest.fixture
def database() -> str:
    """Only SQLite: what is copied for PostgreSQL is founded there."""
    return "sqlite"


@pytest.fixture
def before(empty_app: Flask) -> Iterator[Flask]:
    """The application before its first run."""
    with empty_app.app_context():
        yield empty_app


def _found(app: Flask, secret: MemberSecret) -> MemberSecret:
    profile, coordinator = OrganizationProfile("Traverse", ("en",), "en"), MemberProfile("Cora", "en")
    recovery = MemberSecret.generate()
    founding.found_organization(
        app.extensions["casework"], profile, coordinator, "cora", "one two three", secret, recovery.public
    )
    return recovery


def test_it_writes_one_event_and_keys_for_recovery(before: Flask) -> None:
    """The first entry of the log is the founding; every compartment is sealed to the recovery key."""
    secret, empty = MemberSecret.generate(), dump_tables()
    _found(before, secret)
    written = {"audit_entry", "epoch_seal", "member", "organization", "recovery_seal", "roster_entry"}
    assert set(changed_tables(empty, dump_tables())) == written | {"write_head"}
    member_id = UUID(str(dump_tables()["member"][0][0]))
    context = build_context(before.extensions["casework"], member_id, secret)
    assert context.roles == {Role.COORDINATOR}
    assert [entry["event"] for entry in open_log(context)] == ["organization.founded"]
    assert len(dump_tables()["recovery_seal"]) == 5
    assert get_generation() == 1


def test_a_second_founding_changes_nothing(before: Flask) -> None:
    """Whoever comes second is told."""
    _found(before, MemberSecret.generate())
    founded = dump_tables()
    with pytest.raises(Conflict):
        _found(before, MemberSecret.generate())
    assert dump_tables() == founded


def test_of_three_at_once_one_founds(before: Flask) -> None:
    """The others are told so, whether they came while it was written or just before."""
    start, results = threading.Barrier(3), list[str]()

    def found() -> None:
        with before.app_context():
            secret = MemberSecret.generate()
            start.wait()
            try:
                _found(before, secret)
            except Exception as error:  # whatever it is, it is what the page would meet
                results.append(type(error).__name__)
            else:
                results.append("founded")

    threads = [threading.Thread(target=found) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["Conflict", "Conflict", "founded"]
    assert len(dump_tables()["organization"]) == 1


@pytest.mark.parametrize("step", ["write_entry", "take_written", "store_entry", "_write_seals"])
def test_broken_anywhere_nothing_is_founded(
    before: Flask, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No half an organization."""

    def broken(*_arguments: object) -> NoReturn:
        raise ZeroDivisionError

    monkeypatch.setattr(founding, step, broken)
    empty = dump_tables()
    with pytest.raises(ZeroDivisionError):
        _found(before, MemberSecret.generate())
    db.session.remove()
    assert dump_tables() == empty
