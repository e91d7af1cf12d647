"""Whether an answer is compressed: one rule for what is kept, for Django, and for the proxy before them."""

import re

from django.http import HttpRequest

# The same stands in docs/nginx.conf. A weight of nothing is a refusal (RFC 9110, 12.4.2), and plain is right
# for whatever can't be read.
TAKES_GZIP = r"(^|,)\s*gzip\s*(;\s*q=(1(\.0*)?|0\.0*[1-9]\d*)\s*)?(,|$)"
_takes_gzip = re.compile(TAKES_GZIP, re.IGNORECASE | re.ASCII)


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the reader's program says that it takes gzip."""
    return bool(_takes_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))


def settle(request: HttpRequest) -> None:
    """Leave one of two wishes for an encoding, for all who read it later: Django hears no refusal."""
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip" if takes_gzip(request) else ""
