"""What guessing at the sign-in costs: counted before it is tried, for all workers, and never a lockout."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from casework.errors import CaseworkError, CodeNeeded, Invalid, TooSoon, WrongPassphrase
from casework.services.runtime import Runtime
from casework.services.signing_in import authentication, sessions
from casework.services.signing_in.defence import ACCOUNT, ADDRESS, CONFIRM, PLACE, remember_network
from casework.services.signing_in.sessions import Locked
from casework.services.signing_in.terminal import open_at_terminal
from casework.store.attempts import AttemptRow, KnownNetworkRow, find_attempts
from casework.store.database import db
from casework.store.members import find_member
from casework.store.volatilestore import list_records
from casework.vault import passphrase as vault
from tests.support.application import CASEWORKER, COLLEAGUE, Founded, build_app, close
from tests.support.kept import kept_bytes
from tests.support.secondfactor import equip
from tests.support.together import all_at_once

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"
BEGIN = datetime(2026, 5, 1, 12, tzinfo=UTC)
WRONG = "no such words at all"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = BEGIN

    def move(self, seconds: int) -> None:
        """Let so much time pass."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    """The time of `runtime`."""
    return Clock()


@pytest.fixture
def runtime(app: Flask, clock: Clock) -> Runtime:
    """What the application holds, at the clock's time."""
    held: Runtime = app.extensions["casework"]
    return replace(held, now=lambda: clock.now)


@pytest.fixture
def derived(monkeypatch: pytest.MonkeyPatch) -> list[vault.Cost]:
    """The cost of every derivation from a passphrase that was made."""
    made: list[vault.Cost] = []
    derive = vault._argon2id

    def record(cost: vault.Cost, *given: object) -> bytes:
        made.append(cost)
        return derive(vault.Cost(1, 19 * 1024, 1), *given)  # type: ignore[arg-type]

    monkeypatch.setattr(vault, "_argon2id", record)
    return made


def guess(runtime: Runtime, login: str = CASEWORKER, address: str = HERE) -> type[CaseworkError]:
    """Try a wrong passphrase; returns what was raised."""
    try:
        authentication.sign_in(runtime, login, WRONG, address)
    except (WrongPassphrase, TooSoon) as error:
        return type(error)
    raise AssertionError("a wrong passphrase opened something")


def waits(runtime: Runtime, login: str = CASEWORKER, address: str = HERE) -> int:
    """Return how many seconds a try has to wait."""
    with pytest.raises(TooSoon) as refused:
        authentication.sign_in(runtime, login, WRONG, address)
    return refused.value.seconds


def tries(kind: str, subject: bytes, runtime: Runtime) -> int:
    """Return how many tries are counted for a subject."""
    db.session.rollback()
    row = find_attempts(runtime.host_key.attempt_hmac(kind, subject))
    return row.tries if row else 0


@pytest.mark.parametrize("login", [CASEWORKER, "nobody"])
def test_the_delay_doubles_up_to_half_a_minute(
    login: str, runtime: Runtime, clock: Clock, derived: list[vault.Cost]
) -> None:
    """Five tries are free; then 1, 2, 4 … 30 s, and no longer however often somebody goes on."""
    for _ in range(5):
        assert guess(runtime, login, "") is WrongPassphrase
    for seconds in (1, 2, 4, 8, 16, 30, 30, 30):
        assert guess(runtime, login, "") is WrongPassphrase
        made = len(derived)
        assert waits(runtime, login, "") == seconds
        clock.move(seconds - 1)
        assert waits(runtime, login, "") == 1
        assert len(derived) == made
        clock.move(1)


@pytest.mark.usefixtures("derived")
def test_an_address_waits_for_all_its_names(runtime: Runtime, clock: Clock) -> None:
    """Twenty tries are free, over any names; then up to a minute, while another address need not wait."""
    for number in range(20):
        assert guess(runtime, f"name {number}") is WrongPassphrase
    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
        assert guess(runtime, f"after {seconds}") is WrongPassphrase
        assert waits(runtime, "another") == seconds
        assert waits(runtime, "another", f"::ffff:{HERE}") == seconds
        assert guess(runtime, f"elsewhere {seconds} {clock.now}", ELSEWHERE) is WrongPassphrase
        clock.move(seconds)


