import logging

import pytest
from django.test import Client

from config.logs import LineFormatter

pytestmark = pytest.mark.once


def formatted(message: str) -> str:
    record = logging.LogRecord("watch", logging.INFO, "x.py", 1, message, None, None)
    record.created = 0
    formatter = LineFormatter("{asctime}Z {levelname} {name}: {message}", "%Y-%m-%d %H:%M:%S", "{")
    return formatter.format(record)


def test_the_time_is_utc() -> None:
    assert formatted("done") == "1970-01-01 00:00:00Z INFO watch: done"


def test_text_from_outside_cannot_forge_an_entry() -> None:
    assert "\n" not in formatted("x\r\n1970-01-01 00:00:01Z INFO watch: forged")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host", ["foreign.example", "203.0.113.9", "x" * 5000, "a b\x1b[31m", "[::1", "foreign.example:80"]
)
def test_a_foreign_host_costs_one_short_line(
    client: Client, caplog: pytest.LogCaptureFixture, host: str
) -> None:
    answer = client.get("/read-by-her", headers={"Host": host}, REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 400
    (record,) = caplog.records
    assert (record.name, record.exc_info) == ("django.security.DisallowedHost", None)
    assert LineFormatter().format(record) == (
        "refused a request for a host that TRACKER_ALLOWED_HOSTS does not name"
    )
