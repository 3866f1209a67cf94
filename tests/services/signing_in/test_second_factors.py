"""The second factor in use: set up, asked for, used up, renewed, turned off; coordinators have one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from casework.errors import CodeNeeded, Forbidden, Invalid, NotFound, TooSoon, VaultError, WrongPassphrase
from casework.services import unfinished
from casework.services.context import Context
from casework.services.membership import invitations
from casework.services.membership.admitting import admit_member
from casework.services.membership.leaving import revoke_member
from casework.services.runtime import Runtime
from casework.services.signing_in import authentication, second_factors, sessions
from casework.services.signing_in.authentication import take_code
from casework.services.signing_in.defence import CODE
from casework.services.signing_in.passphrases import Choice
from casework.services.signing_in.sessions import Locked
from casework.services.signing_in.terminal import open_at_terminal
from casework.store.volatile import CeremonyRow
from casework.store.volatilestore import list_records
from tests.support.application import (
    CASEWORKER,
    COLLEAGUE,
    COORDINATOR,
    ROLES,
    Founded,
    require_second_factor,
)
from tests.support.secondfactor import SPARE, Device, equip
from tests.support.together import all_at_once

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def at(runtime: Runtime, seconds: int = 0) -> Runtime:
    """Return the process at a time of its own."""
    now = NOW + timedelta(seconds=seconds)
    return replace(runtime, now=lambda: now)


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    """What the application holds, where no time passes."""
    app.extensions["casework"] = at(app.extensions["casework"])
    held: Runtime = app.extensions["casework"]
    return held


@pytest.fixture
def device(runtime: Runtime, founded: Founded) -> Device:
    """The caseworker's, who has a second factor."""
    return equip(founded.context(CASEWORKER))


def halfway(founded: Founded, runtime: Runtime, login: str = CASEWORKER) -> str:
    """Type the passphrase; returns what the ceremony cookie carries."""
    with pytest.raises(CodeNeeded) as needed:
        authentication.sign_in(runtime, login, founded.players[login].passphrase)
    return needed.value.halfway


def set_up(founded: Founded, runtime: Runtime, login: str) -> tuple[Device, tuple[str, ...]]:
    """Set a second factor up as the page does."""
    context = replace(founded.context(login), runtime=runtime)
    cookie, proposal = second_factors.propose(context, "")
    device = Device.scan(proposal.text)
    code = device.code(runtime.now_seconds())
    return device, second_factors.enrol(context, cookie, code, founded.players[login].passphrase)


def test_a_second_factor_is_set_up_and_asked_for(founded: Founded, runtime: Runtime) -> None:
    """From then on a passphrase alone starts no session; with a code that was not used yet it does."""
    device, codes = set_up(founded, runtime, CASEWORKER)
    assert len(codes) == 10
    assert founded.context(CASEWORKER).has_second_factor
    cookie = halfway(founded, runtime)
    assert sessions.resolve(runtime, cookie) is None
    used = device.code(runtime.now_seconds())
    with pytest.raises(Invalid) as fault:
        authentication.enter_code(runtime, cookie, used)
    assert set(fault.value.faults) == {"code"}
    session = authentication.enter_code(runtime, cookie, device.code(runtime.now_seconds(), later=1))
    assert isinstance(sessions.resolve(runtime, session), Context)
    with pytest.raises(NotFound):
        authentication.enter_code(runtime, cookie, device.code(runtime.now_seconds(), later=1))


@pytest.mark.parametrize("mistake", ["code", "passphrase"])
def test_a_mistake_while_setting_up_leaves_everything(
    mistake: str, founded: Founded, runtime: Runtime
) -> None:
    """The same secret is proposed again, so that the app need not scan another."""
    context = replace(founded.context(CASEWORKER), runtime=runtime)
    cookie, proposal = second_factors.propose(context, "")
    code = Device.scan(proposal.text).code(runtime.now_seconds())
    typed = {"code": code, "passphrase": founded.players[CASEWORKER].passphrase} | {mistake: "wrong"}
    with pytest.raises(Invalid) as fault:
        second_factors.enrol(context, cookie, typed["code"], typed["passphrase"])
    assert set(fault.value.faults) == {mistake}
    assert not founded.context(CASEWORKER).has_second_factor
    assert second_factors.propose(context, cookie) == (cookie, proposal)


