"""The emergency seal, where two hosts answer: it reaches both."""

import time

from casework.vault.hostkey import derive_host_key
from tests.faults.federation import BACK_SECONDS, Federation
from tests.support.application import CASEWORKER, COORDINATOR, ORGANIZATION
from tests.support.hosts import Host, HostVisitor, wait_until
from tests.support.memory import find_in_memory
from tests.support.secondfactor import SPARE

SEAL_SECONDS = 10


def _seal(federation: Federation, visitor: HostVisitor) -> None:
    visitor.get("/seal")
    words = federation.players[COORDINATOR].passphrase
    visitor.fill({"organization_name": ORGANIZATION, "passphrase": words, "code": SPARE})
    assert visitor.page.status == 503, visitor.page.text


def _coordinator(federation: Federation, host: Host) -> HostVisitor:
    player = federation.players[COORDINATOR]
    visitor = HostVisitor(host)
    visitor.get("/sign-in")
    visitor.fill({"login": player.login, "passphrase": player.passphrase})
    visitor.fill({"code": federation.device.fresh_code()})
    assert visitor.get("/cases").status == 200
    return visitor


def _secrets(federation: Federation) -> dict[str, bytes]:
    halves = [(federation.folder / name).read_bytes() for name in ("host.key", "host.part")]
    seed = federation.players[CASEWORKER].seed
    return {"host key": derive_host_key(*halves).passphrase_secret, "seed": seed}


def _holds_nothing(host: Host, old: set[int], secrets: dict[str, bytes]) -> bool:
    now = host.workers()
    return bool(now) and not old & now and find_in_memory({host.pid, *now}, secrets) == set()


def test_the_emergency_seal_reaches_both_hosts(federation: Federation) -> None:
    """Wherever it is put on: no session, no half of the host key, no key in any memory, within 10 s."""
    one, other = federation.one, federation.other
    caseworker = federation.sign_in(CASEWORKER, other)
    coordinator = _coordinator(federation, one)
    secrets, old = _secrets(federation), {host.name: host.workers() for host in (one, other)}
    assert "host key" in find_in_memory(other.workers(), secrets)  # the control
    _seal(federation, coordinator)
    until = time.monotonic() + SEAL_SECONDS
    assert caseworker.get("/cases").status == 503
    assert not (federation.folder / "host.part").exists()
    for host in (one, other):
        wait_until(
            lambda host=host: _holds_nothing(host, old[host.name], secrets),  # type: ignore[misc]
            until - time.monotonic(),
            f"{host.name} still holds keys",
        )
        assert HostVisitor(host).get("/sign-in").status == 503
    with federation.redis.client() as client:
        assert client.dbsize() == 0


def test_a_host_that_was_cut_off_is_sealed_once_it_is_back(federation: Federation) -> None:
    """Until then it opens nothing for anybody."""
    one, other = federation.one, federation.other
    caseworker = federation.sign_in(CASEWORKER, other)
    coordinator = _coordinator(federation, one)
    secrets, old = _secrets(federation), other.workers()
    other.cut()
    _seal(federation, coordinator)
    assert caseworker.get("/cases").status == 503
    assert "does not answer" in caseworker.page.text
    other.mend()
    wait_until(lambda: _holds_nothing(other, old, secrets), BACK_SECONDS, "it still holds keys")
    assert "recovery shares" in caseworker.get("/cases").text