@pytest.mark.usefixtures("derived")
def test_addresses_of_one_ipv6_network_are_one(runtime: Runtime) -> None:
    """Who has a /64 has no more tries than who has one address."""
    for number in range(20 + 1):
        guess(runtime, f"name {number}", f"2001:db8:1:2::{number:x}")
    assert waits(runtime, "another", "2001:db8:1:2:aaaa::1") == 1
    assert guess(runtime, "another", "2001:db8:1:3::1") is WrongPassphrase


def test_the_right_passphrase_in_time_forgets_the_wrong_ones(
    founded: Founded, runtime: Runtime, clock: Clock
) -> None:
    """It has to wait as the others do; then the account begins anew; the address keeps the other tries."""
    player = founded.players[CASEWORKER]
    for _ in range(ACCOUNT.free_tries + 1):
        guess(runtime)
    with pytest.raises(TooSoon):
        authentication.sign_in(runtime, player.login, player.passphrase, HERE)
    clock.move(1)
    account = runtime.host_key.login_hmac(CASEWORKER)
    assert authentication.sign_in(runtime, player.login, player.passphrase, ELSEWHERE)
    assert tries(ACCOUNT.kind, account, runtime) == 0
    assert tries(ADDRESS.kind, bytes([192, 0, 2, 7]), runtime) == ACCOUNT.free_tries + 1
    assert tries(ADDRESS.kind, bytes([198, 51, 100, 9]), runtime) == 0