def test_a_secret_is_proposed_to_one_member_alone(founded: Founded, runtime: Runtime) -> None:
    """Who signs in later in the same browser gets another one."""
    cookie, first = second_factors.propose(founded.context(CASEWORKER), "")
    _cookie, second = second_factors.propose(founded.context(COLLEAGUE), cookie)
    assert first.text != second.text


def test_of_twenty_requests_with_one_code_one_gets_in(founded: Founded, device: Device) -> None:
    """Whether they share a passphrase page or each has its own: a code is used up under the write lock."""
    runtime, member_id = founded.runtime, founded.players[CASEWORKER].id
    code, secret = device.code(runtime.now_seconds()), founded.context(CASEWORKER).secret

    def enter() -> str:
        try:
            authentication._enter(runtime, member_id, secret, code)
        except VaultError as error:
            return type(error).__name__
        return "in"

    results = all_at_once([(founded.app, enter)] * 20)
    assert sorted(map(str, results)) == ["WrongCode"] * 19 + ["in"]


def test_of_twenty_at_the_page_one_gets_in(founded: Founded, device: Device) -> None:
    """Over the defence too, which lets through some and sends the others away."""
    runtime, cookie = founded.runtime, halfway(founded, founded.runtime)
    code = device.code(runtime.now_seconds())

    def enter() -> str:
        try:
            authentication.enter_code(runtime, cookie, code, "192.0.2.7")
        except (Invalid, NotFound) as error:
            return type(error).__name__
        return "in"

    results = all_at_once([(founded.app, enter)] * 20)
    assert results.count("in") == 1
    assert set(results) <= {"in", "Invalid", "NotFound", "TooSoon"}


def test_a_recovery_code_is_used_once(founded: Founded, runtime: Runtime, device: Device) -> None:
    """It stands in for the device, and then it is gone."""
    assert second_factors.count_recovery_codes(founded.context(CASEWORKER)) == 1
    assert authentication.enter_code(runtime, halfway(founded, runtime), SPARE)
    assert second_factors.count_recovery_codes(founded.context(CASEWORKER)) == 0
    with pytest.raises(Invalid):
        authentication.enter_code(runtime, halfway(founded, runtime), SPARE)


def test_wrong_codes_make_wait(founded: Founded, runtime: Runtime, device: Device) -> None:
    """Five are free; typing the passphrase again does not begin the count anew; the right one does."""
    for _ in range(CODE.free_tries + 1):
        with pytest.raises(Invalid) as fault:
            authentication.enter_code(runtime, halfway(founded, runtime), "000000")
        assert not isinstance(fault.value, TooSoon)
    with pytest.raises(TooSoon) as soon:
        authentication.enter_code(runtime, halfway(founded, runtime), device.code(runtime.now_seconds()))
    assert soon.value.seconds == 1
    later = at(runtime, 1)
    assert authentication.enter_code(later, halfway(founded, later), device.code(later.now_seconds()))
    with pytest.raises(Invalid) as fault:
        authentication.enter_code(later, halfway(founded, later), "000000")
    assert not isinstance(fault.value, TooSoon)


def test_five_minutes_after_the_passphrase_nobody_is_asked(
    founded: Founded, runtime: Runtime, device: Device
) -> None:
    """The opened seed is kept no longer: the code does nothing then, and the sweep destroys the row."""
    cookie, later = halfway(founded, runtime), at(runtime, 300)
    with pytest.raises(NotFound):
        authentication.enter_code(later, cookie, device.code(later.now_seconds()))
    assert len(list_records(CeremonyRow)) == 1
    sessions.sweep(later)
    assert list_records(CeremonyRow) == []


