"""Who is told of which event: through the real writers, the trigger, and the fan-out."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from pledges import record
from pledges.models import Event, Pledge
from pledges.models.choices import DeadlineKind, EventKind
from tests.support.records import NOON_4_APRIL, judge, make_draft, make_pledge, make_reviewer, make_source
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts import telling
from tracker.alerts.models import (
    Alert,
    AlertKind,
    AlertState,
    Cadence,
    Reach,
    Subscriber,
    Subscription,
    Untold,
)
from tracker.alerts.telling import next_daily, next_weekly, queue_for_subscribers, tell, topic
from tracker.watch.sweep import sweep

from .events import LATE_RECORDING, NOW, extend, flag, overdue_pledge

pytestmark = pytest.mark.django_db


def told(reader: Subscriber) -> list[tuple[str, str]]:
    alerts = Alert.objects.filter(subscriber=reader).exclude(kind=AlertKind.DIGEST).order_by("pk")
    return [(alert.kind, alert.state) for alert in alerts]


def assess(pledge: Pledge) -> None:
    judge(
        pledge=pledge,
        status="in_progress",
        effective_on=date(2025, 5, 5),
        reason="It has begun.",
        sources=[pledge.source],
        actor=pledge.created_by,
        now=NOW,
    )


def update(kind: str) -> Callable[[Pledge], None]:
    def add(pledge: Pledge) -> None:
        record.add_update(
            pledge=pledge,
            kind=kind,
            happened_on=date(2025, 5, 5),
            text="We have begun.",
            sources=[pledge.source],
            by_body=pledge.bodies.get() if kind == "reply" else None,
            actor=pledge.created_by,
            now=NOW,
        )

    return add


def correct_title(pledge: Pledge) -> None:
    record.amend_pledge(
        pledge=pledge,
        changes={"title": "Publish a report"},
        reason="Typing error.",
        actor=pledge.created_by,
        now=NOW,
    )


def correct_deadline(pledge: Pledge) -> None:
    record.move_deadline(
        pledge=pledge,
        kind=DeadlineKind.CORRECTION,
        terms=record.DeadlineTerms(phrase="within two months", latest=date(2025, 6, 4), reason="Misread."),
        source=pledge.source,
        announced_on=date(2025, 4, 4),
        actor=pledge.created_by,
        now=NOW,
    )


HAPPENINGS: list[tuple[Callable[[Pledge], object], AlertKind | None]] = [
    (lambda _pledge: flag(), AlertKind.OVERDUE),
    (extend, AlertKind.MOVED),
    (correct_deadline, AlertKind.CORRECTED),
    (assess, AlertKind.ASSESSED),
    (update("reply"), AlertKind.REPLIED),
    (update("progress"), None),
    (update("criticism"), None),
    (correct_title, AlertKind.CORRECTED),
]


@pytest.mark.parametrize(
    ("happen", "kind"), HAPPENINGS, ids=lambda each: getattr(each, "__name__", str(each))
)
def test_each_event_is_told_as_its_kind_to_those_who_want_it(
    happen: Callable[[Pledge], object], kind: AlertKind | None
) -> None:
    keen, other = make_subscriber(), make_subscriber()
    follow(keen)
    if kind is not None:
        Subscription.objects.filter(pk=follow(other).pk).update(**{f"wants_{kind}": False})
    pledge = make_pledge()
    happen(pledge)
    assert Untold.objects.count() == 1
    tell(now=NOW)
    assert Untold.objects.count() == 0
    assert told(keen) == ([(kind, AlertState.QUEUED)] if kind else [])
    assert told(other) == []


def test_every_way_of_following_reaches_and_the_narrowest_is_named() -> None:
    pledge, event = overdue_pledge()
    body = pledge.bodies.get()
    targets = {
        "all": Reach.ALL,
        f"action:{pledge.action}": Reach.ACTION,
        f"body:{body.pk}": Reach.BODY,
        f"case:{pledge.case_id}": Reach.CASE,
        f"pledge:{pledge.pk}": Reach.PLEDGE,
    }
    for target, reach in targets.items():
        reader = make_subscriber()
        follow(reader, target)
        queue_for_subscribers(event, AlertKind.OVERDUE, now=NOW)
        assert Alert.objects.get(subscriber=reader).reach == reach
    reader = make_subscriber()
    for target in targets:
        follow(reader, target)
    assert queue_for_subscribers(event, AlertKind.OVERDUE, now=NOW) == 1
    assert Alert.objects.get(subscriber=reader).reach == Reach.PLEDGE


@pytest.mark.parametrize(
    "target", ["pledge:0", "case:0", "body:0", "action:legislate", "pledge:", "everything"]
)
def test_who_follows_something_else_hears_nothing(target: str) -> None:
    reader = make_subscriber()
    follow(reader, target)
    overdue_pledge()
    tell(now=NOW)
    assert told(reader) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"confirmed_at": None},
        {"suppressed_at": NOW, "suppressed_for": "hard bounce"},
        {"erased_at": NOW, "address": ""},
    ],
)
def test_who_may_not_be_written_to_hears_nothing(fields: dict[str, Any]) -> None:
    reader = make_subscriber(**fields)
    follow(reader)
    follow(reader, "action:report", Cadence.DAILY)
    overdue_pledge()
    assert tell(now=NOW) == 0
    assert Alert.objects.count() == 0


def test_telling_twice_is_telling_once() -> None:
    reader = make_subscriber()
    follow(reader)
    _pledge, event = overdue_pledge()
    assert tell(now=NOW) == 1
    assert tell(now=NOW) == 0
    Untold.objects.create(event=event)
    assert tell(now=NOW) == 0
    assert told(reader) == [("overdue", "queued")]


def test_telling_a_digest_reader_twice_opens_no_empty_digest() -> None:
    reader = make_subscriber()
    follow(reader, cadence=Cadence.DAILY)
    _pledge, event = overdue_pledge()
    tell(now=NOW)
    Alert.objects.filter(kind="digest").update(first_tried_at=NOW)
    Untold.objects.create(event=event)
    tell(now=NOW)
    assert Alert.objects.filter(kind="digest").count() == 1


def test_the_list_and_the_event_stand_or_fall_together() -> None:
    pledge = make_pledge()
    with pytest.raises(RuntimeError, match="killed"), transaction.atomic():
        extend(pledge)
        assert Untold.objects.count() == 1
        raise RuntimeError("killed")
    assert Untold.objects.count() == 0


def test_killed_between_queueing_and_striking_off_it_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = make_subscriber()
    follow(reader)
    overdue_pledge()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Untold, "delete", lambda _self: (_ for _ in ()).throw(KeyboardInterrupt))
        tell(now=NOW)
    assert told(reader) == []
    assert tell(now=NOW) == 1


def test_an_event_that_cannot_be_told_of_keeps_no_other_from_being_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reader = make_subscriber()
    follow(reader)
    (poisonous, _), (sound, _) = overdue_pledge(), overdue_pledge()
    queue = telling.queue_for_subscribers

    def fails(event: Event, kind: AlertKind, *, now: datetime) -> int:
        if event.pledge == poisonous:
            raise ValueError("no such thing")
        return queue(event, kind, now=now)

    with monkeypatch.context() as patch:
        patch.setattr(telling, "queue_for_subscribers", fails)
        assert tell(now=NOW) == 1
    assert "could not be told of" in caplog.text
    assert [event.pledge for event in Event.objects.filter(alerts__subscriber=reader)] == [sound]
    # Once what was wrong is mended, it is told as well.
    assert tell(now=NOW) == 1


def test_what_the_sweep_appends_in_bulk_is_listed_too() -> None:
    for _ in range(3):
        make_pledge()
    sweep(now=NOW)
    overdue = Event.objects.filter(kind=EventKind.BECAME_OVERDUE).order_by("pk")
    assert list(Untold.objects.order_by("pk").values_list("pk", flat=True)) == [event.pk for event in overdue]
    assert overdue.count() == 3


def test_without_the_trigger_nobody_would_be_told() -> None:
    """The control: it is the trigger that lists, and nothing else."""
    reader = make_subscriber()
    follow(reader)
    where = " ON pledges_event" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER alerts_untold{where}")
    overdue_pledge()
    assert tell(now=NOW) == 0


def test_an_event_that_commits_late_is_not_skipped() -> None:
    """There is no "last seen" number: a lower id that comes after a higher one is told all the same."""
    reader = make_subscriber()
    follow(reader)
    first, second = make_pledge(), make_pledge()
    extend(first)
    earlier = Untold.objects.get()
    Untold.objects.all().delete()
    extend(second)
    assert tell(now=NOW) == 1
    Untold.objects.create(event_id=earlier.pk)
    assert tell(now=NOW) == 1
    assert Alert.objects.filter(event_id=earlier.pk).count() == 1


def test_what_happened_before_the_publication_is_no_news() -> None:
    reader = make_subscriber()
    follow(reader)
    draft = make_draft()
    extend(draft)
    assert tell(now=NOW) == 0
    later = make_draft()
    extend(later, now=NOW)
    record.publish(pledge=later, actor=make_reviewer(), now=NOW + timedelta(minutes=1))
    assert tell(now=NOW + timedelta(minutes=2)) == 0
    extend(later, latest=date(2025, 9, 4), now=NOW + timedelta(minutes=3))
    assert tell(now=NOW + timedelta(minutes=4)) == 1


def test_what_was_taken_off_before_it_was_told_is_not_told() -> None:
    reader = make_subscriber()
    follow(reader)
    pledge = make_pledge()
    extend(pledge)
    record.unpublish(pledge=pledge, reason="A mix-up.", actor=make_reviewer(), now=NOW)
    assert tell(now=NOW) == 0


def test_a_subject_that_is_corrected_has_no_followers_of_its_own() -> None:
    make_source(actor=make_reviewer())
    assert Untold.objects.count() == 0


class TestDigests:
    def test_daily_and_weekly_readers_get_one_digest_each_at_its_hour(self) -> None:
        daily, weekly, both = make_subscriber(), make_subscriber(), make_subscriber()
        follow(daily, cadence=Cadence.DAILY)
        follow(weekly, cadence=Cadence.WEEKLY)
        follow(both, cadence=Cadence.WEEKLY)
        follow(both, "action:report", cadence=Cadence.DAILY)
        for _ in range(2):
            extend(make_pledge())
        tell(now=NOW)
        due = dict(Alert.objects.filter(kind="digest").values_list("subscriber", "claimable_at"))
        assert due == {daily.pk: next_daily(NOW), weekly.pk: next_weekly(NOW), both.pk: next_daily(NOW)}
        for reader in (daily, weekly, both):
            assert told(reader) == [("moved", "folded"), ("moved", "folded")]

    def test_what_comes_sooner_makes_the_digest_come_sooner(self) -> None:
        reader = make_subscriber()
        pledge = make_pledge()
        follow(reader, "all", cadence=Cadence.WEEKLY)
        extend(pledge)
        tell(now=NOW)
        follow(reader, f"pledge:{pledge.pk}", cadence=Cadence.DAILY)
        extend(pledge, latest=date(2025, 9, 4))
        tell(now=NOW)
        assert Alert.objects.get(kind="digest").claimable_at == next_daily(NOW)

    def test_one_subscription_at_once_is_enough(self) -> None:
        reader = make_subscriber()
        follow(reader, cadence=Cadence.DAILY)
        follow(reader, "action:report", cadence=Cadence.AT_ONCE)
        extend(make_pledge())
        tell(now=NOW)
        assert told(reader) == [("moved", "queued")]
        assert not Alert.objects.filter(kind="digest").exists()

    def test_a_backlog_goes_into_one_digest_even_for_those_told_at_once(self, settings: Any) -> None:
        settings.TRACKER_BACKLOG_MINUTES = 60
        reader = make_subscriber()
        follow(reader)
        for _ in range(3):
            make_pledge(now=LATE_RECORDING)
        flag(now=LATE_RECORDING)
        assert tell(now=LATE_RECORDING) == 3
        digest = Alert.objects.get(kind="digest")
        assert digest.claimable_at == LATE_RECORDING + timedelta(minutes=60)
        assert digest.members.count() == 3
        assert told(reader) == [("overdue", "folded")] * 3

    def test_a_digest_that_was_tried_takes_no_more_members(self) -> None:
        reader = make_subscriber()
        follow(reader, cadence=Cadence.DAILY)
        extend(make_pledge())
        tell(now=NOW)
        Alert.objects.filter(kind="digest").update(first_tried_at=NOW)
        extend(make_pledge())
        tell(now=NOW)
        assert [each.members.count() for each in Alert.objects.filter(kind="digest")] == [1, 1]


@pytest.mark.parametrize(
    ("now", "daily", "weekly"),
    [
        # A Monday, the instant before the hour, the hour, and after it.
        ("2025-05-05T07:59:59", "2025-05-05T08:00", "2025-05-05T08:00"),
        ("2025-05-05T08:00:00", "2025-05-06T08:00", "2025-05-12T08:00"),
        ("2025-05-05T08:00:01", "2025-05-06T08:00", "2025-05-12T08:00"),
        ("2025-05-11T23:59:59", "2025-05-12T08:00", "2025-05-12T08:00"),
        ("2025-12-31T09:00:00", "2026-01-01T08:00", "2026-01-05T08:00"),
        ("2024-02-28T09:00:00", "2024-02-29T08:00", "2024-03-04T08:00"),
    ],
)
def test_when_the_digests_go_out(now: str, daily: str, weekly: str, settings: Any) -> None:
    settings.TRACKER_DIGEST_HOUR = 8
    instant = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_daily(instant) == datetime.fromisoformat(daily).replace(tzinfo=UTC)
    assert next_weekly(instant) == datetime.fromisoformat(weekly).replace(tzinfo=UTC)


def test_the_hour_is_utc_whatever_zone_the_instant_comes_in(settings: Any) -> None:
    settings.TRACKER_DIGEST_HOUR = 8
    in_damascus = datetime.fromisoformat("2025-05-05T10:59:59+03:00")
    assert next_daily(in_damascus) == datetime(2025, 5, 5, 8, tzinfo=UTC)


def test_every_other_kind_of_event_is_no_news() -> None:
    pledge = make_pledge()
    assert {event.kind: topic(event) for event in Event.objects.filter(pledge=pledge)} == {
        "recorded": None,
        "deadline_set": None,
        "published": None,
    }
    assert pledge.published_at == NOON_4_APRIL
