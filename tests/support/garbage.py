"""An application for gunicorn that says how many objects its search for garbage passes over."""

import gc
from collections.abc import Callable, Iterable
from typing import Any


def application(_environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [str(gc.get_freeze_count()).encode()]
