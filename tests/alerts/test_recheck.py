from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from pledges import record
from pledges.models import Pledge
from pledges.models.choices import DeadlineKind
from tests.support import records
from tests.support.records import make_reviewer, make_user
from tracker.alerts import claims, fan_out
from tracker.alerts.models import Alert
from tracker.alerts.recheck import reason_to_cancel

from .conftest import DESK
from .events import NOW, extend, overdue_pledge

pytestmark = pytest.mark.django_db


def assess(status: str) -> Callable[[Pledge], None]:
    def change(pledge: Pledge) -> None:
        records.judge(
            pledge=pledge,
            status=status,
            effective_on=date(2025, 5, 5),
            reason="The report was published.",
            sources=[pledge.source],
            actor=pledge.created_by,
            now=NOW,
        )

    return change


def unpublish(pledge: Pledge) -> None:
    record.unpublish(pledge=pledge, reason="Wrong source.", actor=make_reviewer(), now=NOW)


def correct(pledge: Pledge) -> None:
    record.move_deadline(
        pledge=pledge,
        kind=DeadlineKind.CORRECTION,
        terms=record.DeadlineTerms(phrase="soon", no_date_reason="vague", reason="Misread."),
        source=pledge.source,
        announced_on=NOW.date(),
        actor=pledge.created_by,
        now=NOW,
    )


def reassign(pledge: Pledge) -> None:
    record.assign(pledge=pledge, assignee=make_user(), actor=pledge.created_by, now=NOW)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _pledge: None, ""),
        (reassign, ""),
        (assess("in_progress"), ""),
        (assess("partly_fulfilled"), ""),
        (assess("no_evidence"), ""),
        (assess("fulfilled"), "The pledge is no longer open: Fulfilled."),
        (assess("refused"), "The pledge is no longer open: Refused."),
        (assess("withdrawn"), "The pledge is no longer open: Withdrawn."),
        (assess("unverifiable"), "The pledge is no longer open: Unverifiable."),
        (unpublish, "The pledge is not public any more."),
        (extend, "The deadline was moved: it is 4 August 2025 now."),
        (correct, "The pledge has no due date any more."),
    ],
)
def test_what_happened_between_flag_and_send(change: Callable[[Pledge], None], reason: str) -> None:
    pledge, event = overdue_pledge(assignee=make_user())
    fan_out.queue_overdue_alerts([event.pk], now=NOW)
    change(pledge)
    held = claims.claim(now=NOW, limit=2)
    alerts = [claims.load(held, pk) for pk in held.alert_ids]
    assert [reason_to_cancel(alert, now=NOW) for alert in alerts if alert] == [reason, reason]


def test_a_new_deadline_that_lapsed_too_makes_an_alert_of_its_own() -> None:
    pledge, first = overdue_pledge()
    fan_out.queue_overdue_alerts([first.pk], now=NOW)
    extend(pledge)
    later = NOW + timedelta(days=120)
    second = record.flag_overdue(now=later, limit=10).event_ids
    fan_out.queue_overdue_alerts(second, now=later)
    old, new = Alert.objects.order_by("pk")
    assert reason_to_cancel(old, now=NOW)
    assert not reason_to_cancel(new, now=NOW)


@pytest.mark.parametrize(
    ("email", "staff", "reason"),
    [
        ("rana@ngo.example", [], "The account of its reader was closed."),
        ("rana@ngo.example", [DESK], "The account of its reader was closed."),
        (DESK, [DESK], ""),
    ],
)
def test_a_closed_account_gets_no_mail_unless_its_address_is_the_desks(
    email: str, staff: list[str], reason: str, settings: Any
) -> None:
    settings.TRACKER_STAFF_ALERTS = []
    rana = make_user(email=email)
    _, event = overdue_pledge(assignee=rana)
    fan_out.queue_overdue_alerts([event.pk], now=NOW)
    User.objects.filter(pk=rana.pk).update(is_active=False)
    settings.TRACKER_STAFF_ALERTS = staff
    assert reason_to_cancel(Alert.objects.get(user=rana), now=NOW) == reason
