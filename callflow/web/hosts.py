"""Which web services may be asked: what the operator allowed, and no address inside unless it was named with its port.

A scheme may come from strangers and an address in it may be made of what a caller says, so nothing is reached that was
not allowed by name, and a public name is never taken to a machine of ours.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

import attrs

HTTPS_PORT: Final = 443
HTTP_PORT: Final = 80

_ORIGIN: Final = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)(?::(?P<port>[0-9]{1,5}))?/?"
)
_NAT64: Final = 0x64_FF9B << 96
_LOW_32: Final = 2**32 - 1
_PORT_MAX: Final = 65_535


class HostRefused(ValueError):
    """What was to be allowed is no host; its message is for the user."""


@attrs.frozen
class Origin:
    """A web service: `https` unless it says otherwise. `inside`: it may be a machine of ours."""

    scheme: str
    host: str
    port: int
    inside: bool = False


def read_origin(text: str) -> Origin:
    """Return the web service that `crm.example.com`, or `http://127.0.0.1:8080`, stands for. Raises `HostRefused`."""
    match = _ORIGIN.fullmatch(text.strip().lower())
    port = int(match["port"]) if match and match["port"] else 0
    if match is None or port > _PORT_MAX:
        raise HostRefused(
            f"`{text}` should be a host such as crm.example.com, or an address with its port such as "
            "http://127.0.0.1:8080"
        )
    scheme = match["scheme"] or "https"
    default = HTTP_PORT if scheme == "http" else HTTPS_PORT
    return Origin(scheme, match["host"].strip("[]"), port or default, inside=bool(match["port"]))


def origin_of(url: str) -> Origin:
    """Return the web service of an address that the operator wrote in full. Raises `HostRefused`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise HostRefused(f"`{url}` should be the address of a web service such as https://crm.example.com/calls")
    default = HTTP_PORT if parts.scheme == "http" else HTTPS_PORT
    return Origin(parts.scheme, parts.hostname, port or default, inside=True)


def is_public(address: str) -> bool:
    """Return whether an IP address is somebody else's on the internet, whatever it is wrapped in."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(found) if isinstance(found, IPv6Address) else None
    return (
        found.is_global and not found.is_multicast and (inner is None or (inner.is_global and not inner.is_multicast))
    )


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one carries on: mapped, 6to4, Teredo, NAT64."""
    if int(address) & ~_LOW_32 == _NAT64:
        return IPv4Address(int(address) & _LOW_32)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
