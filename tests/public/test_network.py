"""From which network a request comes; what a client invents counts for nothing."""

import pytest
from django.test import RequestFactory

from tracker.public.network import UNKNOWN, network_of


@pytest.mark.parametrize(
    ("remote", "forwarded", "network"),
    [
        ("203.0.113.77", None, "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", None, "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", None, "203.0.113.0/24"),
        ("fe80::1%eth0", None, "fe80::/48"),
        # From elsewhere the header is the client's own invention.
        ("203.0.113.77", "198.51.100.1", "203.0.113.0/24"),
        ("10.0.0.1", "198.51.100.1", "10.0.0.0/24"),
        # A proxy on this machine appends the client: the last one counts, whatever stands before it.
        ("127.0.0.1", "198.51.100.1", "198.51.100.0/24"),
        ("127.0.0.1", "1.2.3.4, 5.6.7.8, 198.51.100.1", "198.51.100.0/24"),
        ("::1", "2001:db8:1:2::9", "2001:db8:1::/48"),
        ("", "198.51.100.1", "198.51.100.0/24"),
        # Nothing that can be read.
        ("127.0.0.1", "unknown", "127.0.0.0/24"),
        ("127.0.0.1", None, "127.0.0.0/24"),
        ("", None, UNKNOWN),
        ("", "a" * 9000, UNKNOWN),
        ("nonsense", "198.51.100.1", UNKNOWN),
    ],
)
def test_the_network_of_a_request(remote: str, forwarded: str | None, network: str) -> None:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)
    assert network_of(request) == network
