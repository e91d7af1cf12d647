"""Redis is killed, comes back empty, or is away for periods: the database is the queue, nothing is lost.

These tests have a Redis of their own, and a real beat that wakes a real worker every second.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import programs
from config.redis_server import EmbeddedRedis, find_redis_server
from tests.alerts.events import overdue_pledge
from tests.faults.commands import run
from tests.faults.invariants import assert_invariants
from tests.faults.test_kill import worker_of
from tests.faults.test_readers import is_over, make_readers
from tests.support import processes
from tests.support.processes import Running
from tests.support.smtp_sink import Sink
from tracker.alerts.models import Alert, AlertState

pytestmark = [
    # The statements of the delivery are tried on both databases by test_kill.py and test_readers.py.
    pytest.mark.once,
    pytest.mark.redis,
    pytest.mark.worker,
    pytest.mark.smtp,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedRedis:
    # A short path: a unix socket allows no long one.
    folder = Path("/tmp") / f"redis-{tmp_path_factory.getbasetemp().name}-{id(tmp_path_factory)}"  # noqa: S108 - private
    return EmbeddedRedis(folder)


@pytest.fixture
def own_redis(server: EmbeddedRedis, redis_server: Running) -> Iterator[list[Running]]:
    """A Redis that a test may kill; the list holds the one that runs."""
    assert find_redis_server() is not None
    running = [Running(programs.redis_program(server))]
    yield running
    running[-1].kill()
    shutil.rmtree(server.data_dir.parent, ignore_errors=True)


@contextmanager
def ticking(environment: Mapping[str, str]) -> Iterator[Running]:
    """A worker and a beat that wakes it every second."""
    with processes.celery_worker(environment) as worker, processes.celery_beat(environment):
        yield worker


def quick(sink: Sink, server: EmbeddedRedis) -> Mapping[str, str]:
    return {**worker_of(sink, lease=5), "REDIS_URL": server.url, "TRACKER_TICK_SECONDS": "1"}


def is_one_sent() -> bool:
    return Alert.objects.filter(state=AlertState.SENT).exists()


@pytest.mark.parametrize("is_emptied", [False, True], ids=["comes back", "comes back empty"])
def test_redis_is_killed_while_mail_goes_out(
    sink: Sink,
    server: EmbeddedRedis,
    own_redis: list[Running],
    is_emptied: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(programs, "is_worker_answering", lambda _node: True)
    make_readers(40)
    overdue_pledge()
    with ticking(quick(sink, server)) as worker:
        worker.wait_until(is_one_sent, "the first mail is out")
        own_redis[-1].kill()
        # Something happens while it is away, for three periods of the beat.
        overdue_pledge()
        worker.wait_until(lambda: "Connection" in worker.output or is_over(), "the worker notices")
        if is_emptied:
            shutil.rmtree(server.data_dir)
        own_redis.append(Running(programs.redis_program(server)))
        worker.wait_until(
            lambda: is_over() and Alert.objects.count() == 80, "everything is sent after it came back", 60
        )
    assert len(sink.accepted) == 80
    assert_invariants(sink, now=datetime.now(UTC))


def test_redis_is_flushed_again_and_again(
    sink: Sink, server: EmbeddedRedis, own_redis: list[Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "is_worker_answering", lambda _node: True)
    make_readers(40)
    overdue_pledge()

    def flush(_address: str) -> None:
        with server.client() as client:
            client.flushall()

    sink.on["RCPT"] = flush
    with ticking(quick(sink, server)) as worker:
        worker.wait_until(is_over, "everything is sent", 60)
    assert len(sink.accepted) == 40
    assert_invariants(sink, now=datetime.now(UTC))


def test_without_any_redis_the_second_trigger_sends_all(sink: Sink) -> None:
    """`manage.py sweep` and `manage.py deliver`, as cron runs them."""
    make_readers(10)
    overdue_pledge()
    nowhere = {**worker_of(sink), "REDIS_URL": "redis://127.0.0.1:1/0"}
    assert "flagged" in run("sweep", environment=nowhere)
    assert "10 sent" in run("deliver", environment=nowhere)
    assert_invariants(sink, now=datetime.now(UTC))
