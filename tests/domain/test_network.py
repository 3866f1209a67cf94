"""Which addresses count as one."""

import pytest

from casework.domain.network import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", bytes([192, 0, 2, 7])),
        ("::ffff:192.0.2.7", bytes([192, 0, 2, 7])),
        ("2001:db8:1:2::1", bytes.fromhex("20010db800010002")),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", bytes.fromhex("20010db800010002")),
        ("2001:db8:1:3::1", bytes.fromhex("20010db800010003")),
        ("", b""),
        ("unknown", b""),
        ("192.0.2.7, 192.0.2.8", b""),
    ],
)
def test_an_address_belongs_to_a_network(address: str, network: bytes) -> None:
    """IPv4 by address, also where it is written as IPv6; IPv6 by /64; what is no address is all one."""
    assert network_of(address) == network
