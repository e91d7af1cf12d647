"""A real nginx in front of the tracker, with the example that the documents give."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from config.processes import Program
from tests.support.processes import BASE_DIR, free_port, run

HOW_TO_GET = "Install it (Debian and Ubuntu: apt install nginx-light)."
EXAMPLE = BASE_DIR / "docs/nginx.conf"
NAME = "pledges.example.org"
MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    default_type text/html;
    # As Debian has it, for whatever says nothing else.
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {example}
    {more}
}}
"""


def find() -> str | None:
    """Return the path of an installed nginx, else None. Debian keeps it out of the way of users."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def example(folder: Path, *, port: int, plain: int, upstream: int) -> str:
    """Return the example as it stands, but for ports, folders, and certificates, which nobody has here."""
    lines = [line for line in EXAMPLE.read_text().splitlines() if not line.strip().startswith("ssl_")]
    text = "\n".join(lines)
    changes = {
        "listen 443 ssl http2": f"listen 127.0.0.1:{port}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        # The names by which this machine is asked. The first one stays what it calls itself.
        f"server_name {NAME};": f"server_name {NAME} localhost 127.0.0.1;",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
        "/var/cache/nginx/tracker": str(folder / "cache"),
        "/var/log/nginx/tracker.log": str(folder / "tracker.log"),
    }
    for old, new in changes.items():
        if old not in text:
            raise AssertionError(f"{EXAMPLE} has no {old!r}")
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(
    program: str,
    *,
    upstream: int,
    plain: int | None = None,
    rate: str = "30r/s",
    more: str = "",
    is_logging: bool = False,
) -> Iterator[int]:
    """Run `program` before a server on port `upstream`, and yield its own port.

    On port `plain`, or on a free one, it leads to itself, as on port 80. `rate` is how often one network may
    ask; `more` is added to its http block. `is_logging` forgets what the example says of the access log.
    """
    port = free_port()
    folder = Path(settings.VAR_DIR) / f"nginx-{port}"
    # The port of an earlier one may be free again.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    text = example(folder, port=port, plain=plain or free_port(), upstream=upstream)
    text = text.replace("rate=30r/s", f"rate={rate}")
    if is_logging:
        text = text.replace("access_log off;", "")
    file = folder / "nginx.conf"
    # As another user than this one it would not reach its folders.
    user = "user root;" if os.geteuid() == 0 else ""
    file.write_text(MAIN.format(user=user, folder=folder, example=text, more=more))
    command = [program, "-p", str(folder), "-c", str(file), "-e", "stderr"]
    with run(Program("nginx", command, is_ready=lambda: is_listening(port), ready_within=15)):
        yield port


def is_listening(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
