import logging

import pytest

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