def test_no_other_cookie_goes_on(founded: Founded, runtime: Runtime, device: Device) -> None:
    """Neither nothing, nor nonsense, nor something else that this browser has begun."""
    other = unfinished.keep(runtime, "", {"schema": 1, "kind": "passphrase", "words": "one two"})
    for cookie in ("", "none", other):
        with pytest.raises(NotFound):
            authentication.enter_code(runtime, cookie, device.code(runtime.now_seconds()))


def test_new_recovery_codes_replace_the_earlier_ones(
    founded: Founded, runtime: Runtime, device: Device
) -> None:
    """The app goes on as it was."""
    words = founded.players[CASEWORKER].passphrase
    with pytest.raises(Invalid):
        second_factors.renew_recovery_codes(founded.context(CASEWORKER), "wrong")
    context = replace(founded.context(CASEWORKER), runtime=runtime)
    held = device.code(runtime.now_seconds())
    codes = second_factors.renew_recovery_codes(context, words, held=held)
    with pytest.raises(Invalid):
        authentication.enter_code(runtime, halfway(founded, runtime), SPARE)
    assert authentication.enter_code(runtime, halfway(founded, runtime), codes[9])
    code = device.code(runtime.now_seconds(), later=1)
    assert authentication.enter_code(runtime, halfway(founded, runtime), code)


@pytest.mark.parametrize("held", ["", "000000"])
def test_a_session_and_the_passphrase_alone_change_no_second_factor(
    founded: Founded, runtime: Runtime, device: Device, held: str
) -> None:
    """Neither another app, nor new recovery codes, nor doing without; and wrong codes make wait."""
    words = founded.players[CASEWORKER].passphrase
    context = replace(founded.context(CASEWORKER), runtime=runtime)
    cookie, proposal = second_factors.propose(context, "")
    code = Device.scan(proposal.text).code(runtime.now_seconds())
    for change in (
        lambda: second_factors.enrol(context, cookie, code, words, held=held),
        lambda: second_factors.renew_recovery_codes(context, words, held=held),
        lambda: second_factors.turn_off(context, words, held=held),
    ):
        with pytest.raises(Invalid) as fault:
            change()
        assert set(fault.value.faults) == {"held"}
    assert second_factors.count_recovery_codes(founded.context(CASEWORKER)) == 1
    for _ in range(CODE.free_tries):
        with pytest.raises((Invalid, TooSoon)):
            second_factors.turn_off(context, words, held=held)
    with pytest.raises(TooSoon):
        second_factors.turn_off(context, words, held=device.code(runtime.now_seconds()))


def test_another_app_takes_the_place_of_the_one_in_force(
    founded: Founded, runtime: Runtime, device: Device
) -> None:
    """With a code of the old one, which is used up; a recovery code does as well."""
    words = founded.players[CASEWORKER].passphrase
    context = replace(founded.context(CASEWORKER), runtime=runtime)
    cookie, proposal = second_factors.propose(context, "")
    new = Device.scan(proposal.text)
    second_factors.enrol(context, cookie, new.code(runtime.now_seconds()), words, held=SPARE)
    with pytest.raises(Invalid):
        authentication.enter_code(runtime, halfway(founded, runtime), device.code(runtime.now_seconds()))
    later = new.code(runtime.now_seconds(), later=1)
    assert authentication.enter_code(runtime, halfway(founded, runtime), later)


def test_it_is_turned_off_by_the_passphrase(founded: Founded, runtime: Runtime, device: Device) -> None:
    """Then the passphrase alone opens the account."""
    words = founded.players[CASEWORKER].passphrase
    with pytest.raises(Invalid):
        second_factors.turn_off(founded.context(CASEWORKER), "wrong")
    second_factors.turn_off(founded.context(CASEWORKER), words, held=SPARE)
    assert not founded.context(CASEWORKER).has_second_factor
    assert second_factors.count_recovery_codes(founded.context(CASEWORKER)) is None
    assert authentication.sign_in(runtime, CASEWORKER, words)


