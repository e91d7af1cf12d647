"""The web server with its own settings, in a process of its own."""

import socket
from urllib.request import urlopen

import pytest

from config.processes import Program
from config.programs import GUNICORN, answers_ok
from tests.support.processes import free_port, run

pytestmark = [pytest.mark.worker, pytest.mark.once]

NO_REQUESTS = [
    b"GET\r\n\r\n",
    b"\x16\x03\x01\x1b[31m marker\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /marker HTTP/1.1\r\nBad Name: marker\r\n\r\n",
    b"GET /" + b"marker" * 2000 + b" HTTP/1.1\r\n\r\n",
    b"GET /marker HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: marker\r\n\r\n",
]


def sent(port: int, what: bytes) -> bytes:
    """Return the first line of the answer to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(what)
        return connection.makefile("rb").readline()


def logged(*options: str) -> str:
    """Return what is written while no request is sent that is one, each refused."""
    port = free_port()
    command = [*GUNICORN, *options, "--workers=1", f"--bind=127.0.0.1:{port}", "tests.support.garbage"]
    program = Program("malformed", command, is_ready=lambda: answers_ok(f"http://127.0.0.1:{port}/"))
    with run(program) as running:
        answers = [sent(port, each) for each in NO_REQUESTS]
        assert all(each.split()[1] in (b"400", b"414", b"501", b"505") for each in answers), answers
        return running.output


def test_who_sends_what_is_no_request_is_not_logged() -> None:
    assert logged() == ""


def test_control_a_warning_would_name_them() -> None:
    said = logged("--log-level=warning")
    assert said.count("127.0.0.1") == len(NO_REQUESTS)
    assert "marker" in said


def test_what_is_loaded_for_good_is_never_searched_for_garbage() -> None:
    address = f"http://127.0.0.1:{free_port()}/"
    command = [*GUNICORN, "--workers=1", f"--bind={address[7:-1]}", "tests.support.garbage"]
    with (
        run(Program("garbage", command, is_ready=lambda: answers_ok(address))),
        urlopen(address, timeout=60) as answer,
    ):
        assert int(answer.read()) > 1_000
