from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.support.records import make_user
from tracker.alerts import fan_out
from tracker.alerts.models import Alert, AlertKind, AlertState

from .events import NOW, overdue_events, overdue_pledge

pytestmark = pytest.mark.django_db
DESK = "desk@ngo.example"
SEND_AFTER = NOW + timedelta(minutes=60)


@pytest.fixture(autouse=True)
def staff(settings: Any) -> None:
    settings.TRACKER_STAFF_ALERTS = [DESK]


def addresses(**filters: Any) -> list[str]:
    return sorted(Alert.objects.filter(**filters).values_list("recipient", flat=True))


def queue(ids: list[int]) -> int:
    return fan_out.queue_overdue_alerts(ids, now=NOW)


def fold(ids: list[int]) -> int:
    return fan_out.queue_backlog_digest(ids, now=NOW, send_after=SEND_AFTER)


def test_the_assignee_and_the_staff_list_are_told() -> None:
    rana = make_user(email="rana@ngo.example")
    _, event = overdue_pledge(assignee=rana)
    assert queue([event.pk]) == 2
    assert addresses() == [DESK, "rana@ngo.example"]
    alert = Alert.objects.get(user=rana)
    assert (alert.event, alert.kind, alert.state) == (
        event,
        AlertKind.OVERDUE,
        AlertState.QUEUED,
    )
    assert (alert.claimable_at, alert.created_at, alert.attempts) == (NOW, NOW, 0)


def test_an_assignee_is_told_of_their_own_pledges_only() -> None:
    rana, omar = (
        make_user(email="rana@ngo.example"),
        make_user(email="omar@ngo.example"),
    )
    _, hers = overdue_pledge(assignee=rana)
    _, his = overdue_pledge(assignee=omar)
    queue([hers.pk, his.pk])
    assert addresses(event=hers) == [DESK, "rana@ngo.example"]
    assert addresses(event=his) == [DESK, "omar@ngo.example"]


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ({"email": "rana@ngo.example", "is_active": False}, [DESK]),
        ({"email": ""}, [DESK]),
        ({"email": "desk@NGO.example"}, [DESK]),
        ({"email": "Rana@NGO.Example"}, [DESK, "Rana@ngo.example"]),
        ({"email": '"a@b"@NGO.example'}, ['"a@b"@ngo.example', DESK]),
    ],
)
def test_who_counts_as_a_recipient(user: dict[str, Any], expected: list[str]) -> None:
    assignee = make_user(email="placeholder@ngo.example")
    _, event = overdue_pledge(assignee=assignee)
    type(assignee).objects.filter(pk=assignee.pk).update(**user)
    queue([event.pk])
    assert addresses() == sorted(expected)


def test_an_address_that_is_on_the_staff_list_twice_is_told_once(settings: Any) -> None:
    settings.TRACKER_STAFF_ALERTS = [DESK, "desk@NGO.example"]
    _, event = overdue_pledge()
    queue([event.pk])
    assert addresses() == [DESK]


def test_nobody_to_tell_is_said_in_the_log(settings: Any, caplog: Any) -> None:
    settings.TRACKER_STAFF_ALERTS = []
    _, event = overdue_pledge()
    assert queue([event.pk]) == 0
    assert "nobody to tell" in caplog.text


def test_an_absurdly_long_address_is_left_out_and_stops_no_other(settings: Any, caplog: Any) -> None:
    settings.TRACKER_STAFF_ALERTS = [f"{'x' * 320}@ngo.example", DESK]
    _, event = overdue_pledge()
    queue([event.pk])
    assert addresses() == [DESK]
    assert "too long" in caplog.text
    assert "xxx" not in caplog.text


def test_run_twice_tells_once() -> None:
    _, event = overdue_pledge(assignee=make_user())
    assert queue([event.pk]) == 2
    assert queue([event.pk]) == 0
    assert Alert.objects.count() == 2


