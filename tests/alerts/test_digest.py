"""The digest of a backlog, on its way through a real SMTP server."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledges.models import Pledge
from tests.support.smtp_sink import Sink
from tracker.alerts import deliver, fan_out
from tracker.alerts.models import Alert, AlertState
from tracker.alerts.telling import tell

from .events import NOW, extend, overdue_events

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]


def drain(now: datetime = NOW) -> dict[AlertState, int]:
    return dict(deliver.drain(now=now, clock=lambda: now))


class TestDigest:
    def fold(self, count: int = 3, **fields: Any) -> list[int]:
        ids = overdue_events(count, **fields)
        fan_out.queue_backlog_digest(ids, now=NOW, send_after=NOW)
        return ids

    def digest(self) -> Alert:
        return Alert.objects.get(kind="digest")

    def test_one_mail_tells_of_all(self, sink: Sink) -> None:
        self.fold(3)
        assert drain() == {AlertState.SENT: 1}
        text = sink.accepted[0].part("plain")
        assert all(pledge.reference in text for pledge in Pledge.objects.all())
        assert sink.accepted[0].message_id == f"<alert-{self.digest().pk}.digest@pledges.example>"

    def test_it_waits_for_its_hour(self, sink: Sink) -> None:
        fan_out.queue_backlog_digest(overdue_events(2), now=NOW, send_after=NOW + timedelta(minutes=60))
        assert drain(NOW + timedelta(minutes=60) - timedelta(microseconds=1)) == {}
        assert drain(NOW + timedelta(minutes=60)) == {AlertState.SENT: 1}

    def test_what_no_longer_holds_is_left_out_with_the_reason(self, sink: Sink) -> None:
        self.fold(3)
        extended = Pledge.objects.order_by("pk")[1]
        extend(extended)
        assert drain() == {AlertState.SENT: 1}
        assert extended.reference not in sink.accepted[0].part("plain")
        left_out = self.digest().members.get(state=AlertState.CANCELLED)
        assert left_out.cancel_reason == "The deadline was moved: it is 4 August 2025 now."
        assert self.digest().members.filter(state=AlertState.FOLDED).count() == 2

    def test_a_member_is_not_given_up_before_the_mail_is_sent(self, sink: Sink) -> None:
        self.fold(2)
        extend(Pledge.objects.order_by("pk")[0])
        sink.on["RCPT"] = lambda _address: "450 later"
        assert drain() == {AlertState.QUEUED: 1}
        assert self.digest().members.filter(state=AlertState.FOLDED).count() == 2

    def test_without_any_that_holds_it_is_cancelled(self, sink: Sink) -> None:
        self.fold(2)
        for pledge in Pledge.objects.all():
            extend(pledge)
        assert drain() == {AlertState.CANCELLED: 1}
        assert self.digest().cancel_reason == "Nothing in it holds any more."
        assert sink.accepted == []

    @pytest.mark.parametrize("count", [1, 50])
    def test_statements_do_not_grow_with_members(self, sink: Sink, count: int) -> None:
        self.fold(count)
        tell(now=NOW)
        with CaptureQueriesContext(connection) as queries:
            drain()
        assert len(queries) == 16


def test_a_retried_digest_and_a_new_one_stand_side_by_side(sink: Sink) -> None:
    fan_out.queue_backlog_digest(overdue_events(1), now=NOW, send_after=NOW)
    sink.on["RCPT"] = lambda _address: "450 later"
    drain()
    fan_out.queue_backlog_digest(overdue_events(1), now=NOW, send_after=NOW)
    sink.on.clear()
    assert drain(NOW + timedelta(hours=1)) == {AlertState.SENT: 2}
    assert len(set(sink.message_ids)) == 2
