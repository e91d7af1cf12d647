"""The queue with a real Redis and a real worker."""

import pytest
from celery import current_app
from django.conf import settings

from config.celery import app
from config.redis_server import client_for
from tests.support import processes

pytestmark = [pytest.mark.redis, pytest.mark.worker]


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_takes_a_wake_up_from_a_real_redis(empty_queue: str) -> None:
    with processes.celery_worker() as worker:
        app.send_task("tracker.watch.tasks.check_deadlines")
        worker.wait_until(lambda: "succeeded in" in worker.output, "the task was done")
    assert worker.process.returncode == 0
    with client_for(empty_queue) as client:
        assert client.llen("celery") == 0


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_no_process(empty_queue: str) -> None:
    with processes.celery_worker() as worker:
        worker.kill()
        assert worker.process.returncode == -9


def test_the_app_is_the_current_one_and_speaks_json_only() -> None:
    assert current_app.main == app.main == "tracker"
    assert app.conf.accept_content == ["json"]
    assert app.conf.broker_url == settings.BROKER_URL