def test_the_database_refuses_a_second_row_for_one_event_and_address() -> None:
    _, event = overdue_pledge()
    queue([event.pk])
    twin = Alert.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_no_events_no_statement() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert queue([]) == 0
        assert fold([]) == 0
    assert len(queries) == 0


@pytest.mark.parametrize(("call", "statements"), [(queue, 5), (fold, 6)])
def test_statements_do_not_grow_with_events(call: Any, statements: int) -> None:
    # The assignees, who they are and what they wish, the wishes of the desk; then what is queued.
    assignee = make_user()
    for ids in (overdue_events(1, assignee=assignee), overdue_events(50, assignee=assignee)):
        with CaptureQueriesContext(connection) as queries:
            call(ids)
        assert len(queries) == statements
    assert Alert.objects.filter(kind=AlertKind.OVERDUE).count() == 2 * 51


def test_a_backlog_is_one_digest_a_recipient() -> None:
    rana = make_user(email="rana@ngo.example")
    ids = overdue_events(3, assignee=rana)
    assert fold(ids) == 6
    digests = Alert.objects.filter(kind=AlertKind.DIGEST)
    assert sorted(d.recipient for d in digests) == [DESK, "rana@ngo.example"]
    for digest in digests:
        assert (digest.state, digest.claimable_at) == (AlertState.QUEUED, SEND_AFTER)
        assert sorted(digest.members.values_list("event_id", flat=True)) == ids
        assert {m.state for m in digest.members.all()} == {AlertState.FOLDED}


def test_a_queued_digest_grows_and_keeps_its_hour() -> None:
    fold(overdue_events(2))
    later = NOW + timedelta(minutes=5)
    fan_out.queue_backlog_digest(overdue_events(1), now=later, send_after=later + timedelta(minutes=60))
    digest = Alert.objects.get(kind=AlertKind.DIGEST)
    assert digest.members.count() == 3
    assert digest.claimable_at == SEND_AFTER


def test_folding_twice_makes_no_second_digest() -> None:
    ids = overdue_events(2)
    fold(ids)
    Alert.objects.filter(kind=AlertKind.DIGEST).update(state=AlertState.SENT, sent_at=NOW, first_tried_at=NOW)
    assert fold(ids) == 0
    assert Alert.objects.filter(kind=AlertKind.DIGEST).count() == 1


@pytest.mark.parametrize(
    "closed",
    [
        {"state": AlertState.QUEUED, "first_tried_at": NOW},
        {"state": AlertState.SENDING, "first_tried_at": NOW, "claim": "x"},
        {"state": AlertState.SENT, "first_tried_at": NOW, "sent_at": NOW},
        {"state": AlertState.FAILED, "first_tried_at": NOW},
    ],
)
def test_a_digest_that_was_tried_takes_no_more_members(closed: dict[str, Any]) -> None:
    fold(overdue_events(2))
    first = Alert.objects.get(kind=AlertKind.DIGEST)
    Alert.objects.filter(pk=first.pk).update(**closed)
    fold(overdue_events(1))
    second = Alert.objects.get(kind=AlertKind.DIGEST, first_tried_at=None)
    assert (first.members.count(), second.members.count()) == (2, 1)


def test_told_by_mail_means_not_again_by_digest() -> None:
    _, event = overdue_pledge()
    queue([event.pk])
    assert fold([event.pk]) == 0
    assert not Alert.objects.filter(kind=AlertKind.DIGEST).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"event": None},
        {"state": AlertState.FOLDED},
        {"state": AlertState.SENDING, "claim": ""},
        {"state": AlertState.QUEUED, "claim": "x"},
        {"state": AlertState.SENT, "sent_at": None},
        {"state": AlertState.QUEUED, "sent_at": NOW},
        {"state": AlertState.CANCELLED, "cancel_reason": ""},
        {"kind": AlertKind.DIGEST},
    ],
)
def test_the_database_refuses_rows_that_contradict_themselves(
    wrong: dict[str, Any],
) -> None:
    _, event = overdue_pledge()
    queue([event.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.update(**wrong)
