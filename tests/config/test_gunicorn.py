"""The web server with its own settings, in a process of its own."""

from urllib.request import urlopen

import pytest

from config.processes import Program
from config.programs import GUNICORN, answers_ok
from tests.support.processes import free_port, run

pytestmark = [pytest.mark.worker, pytest.mark.once]


def test_what_is_loaded_for_good_is_never_searched_for_garbage() -> None:
    address = f"http://127.0.0.1:{free_port()}/"
    command = [*GUNICORN, "--workers=1", f"--bind={address[7:-1]}", "tests.support.garbage"]
    with (
        run(Program("garbage", command, is_ready=lambda: answers_ok(address))),
        urlopen(address, timeout=60) as answer,
    ):
        assert int(answer.read()) > 1_000
