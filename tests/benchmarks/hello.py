"""The least that the web server can serve: the baseline of `serving.py`."""

from collections.abc import Callable, Iterable
from typing import Any

WORDS = b"Hello.\n"


def application(_environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(WORDS)))])
    return [WORDS]
