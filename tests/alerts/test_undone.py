"""A reason to keep silent that is gone again: the mail that was cancelled is owed once more."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from pledges import record
from pledges.models import Pledge
from tests.support import records
from tests.support.records import make_pledge, make_reviewer, make_source, make_user
from tracker.alerts.deliver import drain
from tracker.alerts.models import Alert, AlertState
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db
LAPSE = datetime(2025, 5, 4, 21, 0, tzinfo=UTC)  # the end of 4 May in Damascus
SOON = LAPSE + timedelta(minutes=1)
LATER = LAPSE + timedelta(hours=5)
DESK = "desk@ngo.example"
Change = Callable[[Pledge], None]


@pytest.fixture(autouse=True)
def _staff(settings: Settings) -> None:
    settings.TRACKER_STAFF_ALERTS = [DESK]


def unpublish(pledge: Pledge) -> None:
    record.unpublish(pledge=pledge, reason="A source is doubted.", actor=make_reviewer(), now=SOON)


def publish_again(pledge: Pledge) -> None:
    record.publish(pledge=pledge, actor=make_reviewer(), now=LATER)


def judge(status: str, now: datetime) -> Change:
    def change(pledge: Pledge) -> None:
        records.judge(
            pledge=pledge,
            status=status,
            effective_on=date(2025, 5, 5),
            reason="What the ministry showed.",
            sources=[make_source(actor=pledge.created_by)],
            actor=make_reviewer(),
            now=now,
        )

    return change


UNDONE = [
    pytest.param(unpublish, publish_again, id="unpublished and published again"),
    pytest.param(judge("fulfilled", SOON), judge("in_progress", LATER), id="fulfilled and opened again"),
]


def cancelled(pledge: Pledge, change: Change) -> Alert:
    """Flag, change, try to send: the mail is cancelled."""
    sweep(now=LAPSE)
    change(pledge)
    drain(now=SOON)
    alert = Alert.objects.get(kind="overdue")
    assert (alert.state, bool(alert.cancel_reason)) == (AlertState.CANCELLED, True)
    return alert


@pytest.mark.parametrize(("change", "undo"), UNDONE)
def test_the_mail_goes_out_once_the_reason_is_gone(change: Change, undo: Change) -> None:
    pledge = make_pledge()
    alert = cancelled(pledge, change)
    assert drain(now=LATER) == {}
    undo(pledge)
    assert drain(now=LATER) == {AlertState.SENT: 1}
    sent = Alert.objects.get()
    assert (sent.pk, sent.cancel_reason, sent.attempts) == (alert.pk, "", 1)
    assert drain(now=LATER) == {}


@pytest.mark.parametrize(("change", "undo"), UNDONE)
def test_a_mail_that_was_sent_before_is_not_sent_again(change: Change, undo: Change) -> None:
    pledge = make_pledge()
    sweep(now=LAPSE)
    drain(now=LAPSE)
    change(pledge)
    undo(pledge)
    assert drain(now=LATER) == {}
    assert [alert.state for alert in Alert.objects.all()] == [AlertState.SENT]


def test_the_member_of_a_digest_goes_alone_when_its_digest_is_over() -> None:
    doubted, other = make_pledge(now=LAPSE), make_pledge(now=LAPSE)
    sweep(now=LAPSE, digest_after=timedelta(0))
    unpublish(doubted)
    assert drain(now=SOON) == {AlertState.SENT: 1}
    publish_again(doubted)
    assert drain(now=LATER) == {AlertState.SENT: 1}
    told = Alert.objects.get(event__pledge=doubted)
    assert (told.state, told.digest) == (AlertState.SENT, None)
    assert Alert.objects.get(event__pledge=other).state == AlertState.FOLDED


def test_a_moved_deadline_stays_cancelled() -> None:
    def extend(pledge: Pledge) -> None:
        record.extend_deadline(
            pledge=pledge,
            terms=record.DeadlineTerms(latest=date(2025, 6, 4)),
            source=make_source(actor=pledge.created_by),
            announced_on=date(2025, 5, 4),
            actor=pledge.created_by,
            now=SOON,
        )

    cancelled(make_pledge(), extend)
    assert drain(now=LATER) == {}


@pytest.mark.parametrize(("is_active", "on_staff_list", "sent"), [(0, 0, 0), (1, 0, 1), (0, 1, 1)])
def test_a_closed_account_stays_without_mail(
    settings: Settings, *, is_active: int, on_staff_list: int, sent: int
) -> None:
    rana = make_user(email="rana@ngo.example")
    settings.TRACKER_STAFF_ALERTS = []
    pledge = make_pledge(assignee=rana)
    cancelled(pledge, unpublish)
    publish_again(pledge)
    User.objects.filter(pk=rana.pk).update(is_active=bool(is_active))
    settings.TRACKER_STAFF_ALERTS = [rana.email] if on_staff_list else []
    drain(now=LATER)
    assert Alert.objects.filter(state=AlertState.SENT).count() == sent
