"""A receipt stands for a mark that an alert does not bear yet: it is worth the same, and lives briefly."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from tests.support.smtp_sink import Sink
from tests.support.subscribers import make_followers
from tracker.alerts import broadcast, claims, deliver, receipts
from tracker.alerts.claims import Claim
from tracker.alerts.models import Alert, AlertState, Receipt
from tracker.alerts.telling import tell

from .events import NOW, overdue_pledge
from .test_broadcast import Killed, die, just_before_message

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]
LEASE = claims.lease()
BEFORE = timedelta(microseconds=1)


def drain(now: datetime = NOW) -> dict[AlertState, int]:
    return dict(deliver.drain(now=now, clock=lambda: now))


@pytest.fixture
def held() -> Claim:
    """Three alerts in the hands of a worker."""
    make_followers(3)
    overdue_pledge()
    tell(now=NOW)
    return claims.claim(now=NOW, limit=3)


def take(held: Claim, alert_id: int) -> bool:
    """Mark one as a worker does, once the mail server took it."""
    with connection.cursor() as cursor:
        at = connection.ops.adapt_datetimefield_value(NOW)
        cursor.execute(broadcast.MARK, [at, f"<{alert_id}@pledges.example>", "smtp", alert_id, held.token])
        return bool(cursor.rowcount == 1)


def states() -> list[str]:
    return list(Alert.objects.order_by("pk").values_list("state", flat=True))


def test_nothing_is_left_after_a_run(sink: Sink) -> None:
    make_followers(3)
    overdue_pledge()
    assert drain() == {AlertState.SENT: 3}
    assert not Receipt.objects.exists()


def test_its_worker_carries_it_over(held: Claim) -> None:
    assert take(held, held.alert_ids[1])
    receipts.carry_over(held.token, now=NOW)
    assert states() == ["sending", "sent", "sending"]
    sent = Alert.objects.get(pk=held.alert_ids[1])
    assert (sent.sent_at, sent.via, sent.claim) == (NOW, "smtp", "")
    assert sent.message_id == f"<{sent.pk}@pledges.example>"
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("at", "expected"),
    [(NOW + LEASE - BEFORE, "sending"), (NOW + LEASE, "sent"), (NOW + LEASE + BEFORE, "sent")],
)
def test_another_carries_it_over_once_the_lease_has_ended(held: Claim, at: datetime, expected: str) -> None:
    take(held, held.alert_ids[0])
    receipts.carry_over("another", now=at)
    receipts.carry_over("another", now=at)
    assert states() == [expected, "sending", "sending"]


@pytest.mark.parametrize("after", [timedelta(0), LEASE - BEFORE, LEASE, LEASE + BEFORE])
def test_what_has_one_is_claimed_by_nobody(held: Claim, after: timedelta) -> None:
    take(held, held.alert_ids[0])
    others = claims.claim(now=NOW + after, limit=9)
    assert others.alert_ids == (held.alert_ids[1:] if after >= LEASE else [])


def test_what_has_one_is_not_loaded_again(held: Claim) -> None:
    first, second, _third = held.alert_ids
    take(held, first)
    assert claims.load(held, first) is None
    assert claims.load(held, second) is not None


def test_a_claim_given_back_keeps_it(held: Claim) -> None:
    take(held, held.alert_ids[2])
    claims.release(held, now=NOW)
    assert states() == ["queued", "queued", "sent"]


def test_there_is_none_for_a_claim_that_is_lost(held: Claim) -> None:
    later = claims.claim(now=NOW + LEASE, limit=1)
    assert not take(held, later.alert_ids[0])
    assert take(later, later.alert_ids[0])
    assert not take(later, later.alert_ids[0])
    assert Receipt.objects.count() == 1


def test_killed_with_receipts_in_hand_what_was_taken_is_not_sent_again(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = make_followers(5)
    overdue_pledge()
    tell(now=NOW)
    with monkeypatch.context() as patch, just_before_message(4, die), pytest.raises(Killed):
        # A killed process does none of this on its way out.
        patch.setattr(deliver._Run, "mark_news", lambda _run, _held: None)
        patch.setattr(receipts, "carry_over", lambda _token, **_rest: None)
        drain()
    assert states() == ["sending"] * 5
    assert Receipt.objects.count() == 2
    assert drain(NOW + LEASE - BEFORE) == {}
    assert drain(NOW + LEASE) == {AlertState.SENT: 3}
    assert states() == ["sent"] * 5
    assert sorted(set(sink.recipients)) == sorted(reader.address for reader in readers)
    assert len(sink.accepted) == 6  # The third had been accepted, and nobody could write that down.


def test_control_without_a_receipt_it_would_be_sent_again(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_followers(5)
    overdue_pledge()
    tell(now=NOW)
    with monkeypatch.context() as patch, just_before_message(4, die), pytest.raises(Killed):
        patch.setattr(deliver._Run, "mark_news", lambda _run, _held: None)
        patch.setattr(receipts, "carry_over", lambda _token, **_rest: None)
        drain()
    Receipt.objects.all().delete()
    assert drain(NOW + LEASE) == {AlertState.SENT: 5}
    assert len(sink.accepted) == 8