@pytest.fixture
def two(
    app: Flask, tmp_path: Path, bytecode_folder: Path, volatile_settings: dict[str, object]
) -> Iterator[tuple[Flask, Flask]]:
    """Two workers over the same data, with clocks that stand still."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    other = build_app(tmp_path / "instance", bytecode_folder, DATABASE_URL=url, **volatile_settings)
    for one in (app, other):
        one.extensions["casework"] = replace(one.extensions["casework"], now=lambda: BEGIN)
    yield app, other
    close(other)


def _all(two: tuple[Flask, Flask], login: Callable[[int], str]) -> list[object]:
    def at(number: int) -> Callable[[], object]:
        return lambda: guess(two[number % 2].extensions["casework"], login(number))

    return list(all_at_once([(two[number % 2], at(number)) for number in range(20)]))


def test_twenty_at_once_over_two_workers_are_twenty(
    two: tuple[Flask, Flask], derived: list[vault.Cost]
) -> None:
    """None slips by the count: with twenty tries from an address in one moment its free ones are used up."""
    results = _all(two, lambda number: f"name {number}")
    assert results == [WrongPassphrase] * 20
    assert len(derived) == 20
    runtime = two[0].extensions["casework"]
    assert tries(ADDRESS.kind, bytes([192, 0, 2, 7]), runtime) == 20
    guess(runtime, "the next")
    assert waits(two[1].extensions["casework"], "another") == 1


def test_many_at_once_for_an_account_are_not_tried(
    two: tuple[Flask, Flask], derived: list[vault.Cost]
) -> None:
    """Twenty guesses at one passphrase in one moment: six are made, the others are sent away."""
    results = _all(two, lambda _number: CASEWORKER)
    assert results.count(WrongPassphrase) == len(derived) == ACCOUNT.free_tries + 1
    assert results.count(TooSoon) == 20 - len(derived)


def test_nobody_is_told_which_names_exist(
    founded: Founded, runtime: Runtime, derived: list[vault.Cost]
) -> None:
    """A wrong passphrase, an unknown name and a member whose seed is gone: one answer, the same work."""
    player, colleague = founded.players[CASEWORKER], find_member(founded.players[COLLEAGUE].id)
    caseworker = find_member(player.id)
    assert caseworker is not None and colleague is not None
    given = (player.passphrase, player.id, runtime.host_key, player.seed)
    caseworker.seed_sealed = vault.seal_seed(*given, cost=vault.DEFAULT_COST)
    colleague.seed_sealed = b""
    db.session.commit()
    for login in (CASEWORKER, "nobody", COLLEAGUE):
        derived.clear()
        assert guess(runtime, login) is WrongPassphrase
        assert derived == [vault.DEFAULT_COST]
        assert tries(ACCOUNT.kind, runtime.host_key.login_hmac(login), runtime) == 1


@pytest.mark.usefixtures("derived")
def test_unlocking_the_terminal_and_showing_it_again_count_too(founded: Founded, runtime: Runtime) -> None:
    """At a terminal tries are the account's, without an address; of who has a session, the member's."""
    player, context = founded.players[CASEWORKER], founded.context(CASEWORKER)
    account, network = runtime.host_key.login_hmac(CASEWORKER), bytes([192, 0, 2, 7])
    with pytest.raises(WrongPassphrase):
        locked = Locked(player.id, context.roster.pin, runtime.now_seconds())
        authentication.unlock(runtime, locked, WRONG, HERE)
    with pytest.raises(WrongPassphrase):
        open_at_terminal(runtime, CASEWORKER, WRONG)
    with pytest.raises(Invalid) as fault:
        authentication.confirm_passphrase(replace(context, runtime=runtime), WRONG, HERE)
    assert set(fault.value.faults) == {"passphrase"}
    assert tries(ACCOUNT.kind, account, runtime) == 1
    assert tries(CONFIRM.kind, player.id.bytes, runtime) == 2
    assert tries(ADDRESS.kind, network, runtime) == 2


def test_a_stranger_at_the_sign_in_keeps_nobody_from_unlocking(founded: Founded, runtime: Runtime) -> None:
    """Whoever knows a login name and goes on guessing makes wait at the sign-in, not who has a session."""
    player, context = founded.players[CASEWORKER], founded.context(CASEWORKER)
    for number in range(ACCOUNT.free_tries + 1):
        assert guess(runtime, CASEWORKER, f"203.0.113.{number}") is WrongPassphrase
    assert waits(runtime, CASEWORKER, ELSEWHERE) == 1
    authentication.confirm_passphrase(replace(context, runtime=runtime), player.passphrase, HERE)
    locked = Locked(player.id, context.roster.pin, runtime.now_seconds())
    assert authentication.unlock(runtime, locked, player.passphrase, HERE)


@pytest.mark.usefixtures("derived")
def test_tries_are_forgotten_after_an_hour(runtime: Runtime, clock: Clock) -> None:
    """Who comes back later begins anew, and the sweep leaves no row behind."""
    for _ in range(ACCOUNT.free_tries + 1):
        guess(runtime)
    clock.move(3601)
    assert guess(runtime) is WrongPassphrase
    assert tries(ACCOUNT.kind, runtime.host_key.login_hmac(CASEWORKER), runtime) == 1
    clock.move(3601)
    sessions.sweep(runtime)
    assert list_records(AttemptRow) == []


@pytest.mark.usefixtures("derived")
def test_what_is_kept_names_nobody(app: Flask, runtime: Runtime) -> None:
    """Neither a login name, nor how the database spells it, nor an address stands in the volatile store."""
    guess(runtime, "rosalinde")
    content = kept_bytes()
    told = [b"rosalinde", runtime.host_key.login_hmac("rosalinde"), HERE.encode(), bytes([192, 0, 2, 7])]
    assert [word for word in told if word in content] == []
    subject = runtime.host_key.attempt_hmac("account", runtime.host_key.login_hmac("rosalinde"))
    assert subject in content or subject.hex().encode() in content


def flood(runtime: Runtime, login: str = CASEWORKER) -> None:
    """Let strangers try a name from two networks, until it makes wait."""
    for number in range(ACCOUNT.free_tries + 1):
        assert guess(runtime, login, f"203.0.113.{number % 2}") is WrongPassphrase


def test_a_stranger_elsewhere_does_not_make_the_owner_wait(
    founded: Founded, runtime: Runtime, clock: Clock
) -> None:
    """Where they have signed in from before, they get in at once, again and again, while a flood goes on."""
    player = founded.players[CASEWORKER]
    authentication.sign_in(runtime, player.login, player.passphrase, HERE)
    flood(runtime)
    for _ in range(3):
        assert authentication.sign_in(runtime, player.login, player.passphrase, HERE)
        # No entrance gives the strangers new tries.
        assert waits(runtime, CASEWORKER, "203.0.113.9") > 0
        assert waits(runtime, CASEWORKER, "") > 0
        clock.move(waits(runtime, CASEWORKER, "203.0.113.9"))
        assert guess(runtime, CASEWORKER, "203.0.113.9") is WrongPassphrase


@pytest.mark.usefixtures("derived")
def test_an_unknown_network_waits_for_what_others_guess(runtime: Runtime) -> None:
    """So does the owner's where nobody has signed in from it yet, or the volatile store was wiped since."""
    flood(runtime)
    assert waits(runtime, CASEWORKER, HERE) == 1


