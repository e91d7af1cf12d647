"""How the tracker's own programs are started: by `up`, by the tests, and (as text) in the README."""

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from config.processes import Program
from config.redis_server import EmbeddedRedis

GUNICORN = [sys.executable, "-m", "gunicorn", "--config=python:config.gunicorn"]
CELERY = [sys.executable, "-m", "celery", "--quiet", "--app=config.celery"]


def redis_program(server: EmbeddedRedis) -> Program:
    """Redis may be missed for a while: pages are made anew, and worker and beat come back to it."""
    return Program("redis", server.command(), is_ready=server.is_answering, ready_within=15, may_end=True)


def web_program(port: int) -> Program:
    """gunicorn on loopback. It listens before it has loaded anything, so only a page shows it is ready."""
    return Program(
        "web",
        [*GUNICORN, f"--bind=127.0.0.1:{port}", "config.wsgi"],
        is_ready=lambda: answers_ok(f"http://127.0.0.1:{port}/healthz"),
    )


def worker_program(*, environment: Mapping[str, str] | None = None, processes: int = 2) -> Program:
    """A Celery worker, with two processes: one slow mail server does not hold up the watch."""
    node = f"tracker-{os.getpid()}@{socket.gethostname()}"
    options = [f"--concurrency={processes}", "--without-mingle", "--without-gossip", "--loglevel=INFO"]
    return Program(
        "worker",
        [*CELERY, "worker", f"--hostname={node}", *options],
        is_ready=lambda: is_worker_answering(node),
        environment={**allow_root(), **(environment or {})},
    )


def beat_program(var_dir: Path, *, environment: Mapping[str, str] | None = None) -> Program:
    """One beat, whose memory of when it ran last lies in `var_dir`."""
    schedule = var_dir / "celerybeat-schedule"
    return Program(
        "beat",
        [*CELERY, "beat", "--loglevel=INFO", "--pidfile=", f"--schedule={schedule}"],
        environment={**allow_root(), **(environment or {})},
    )


def allow_root() -> dict[str, str]:
    """Celery refuses root because a pickled message could run anything; only JSON is accepted here."""
    return {"C_FORCE_ROOT": "1"} if os.geteuid() == 0 else {}


def is_worker_answering(node: str) -> bool:
    from config.celery import app

    return bool(app.control.ping(destination=[node], timeout=0.5))


def answers_ok(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
