"""Vectors of signing in: what tries are counted for, and the second factor."""

from typing import Any

from casework.domain.network import network_of
from casework.vault.hostkey import derive_host_key
from casework.vault.secondfactor import SecondFactor, code_at, hash_recovery_code
from tests.vectors.material import HALVES, KEY, Kept, tampered, vectors

NOW = 1_111_111_109
STEP = NOW // 30
SPARE = "K7QX-M2PD-9WTR"


def attempt(_kept: Kept) -> Any:
    """The names that counted tries have in the volatile store."""
    host = derive_host_key(*(bytes.fromhex(HALVES[half]) for half in ("outside", "erasable")))
    subjects = [
        ("an account", "account", host.login_hmac("ana")),
        ("a code", "code", KEY[:16]),
        ("an IPv4 address", "address", network_of("192.0.2.7")),
        ("an IPv6 network", "address", network_of("2001:db8:1:2::1")),
    ]
    accept = []
    for name, kind, subject in subjects:
        given = HALVES | {"kind": kind, "subject": subject.hex()}
        accept.append((name, given, host.attempt_hmac(kind, subject).hex()))
    return vectors("What a try to sign in is counted for, and its name.", accept, [])


def second_factor(_kept: Kept) -> Any:
    """A second factor, a code of it, and the second factor afterwards."""
    factor = SecondFactor(KEY[:20], STEP - 1, (hash_recovery_code(SPARE), hash_recovery_code("0" * 12)))
    good = {"document": factor.encode().hex(), "now_seconds": NOW}
    accept = []
    for name, typed in (
        ("the code of now", code_at(factor.secret, STEP)),
        ("the code of the next half minute", code_at(factor.secret, STEP + 1)),
        ("a recovery code", SPARE),
        ("a recovery code as people write", " k7qx m2pd 9wtr"),
        ("letters that look like digits", "oooo-OOOO-oooo"),
    ):
        accept.append((name, good | {"typed": typed}, factor.accept(typed, NOW).encode().hex()))
    wrong = [
        ("a step that was accepted", code_at(factor.secret, STEP - 1)),
        ("a step too late", code_at(factor.secret, STEP + 2)),
        ("another recovery code", "K7QX-M2PD-9WTS"),
        ("nothing", ""),
    ]
    reject = [(name, good | {"typed": typed}, "WrongCode") for name, typed in wrong]
    text = factor.encode().decode()
    reject += tampered(
        good | {"typed": code_at(factor.secret, STEP)},
        another_schema={"document": text.replace('"schema":1', '"schema":2').encode().hex()},
        another_key={"document": text.replace('"schema"', '"a":1,"schema"').encode().hex()},
        a_step_below_zero={"document": text.replace(f":{STEP - 1}", ":-1").encode().hex()},
        a_secret_cut={"document": SecondFactor(KEY[:19], STEP - 1).encode().hex()},
        a_hash_cut={"document": SecondFactor(KEY[:20], STEP - 1, (KEY[:31],)).encode().hex()},
    )
    return vectors("A second factor, a code, and what is kept afterwards.", accept, reject)


MAKERS = {"attempt": attempt, "second_factor": second_factor}
