"""What is kept, served by the web server and through nginx, against the least that each of them can serve."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from django.conf import settings

from config.processes import Program
from config.programs import GUNICORN, answers_ok
from pledges.models import Pledge
from tests.benchmarks.public_record import grow_to
from tests.benchmarks.timing import Timed
from tests.support import nginx
from tests.support.processes import free_port, redis_server, run, web_server

ROUNDS = 5
SECONDS = 3
CONNECTIONS = 8
HOW_TO_GET = "install wrk (Debian and Ubuntu: apt install wrk)"
PACKED = {"Accept-Encoding": "gzip", "Host": "127.0.0.1"}


@dataclass(frozen=True)
class Target:
    """An address, and the headers that are sent with each request for it."""

    port: int
    path: str
    headers: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"


def measure(size: int, say: Callable[[str], object]) -> None:
    """Print how many requests a second are answered, as shares of the baselines' rates."""
    load, proxy = shutil.which("wrk"), nginx.find()
    if load is None or proxy is None:
        say(f"  serving: not measured: {HOW_TO_GET if load is None else nginx.HOW_TO_GET}")
        return
    grow_to(size)
    with ExitStack() as stack:
        stack.enter_context(redis_server())
        tracker = stack.enter_context(web_server({"WEB_CONCURRENCY": "1", "TRACKER_LOG_LEVEL": "ERROR"}))
        hello = stack.enter_context(hello_server())
        reference = Pledge.objects.published().order_by("pk").values_list("reference", flat=True)[0]
        page = Target(tracker, f"/pledges/{reference}/", PACKED)
        body, tag = fetch(page)
        static = stack.enter_context(static_file(body))
        front = stack.enter_context(nginx.nginx(proxy, upstream=tracker, rate="1000000r/s", more=static[1]))
        targets = {
            "hello": Target(hello, "/", PACKED),
            "kept": page,
            "unchanged": Target(tracker, page.path, PACKED | {"If-None-Match": tag}),
            "static": Target(static[0], "/page", PACKED),
            "micro": Target(front, page.path, PACKED),
        }
        timed = in_turns(load, targets)
    say(f"  serving a page of {len(body):,} bytes, packed, to {CONNECTIONS} readers at once:")
    say(f"    hello-world of the web server {1 / timed['hello'].middle:,.0f} a second")
    say(f"    kept page {timed['hello'].over(timed['kept'])} of it")
    say(f"    not modified {timed['hello'].over(timed['unchanged'])} of it")
    say(f"    static file of nginx {1 / timed['static'].middle:,.0f} a second")
    say(f"    page through nginx {timed['static'].over(timed['micro'])} of it")


@contextmanager
def hello_server() -> Iterator[int]:
    port = free_port()
    command = [*GUNICORN, "--workers=1", f"--bind=127.0.0.1:{port}", "tests.benchmarks.hello"]
    with run(Program("hello", command, is_ready=lambda: answers_ok(f"http://127.0.0.1:{port}/"))):
        yield port


@contextmanager
def static_file(body: bytes) -> Iterator[tuple[int, str]]:
    """Write `body` for nginx, and yield a port with the lines that serve it there."""
    folder, port = Path(settings.VAR_DIR) / "static-page", free_port()
    folder.mkdir()
    (folder / "page").write_bytes(body)
    yield port, f"server {{ listen 127.0.0.1:{port}; access_log off; root {folder}; }}"


def fetch(target: Target) -> tuple[bytes, str]:
    """Return the page as it is sent, and its entity tag."""
    with urlopen(Request(target.url, headers=target.headers), timeout=60) as answer:  # noqa: S310 - loopback
        return answer.read(), str(answer.headers["ETag"])


def in_turns(load: str, targets: dict[str, Target]) -> dict[str, Timed]:
    """Load each target in turn; a first round, by which all is kept and warm, does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in targets}
    for turn in range(ROUNDS + 1):
        for name, target in targets.items():
            took = 1 / rate(load, target)
            if turn:
                seconds[name].append(took)
    return {name: Timed(values) for name, values in seconds.items()}


def rate(load: str, target: Target) -> float:
    """Return the requests a second that were answered, each of them well."""
    options = [f"-d{SECONDS}", "-t1", f"-c{CONNECTIONS}"]
    headers = [part for name, value in target.headers.items() for part in ("-H", f"{name}: {value}")]
    done = subprocess.run([load, *options, *headers, target.url], capture_output=True, text=True, check=True)  # noqa: S603 - wrk, and words of this file
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise AssertionError(f"{target.url}\n{done.stdout}")
    return float(found[1])
