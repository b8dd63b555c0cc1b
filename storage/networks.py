"""Allow-lists of addresses.

`None` allows anywhere, an empty list nobody. An IPv4 address that came in over IPv6 counts as what it is.

Invariant: looking an address up costs one set look-up per prefix length in use, however many networks there are.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

MIN_STATIC_PREFIX = {4: 8, 6: 32}
"""A wider network than this is no statement about where a station stands."""


class Networks:
    """A set of networks in CIDR notation."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._starts: dict[tuple[int, int], set[int]] = {}
        for text in networks:
            network = ip_network(text, strict=False)
            prefix = (network.version, network.max_prefixlen - network.prefixlen)
            self._starts.setdefault(prefix, set()).add(int(network.network_address) >> prefix[1])

    def holds(self, address: str) -> bool:
        """Whether one of the networks contains the address."""
        parsed = parse_address(address)
        if parsed is None:
            return False
        number = int(parsed)
        return any(
            version == parsed.version and number >> host_bits in starts
            for (version, host_bits), starts in self._starts.items()
        )


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; None where the text is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_static(network: str) -> bool:
    """Whether a network is narrow enough to say that a station's own address lies in it."""
    parsed = ip_network(network, strict=False)
    return parsed.prefixlen >= MIN_STATIC_PREFIX[parsed.version]