def test_a_coordinator_does_not_go_without(founded: Founded, runtime: Runtime) -> None:
    """Before setting it up nothing else is open to them; afterwards it stays on."""
    require_second_factor(founded.app)
    assert founded.context(COORDINATOR).must_enrol
    assert not founded.context(CASEWORKER).must_enrol
    equip(founded.context(COORDINATOR))
    context = founded.context(COORDINATOR)
    assert not context.must_enrol
    with pytest.raises(Forbidden):
        second_factors.turn_off(context, founded.players[COORDINATOR].passphrase)


def test_a_locked_screen_asks_for_the_passphrase_alone(
    founded: Founded, runtime: Runtime, device: Device
) -> None:
    """Within the session's own hours; who it is was shown when it began."""
    code = device.code(runtime.now_seconds())
    cookie = authentication.enter_code(runtime, halfway(founded, runtime), code)
    sessions.lock(cookie)
    locked = sessions.resolve(runtime, cookie)
    assert isinstance(locked, Locked)
    words = founded.players[CASEWORKER].passphrase
    assert isinstance(sessions.resolve(runtime, authentication.unlock(runtime, locked, words)), Context)


def _terminal(founded: Founded, login: str, ask: Callable[[], str]) -> Context:
    return open_at_terminal(founded.runtime, login, founded.players[login].passphrase, ask)


def test_a_terminal_asks_for_the_code_too(founded: Founded, device: Device) -> None:
    """Only whom it concerns; a wrong one opens nothing; a coordinator sets it up in a browser first."""
    code = device.code(founded.runtime.now_seconds())
    with pytest.raises(Invalid):
        _terminal(founded, CASEWORKER, str)
    assert _terminal(founded, CASEWORKER, lambda: code).member_id == founded.players[CASEWORKER].id
    with pytest.raises(Invalid):
        _terminal(founded, CASEWORKER, lambda: code)
    assert _terminal(founded, COLLEAGUE, lambda: pytest.fail("asked without need"))
    require_second_factor(founded.app)
    with pytest.raises(Forbidden, match="second factor"):
        _terminal(founded, COORDINATOR, str)


def test_who_comes_back_under_a_new_key_begins_without(founded: Founded, device: Device) -> None:
    """What lay under the seed before is gone: signing in asks for the new passphrase alone."""
    player, words = founded.players[CASEWORKER], "eleven blue herons cross slowly"
    link = invitations.invite_again(founded.context(), player.id, ROLES[CASEWORKER])
    invitations.join(founded.runtime, link, CASEWORKER, Choice(words, words))
    waiting = next(one for one in invitations.list_invitees(founded.context()) if one.renews)
    assert authentication.sign_in(founded.runtime, CASEWORKER, words)
    admit_member(founded.context(), waiting.invitation_id, waiting.fingerprint, waiting.roles)
    cookie = authentication.sign_in(founded.runtime, CASEWORKER, words)
    found = sessions.resolve(founded.runtime, cookie)
    assert isinstance(found, Context) and not found.has_second_factor and not found.is_pending


def test_who_has_left_is_not_asked_for_a_code(founded: Founded, runtime: Runtime, device: Device) -> None:
    """Their seed is gone: the answer is that of an unknown name."""
    cookie = halfway(founded, runtime)
    colleague = founded.players[COLLEAGUE].id
    revoke_member(founded.context(), founded.players[CASEWORKER].id, colleague)
    with pytest.raises(WrongPassphrase):
        authentication.sign_in(runtime, CASEWORKER, founded.players[CASEWORKER].passphrase)
    with pytest.raises(VaultError):
        authentication.enter_code(runtime, cookie, device.code(runtime.now_seconds()))


def test_without_a_second_factor_no_code_is_used(founded: Founded, runtime: Runtime) -> None:
    """Taking a code of somebody who turned theirs off meanwhile asks for none."""
    player = founded.players[COLLEAGUE]
    take_code(runtime, player.id, founded.context(COLLEAGUE).secret, "")
