"""How often the public may ask for a mail: the last that is allowed, the first that is not, the next hour."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tracker.alerts import allowance
from tracker.alerts.allowance import ADDRESS_PER_DAY, ADDRESS_PER_HOUR, NETWORK_PER_HOUR, Verdict
from tracker.alerts.models import Allowance

NOON = datetime(2025, 4, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
Ask = Callable[..., Verdict]


def ask(address: str = "key", network: str = "192.0.2.0/24", now: datetime = NOON) -> Verdict:
    return allowance.ask(address_key=address, network=network, now=now)


@pytest.mark.django_db
class TestAddress:
    def test_the_last_of_an_hour_and_the_first_too_many(self) -> None:
        assert [ask() for _ in range(ADDRESS_PER_HOUR)] == [Verdict.ALLOWED] * ADDRESS_PER_HOUR
        assert ask() is Verdict.TOO_MANY_TO_ADDRESS
        assert ask("another") is Verdict.ALLOWED

    def test_the_next_hour_begins_anew(self) -> None:
        for _ in range(ADDRESS_PER_HOUR):
            ask()
        assert ask(now=NOON + HOUR - MOMENT) is Verdict.TOO_MANY_TO_ADDRESS
        assert ask(now=NOON + HOUR) is Verdict.ALLOWED

    def test_the_last_of_a_day_and_the_first_too_many(self) -> None:
        midnight = datetime(2025, 4, 4, tzinfo=UTC)
        verdicts = [ask(now=midnight + hour * HOUR) for hour in range(ADDRESS_PER_DAY + 1)]
        assert verdicts == [*[Verdict.ALLOWED] * ADDRESS_PER_DAY, Verdict.TOO_MANY_TO_ADDRESS]
        assert ask(now=midnight + timedelta(days=1) - MOMENT) is Verdict.TOO_MANY_TO_ADDRESS
        assert ask(now=midnight + timedelta(days=1)) is Verdict.ALLOWED

    def test_the_day_is_that_of_utc_whatever_zone_the_instant_is_written_in(self) -> None:
        from zoneinfo import ZoneInfo

        for _ in range(ADDRESS_PER_HOUR):
            ask()
        assert ask(now=NOON.astimezone(ZoneInfo("Asia/Damascus"))) is Verdict.TOO_MANY_TO_ADDRESS


@pytest.mark.django_db
def test_a_network_may_ask_for_so_many_addresses() -> None:
    verdicts = [ask(f"key-{number}") for number in range(NETWORK_PER_HOUR + 1)]
    assert verdicts == [*[Verdict.ALLOWED] * NETWORK_PER_HOUR, Verdict.TOO_MANY_FROM_NETWORK]
    assert ask("key-x", network="198.51.100.0/24") is Verdict.ALLOWED
    assert ask("key-y", now=NOON + HOUR) is Verdict.ALLOWED


@pytest.mark.django_db
def test_what_is_kept_tells_neither_address_nor_network_and_changes_every_day() -> None:
    ask()
    ask(now=NOON + timedelta(days=1))
    keys = list(Allowance.objects.values_list("key", flat=True))
    assert len(set(keys)) == 4
    assert not any("key" in key or "192" in key for key in keys if len(key) != 64)


@pytest.mark.django_db
def test_old_counts_are_forgotten() -> None:
    ask()
    hour = NOON.replace(minute=0)
    assert allowance.forget_old(now=hour + allowance.KEPT) == 0
    assert allowance.forget_old(now=hour + allowance.KEPT + MOMENT) == 2
    assert not Allowance.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_are_all_counted() -> None:
    def one(_number: int) -> Verdict:
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(one, range(24)))
    assert verdicts.count(Verdict.ALLOWED) == ADDRESS_PER_HOUR
    assert sorted(Allowance.objects.values_list("used", flat=True)) == [20, 24]
