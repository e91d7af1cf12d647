"""Postfix's smtp-sink: a mail server that takes everything and keeps nothing, and is fast."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.processes import free_port

HOW_TO_GET = (
    "install Postfix for its smtp-sink (Debian and Ubuntu: apt install postfix); nothing of it need run"
)
READY_SECONDS = 10


def find() -> str | None:
    """Return the path of smtp-sink, else None."""
    return shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def fast_sink(program: str) -> Iterator[int]:
    """Run it on loopback and yield its port."""
    port = free_port()
    # It refuses to run as root.
    as_whom = ["-u", "nobody"] if os.geteuid() == 0 else []
    server = subprocess.Popen(
        [program, *as_whom, f"127.0.0.1:{port}", "1000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as probe:
                probe.recv(100)
                return
        except OSError as error:
            if time.monotonic() > until:
                raise RuntimeError("smtp-sink did not start") from error
            time.sleep(0.05)
