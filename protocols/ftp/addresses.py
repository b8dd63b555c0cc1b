"""Addresses as FTP writes them: `h1,h2,h3,h4,p1,p2` and `|1|address|port|`, both ways, pure.

Source: RFC 959 (PORT, PASV), RFC 2428 (EPRT, EPSV).
"""

import ipaddress


def parse_port(text: str) -> tuple[str, int] | None:
    """Read the argument of PORT; None where it is not six bytes."""
    fields = text.strip().split(",")
    if len(fields) != 6 or not all(field.isascii() and field.isdigit() and len(field) <= 3 for field in fields):
        return None
    numbers = [int(field) for field in fields]
    if max(numbers) > 255:
        return None
    return ".".join(str(number) for number in numbers[:4]), numbers[4] << 8 | numbers[5]


def parse_eprt(text: str) -> tuple[str, int] | None:
    """Read the argument of EPRT; None where it is not an address and a port of the family it names."""
    text = text.strip()
    fields = text[1:-1].split(text[0]) if len(text) > 2 and text[0] == text[-1] else []
    if len(fields) != 3 or not (fields[2].isascii() and fields[2].isdigit() and len(fields[2]) <= 5):
        return None
    try:
        address = ipaddress.ip_address(fields[1])
    except ValueError:
        return None
    port = int(fields[2])
    if fields[0] != ("1" if address.version == 4 else "2") or port > 65535:
        return None
    return str(address), port


def build_pasv(address: str, port: int) -> str:
    """Write `(h1,h2,h3,h4,p1,p2)`."""
    return f"({address.replace('.', ',')},{port >> 8},{port & 255})"


def build_epsv(port: int) -> str:
    """Write `(|||port|)`."""
    return f"(|||{port}|)"


def plain_address(address: str) -> str:
    """Write an IPv4 address that came through an IPv6 socket as itself."""
    return address.removeprefix("::ffff:") if address.startswith("::ffff:") and "." in address else address
