"""Where a request comes from, as coarse as one household or office."""

from ipaddress import IPv6Address, ip_address

_IPV6_NETWORK_BYTES = 8


def network_of(address: str) -> bytes:
    """Return the bytes of an IPv4 address, or of an IPv6 one's /64; nothing for other text.

    Whoever has one IPv6 address has all of its /64.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return b""
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped.packed if found.ipv4_mapped else found.packed[:_IPV6_NETWORK_BYTES]
    return found.packed
