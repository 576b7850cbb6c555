"""What no_proxy says: a list of hosts, networks and names that are reached without a proxy. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from wscli.core.errors import UsageError
from wscli.transport.urls import ascii_host

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address


def is_exempt(no_proxy: str, host: str, port: int) -> bool:
    """Say whether a list of no_proxy names a host: by its name, its domain, a pattern, its address or its network.

    Entries are separated by commas or blanks. host is in ASCII, an address without brackets and zone.

    >>> is_exempt("10.0.0.0/8, .example.com", "a.example.com", 443), is_exempt("example.com:80", "example.com", 443)
    (True, False)
    """
    host = host.lower().rstrip(".")
    return any(_matches(entry, host, port) for entry in _entries(no_proxy))


def _entries(no_proxy: str) -> Iterator[str]:
    yield from filter(None, re.split(r"[\s,;]+", no_proxy.lower()))


def _matches(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    entry, of_port = _split_port(entry)
    if of_port is not None and of_port != port:
        return False
    if "/" in entry or ":" in entry or entry.replace(".", "").isdecimal():
        return _is_in_network(entry, host)
    try:
        entry = ascii_host(entry)
    except UsageError:
        return False
    if "*" in entry:
        return fnmatchcase(host, entry.rstrip("."))
    domain = entry.strip(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _split_port(entry: str) -> tuple[str, int | None]:
    """Return an entry without brackets and port, and the port.

    >>> _split_port("[::1]:443"), _split_port("a.example:80"), _split_port("fe80::/10"), _split_port("[fe80::]/10")
    (('::1', 443), ('a.example', 80), ('fe80::/10', None), ('fe80::/10', None))
    """
    bracketed = re.fullmatch(r"\[([^]]*)\](/\d+)?(?::(\d+))?", entry)
    if bracketed is not None:
        return bracketed[1] + (bracketed[2] or ""), int(bracketed[3]) if bracketed[3] else None
    named = re.fullmatch(r"([^:]*):(\d+)", entry)
    return (named[1], int(named[2])) if named is not None else (entry, None)


def _is_in_network(entry: str, host: str) -> bool:
    """Say whether a host is an address of a network, or the address itself."""
    from ipaddress import ip_network  # lazily: hardly any list has an address

    address = _ip_address(host)
    try:
        return address is not None and address in ip_network(entry.partition("%")[0], strict=False)
    except ValueError:
        return False


def _ip_address(host: str) -> IPv4Address | IPv6Address | None:
    from ipaddress import IPv6Address, ip_address

    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
