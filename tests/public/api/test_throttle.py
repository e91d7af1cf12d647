"""How often a network may ask: counted by the hour, for each network alone, and never its address."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as NoRedisError

from tests.public.api.conftest import ROOT
from tracker import counting
from tracker.public.api import throttle

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)
LIMIT = 3
HERE, THERE = "192.0.2.0/24", "198.51.100.0/24"


@pytest.fixture(autouse=True)
def counted(settings: LazySettings) -> Iterator[None]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.TRACKER_API_HOURLY = LIMIT
    cache.clear()
    yield
    cache.clear()


def waits(count: int, network: str = HERE, now: datetime = NOON) -> list[int]:
    return [throttle.wait(network, now) for _ in range(count)]


def test_the_last_one_of_an_hour_and_the_first_too_many() -> None:
    assert waits(LIMIT + 2) == [0] * LIMIT + [3600, 3600]


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (NOON, 3600),
        (NOON + MOMENT, 3600),
        (NOON + timedelta(minutes=59), 60),
        (NOON + HOUR - MOMENT, 1),
    ],
)
def test_the_wait_ends_with_the_hour(now: datetime, seconds: int) -> None:
    waits(LIMIT)
    assert throttle.wait(HERE, now) == seconds
    assert throttle.wait(HERE, NOON + HOUR) == 0


def test_another_network_is_counted_alone() -> None:
    assert waits(LIMIT + 1)[-1] > 0
    assert waits(LIMIT, THERE) == [0] * LIMIT


def test_the_hour_is_that_of_utc_whatever_zone_the_instant_is_written_in() -> None:
    waits(LIMIT)
    there = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert throttle.wait(HERE, there) == 3600


def test_what_is_kept_tells_no_network_and_changes_every_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []

    def count(name: str, *, lasts: int) -> int:
        names.append(name)
        return 1

    monkeypatch.setattr(throttle, "count", count)
    for network, now in ((HERE, NOON), (HERE, NOON + HOUR), (THERE, NOON), (HERE, NOON + 24 * HOUR)):
        throttle.wait(network, now)
    assert len(set(names)) == 4
    assert not any("192" in name.removeprefix("api:")[:4] or "/" in name for name in names)


def test_too_many_requests_are_refused_and_told_when_to_come_back(db: None, client: Client) -> None:
    with time_machine.travel(NOON + timedelta(minutes=50), tick=False):
        given = [client.get(f"{ROOT}/cases").status_code for _ in range(LIMIT)]
        answer = client.get(f"{ROOT}/cases")
        other = client.get(f"{ROOT}/cases", REMOTE_ADDR="198.51.100.7")
        asked_first = client.options(f"{ROOT}/cases")
    assert given == [200] * LIMIT
    assert (answer.status_code, answer["Retry-After"]) == (429, "600")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Access-Control-Allow-Origin"] == "*"
    (problem,) = answer.json()["problems"]
    assert problem["where"] == "network"
    assert problem["what"] == "More than 3 requests came from your network within this hour."
    assert problem["mend"] == "Ask again in 600 seconds, and take larger pages."
    assert (other.status_code, asked_first.status_code) == (200, 204)
    with time_machine.travel(NOON + HOUR, tick=False):
        assert client.get(f"{ROOT}/cases").status_code == 200


def test_errors_and_unchanged_answers_count_too(db: None, client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        tag = client.get(f"{ROOT}/cases")["ETag"]
        assert client.get(f"{ROOT}/cases", headers={"if-none-match": tag}).status_code == 304
        assert client.get(f"{ROOT}/nothing").status_code == 404
        assert client.get(f"{ROOT}/cases").status_code == 429


class Away:
    """A cache that does not answer."""

    def add(self, *_args: Any) -> bool:
        raise NoRedisError("away")


def test_while_the_cache_is_away_all_are_let_in(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(counting, "cache", Away())
    assert waits(LIMIT + 2) == [0] * (LIMIT + 2)
    assert "nothing is counted" in caplog.text


def test_a_count_that_ends_meanwhile_begins_anew() -> None:
    assert counting.count("x", lasts=60) == 1
    assert counting.count("x", lasts=60) == 2
    cache.delete("x")
    assert counting._once_more("x", 60) == 1
    assert counting.count("x", lasts=60) == 2


@pytest.mark.redis
@pytest.mark.usefixtures("kept_in_redis")
def test_redis_counts() -> None:
    assert waits(LIMIT + 1) == [0] * LIMIT + [3600]