@pytest.mark.usefixtures("derived")
@pytest.mark.parametrize("login", [CASEWORKER, "nobody"])
def test_a_known_network_has_its_own_few_tries(login: str, runtime: Runtime, clock: Clock) -> None:
    """From there a name's tries are counted alone, for unknown names alike, and wait as long."""
    remember_network(runtime, HERE)
    flood(runtime, login)
    for _ in range(PLACE.free_tries):
        assert guess(runtime, login) is WrongPassphrase
    for seconds in (1, 2, 4, 8, 16, 30, 30):
        assert guess(runtime, login) is WrongPassphrase
        assert waits(runtime, login) == seconds
        clock.move(seconds)


def test_guesses_from_a_thousand_networks_are_few(
    runtime: Runtime, clock: Clock, derived: list[vault.Cost]
) -> None:
    """Five tries are free, the next five take half a minute, each one after that half a minute more."""
    remember_network(runtime, HERE)
    for number in range(1000):
        address = f"10.{number // 250}.{number % 250}.1"
        while guess(runtime, CASEWORKER, address) is TooSoon and clock.now < BEGIN + timedelta(minutes=10):
            clock.move(1)
    # 1 + 2 + 4 + 8 + 16 s, then 30 s each: at most nineteen of those in the ten minutes.
    assert len(derived) <= ACCOUNT.free_tries + 6 + 19


def test_twenty_at_once_from_a_known_network_are_counted(
    two: tuple[Flask, Flask], derived: list[vault.Cost]
) -> None:
    """Six of them are tried, as anywhere else."""
    remember_network(two[0].extensions["casework"], HERE)
    results = _all(two, lambda _number: CASEWORKER)
    assert results.count(WrongPassphrase) == len(derived) == PLACE.free_tries + 1
    assert results.count(TooSoon) == 20 - len(derived)


@pytest.mark.usefixtures("derived")
def test_a_network_is_forgotten_after_two_weeks(runtime: Runtime, clock: Clock) -> None:
    """Then it waits as any other, and the sweep leaves no row; so does the emergency seal, at once."""
    remember_network(runtime, HERE)
    clock.move(14 * 24 * 3600 + 1)
    flood(runtime)
    assert waits(runtime) == 1
    sessions.sweep(runtime)
    assert list_records(KnownNetworkRow) == []
    remember_network(runtime, HERE)
    sessions.end_all_sessions()
    assert list_records(KnownNetworkRow) == []


def test_only_who_was_let_in_makes_a_network_known(founded: Founded, runtime: Runtime) -> None:
    """Neither a wrong passphrase nor a right one without its code does; the code does."""
    player, device = founded.players[CASEWORKER], equip(founded.context(CASEWORKER))
    guess(runtime)
    with pytest.raises(CodeNeeded) as needed:
        authentication.sign_in(runtime, player.login, player.passphrase, HERE)
    assert list_records(KnownNetworkRow) == []
    device_code = device.code(runtime.now_seconds())
    authentication.enter_code(runtime, needed.value.halfway, device_code, HERE)
    assert len(list_records(KnownNetworkRow)) == 1


def test_what_is_known_of_networks_is_three_bytes(app: Flask, runtime: Runtime) -> None:
    """Of an HMAC under the host key: it names nobody, and fits too many networks to tell one."""
    remember_network(runtime, HERE)
    remember_network(runtime, "")
    remember_network(runtime, "a unix socket")
    (row,) = list_records(KnownNetworkRow)
    assert row.label == runtime.host_key.attempt_hmac("known", bytes([192, 0, 2, 7]))[:3]
