"""From which network a request comes, for counting alone: it is hashed before it is kept."""

import ipaddress

from django.http import HttpRequest

_IPV4_NETWORK, _IPV6_NETWORK = 24, 48
UNKNOWN = "unknown"


def network_of(request: HttpRequest) -> str:
    """Return the /24 or /48 of the client; `UNKNOWN` where no address can be read.

    A proxy on this machine appends the client to X-Forwarded-For: its last address counts then. From
    anywhere else that header is the client's own invention.
    """
    remote = request.META.get("REMOTE_ADDR", "")
    peer = _address(remote)
    if not remote or (peer is not None and peer.is_loopback):
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2]
        peer = _address(forwarded) or peer
    if peer is None:
        return UNKNOWN
    if isinstance(peer, ipaddress.IPv6Address) and peer.ipv4_mapped:
        peer = peer.ipv4_mapped
    prefix = _IPV4_NETWORK if peer.version == 4 else _IPV6_NETWORK
    return str(ipaddress.ip_network((peer, prefix), strict=False))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
