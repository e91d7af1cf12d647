"""How long nobody looked for evidence, to the instant; and how far somebody looked, whoever judges."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from pledges import record
from pledges.deadlines.lapse import local_day
from pledges.models import Pledge
from pledges.models.choices import EventKind, Status
from tests.support.records import (
    DAMASCUS,
    NOON_4_APRIL,
    judge,
    make_body,
    make_draft,
    make_pledge,
    make_reviewer,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 7, 22, 20, 0, tzinfo=UTC)
PERIOD = timedelta(days=60)


def check(pledge: Pledge, day: date, now: datetime = NOW) -> Pledge:
    record.record_check(pledge=pledge, checked_on=day, actor=make_user(), now=now)
    pledge.refresh_from_db()
    return pledge


def test_who_checked_a_draft_does_not_publish_it() -> None:
    draft, reviewer = make_draft(), make_reviewer()
    record.record_check(pledge=draft, checked_on=date(2025, 7, 22), actor=reviewer, now=NOW)
    with pytest.raises(ValidationError):
        record.publish(pledge=draft, actor=reviewer, now=NOW)
    record.publish(pledge=draft, actor=make_reviewer(), now=NOW)


def test_a_check_is_not_undone_by_a_verdict_that_was_proposed_before_it() -> None:
    pledge = make_pledge()
    record.propose_verdict(
        pledge=pledge,
        status=Status.REFUSED,
        effective_on=date(2025, 7, 22),
        reason="It said so.",
        sources=[pledge.source],
        actor=make_user(),
        now=NOW,
    )
    later = NOW + timedelta(days=5)
    check(pledge, date(2025, 7, 27), later)
    record.confirm_verdict(pledge=pledge, actor=make_reviewer(), now=later)
    pledge.refresh_from_db()
    assert pledge.checked_on == date(2025, 7, 27)
    assert pledge.events.get(kind=EventKind.ASSESSED).payload["checked_on"] == "2025-07-27"


def is_due(pledge: Pledge, now: datetime) -> bool:
    found = Pledge.objects.unchecked(PERIOD, now=now).filter(pk=pledge.pk).exists()
    # The rule in plain words, beside the one in SQL.
    pledge.refresh_from_db()
    published = pledge.published_at or pledge.created_at
    since = pledge.checked_on or local_day(published, pledge.time_zone)
    age = local_day(now, pledge.time_zone) - since
    assert found == (pledge.is_published and pledge.is_open and age >= PERIOD)
    return found


@pytest.mark.parametrize(
    ("zone", "last_fresh", "first_stale"),
    [
        (DAMASCUS, "2025-09-19T20:59:59.999999+00:00", "2025-09-19T21:00:00+00:00"),
        ("Pacific/Auckland", "2025-09-19T11:59:59.999999+00:00", "2025-09-19T12:00:00+00:00"),
        ("America/Santiago", "2025-09-20T02:59:59.999999+00:00", "2025-09-20T03:00:00+00:00"),  # DST since
    ],
)
@pytest.mark.parametrize("is_checked", [False, True])
def test_the_last_fresh_instant_and_the_first_stale_one(
    zone: str, last_fresh: str, first_stale: str, *, is_checked: bool
) -> None:
    author = make_user()
    body = make_body(actor=author, time_zone=zone)
    published_at = datetime(2025, 7, 22, 6, 0, tzinfo=UTC)
    if is_checked:
        pledge = check(make_pledge(actor=author, bodies=[body]), date(2025, 7, 22), published_at)
    else:
        pledge = make_pledge(actor=author, bodies=[body], now=published_at)
    if zone == "America/Santiago":
        # 6:00 UTC is 2:00 there: the same day.
        assert local_day(published_at, zone) == date(2025, 7, 22)
    days = datetime.fromisoformat(last_fresh), datetime.fromisoformat(first_stale)
    assert [is_due(pledge, now) for now in days] == [False, True]


@pytest.mark.parametrize("status", Status)
def test_only_what_is_open_waits_for_a_check(status: Status) -> None:
    pledge = make_pledge()
    judge(
        pledge=pledge,
        actor=make_user(),
        status=status,
        effective_on=date(2025, 4, 4),
        reason="So it is.",
        sources=[pledge.source],
        now=NOON_4_APRIL,
    )
    pledge.refresh_from_db()
    assert is_due(pledge, NOW) is pledge.is_open


def test_drafts_and_what_was_taken_off_wait_for_nobody() -> None:
    draft, off = make_draft(), make_pledge()
    record.unpublish(pledge=off, reason="Risk.", actor=make_reviewer(), now=NOON_4_APRIL)
    assert not is_due(draft, NOW)
    assert not is_due(off, NOW)
    assert not Pledge.objects.none().unchecked(PERIOD, now=NOW).exists()
