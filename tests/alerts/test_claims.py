from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tracker.alerts import claims
from tracker.alerts.models import Alert, AlertState

from .conftest import queue
from .events import NOW

TICK = timedelta(microseconds=1)
LEASE = timedelta(seconds=300)


def ids(now: datetime, limit: int = 50) -> list[int]:
    return claims.claim(now=now, limit=limit).alert_ids


@pytest.mark.django_db
class TestClaims:
    @pytest.mark.parametrize(("at", "is_due"), [(NOW - TICK, False), (NOW, True), (NOW + TICK, True)])
    def test_from_its_instant_on(self, at: datetime, is_due: bool) -> None:
        [alert] = queue()
        assert ids(at) == ([alert.pk] if is_due else [])

    @pytest.mark.parametrize(("at", "is_dead"), [(LEASE - TICK, False), (LEASE, True), (LEASE + TICK, True)])
    def test_a_lease_ends_at_its_instant(self, at: timedelta, is_dead: bool) -> None:
        [alert] = queue()
        assert ids(NOW) == [alert.pk]
        assert ids(NOW + at) == ([alert.pk] if is_dead else [])
        alert.refresh_from_db()
        assert alert.attempts == (2 if is_dead else 1)
        assert bool(alert.last_error) is is_dead
        assert alert.first_tried_at == NOW

    @pytest.mark.parametrize(
        "ended",
        [
            {"state": AlertState.SENT, "sent_at": NOW},
            {"state": AlertState.FAILED},
            {"state": AlertState.HELD},
            {"state": AlertState.CANCELLED, "cancel_reason": "x"},
        ],
    )
    def test_what_is_over_is_never_claimed(self, ended: dict[str, Any]) -> None:
        queue()
        Alert.objects.update(**ended)
        assert ids(NOW + timedelta(days=9)) == []

    def test_the_longest_waiting_come_first_in_one_update(self) -> None:
        alerts = queue(3)
        Alert.objects.filter(pk=alerts[2].pk).update(claimable_at=NOW - timedelta(hours=1))
        with CaptureQueriesContext(connection) as queries:
            assert ids(NOW, limit=2) == sorted([alerts[2].pk, alerts[0].pk])
        # Whether there are receipts, and the claim.
        assert len(queries) == 2

    def test_a_claim_that_was_lost_marks_nothing(self) -> None:
        [alert] = queue()
        slow = claims.claim(now=NOW, limit=1)
        quick = claims.claim(now=NOW + LEASE, limit=1)
        assert claims.load(slow, alert.pk) is None
        assert not claims.finish(slow, alert.pk, AlertState.FAILED)
        claims.renew(slow, now=NOW + LEASE)
        claims.release(slow, now=NOW + LEASE)
        assert claims.finish(quick, alert.pk, AlertState.SENT, sent_at=NOW)
        alert.refresh_from_db()
        assert (alert.state, alert.claim) == (AlertState.SENT, "")

    def test_a_renewed_lease_lasts_longer(self) -> None:
        [alert] = queue()
        held = claims.claim(now=NOW, limit=1)
        claims.renew(held, now=NOW + timedelta(seconds=200))
        assert ids(NOW + LEASE) == []
        assert ids(NOW + timedelta(seconds=500)) == [alert.pk]

    def test_what_is_released_can_be_claimed_at_once(self) -> None:
        [alert] = queue()
        claims.release(claims.claim(now=NOW, limit=1), now=NOW)
        assert ids(NOW) == [alert.pk]


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_share_without_overlap() -> None:
    expected = [alert.pk for alert in queue(40)]

    def work(_number: int) -> list[int]:
        try:
            return [pk for _ in range(5) for pk in ids(NOW, limit=3)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        taken = [pk for part in workers.map(work, range(4)) for pk in part]
    assert sorted(taken) == expected
