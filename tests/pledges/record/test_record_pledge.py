"""Recording, amending, assigning: each verb validates, writes and appends one event."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from pledges import record
from pledges.models import Deadline, Event, Pledge
from pledges.models.choices import EventKind, NoDateReason
from tests.support.records import (
    NOON_4_APRIL,
    make_body,
    make_case,
    make_draft,
    make_pledge,
    make_reviewer,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db


def kinds(pledge: Pledge) -> list[str]:
    events = Event.objects.filter(stream=pledge.stream).order_by("position")
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    return [event.kind for event in events]


def test_a_recorded_pledge_is_a_draft_with_its_deadline_and_two_events() -> None:
    pledge = make_draft(latest=date(2025, 5, 4))
    assert not pledge.is_published
    assert pledge.reference == "SY-2025-0001"
    assert pledge.lapses_at == datetime(2025, 5, 4, 21, 0, tzinfo=UTC)
    deadline = pledge.current_deadline
    assert deadline is not None
    assert (deadline.position, deadline.kind, deadline.time_zone) == (1, "original", "Asia/Damascus")
    assert kinds(pledge) == ["recorded", "deadline_set"]
    recorded = Event.objects.get(pledge=pledge, kind="recorded")
    assert recorded.payload["quote"] == pledge.quote
    assert recorded.payload["bodies"] == [body.stream for body in pledge.bodies.all()]


def test_no_event_names_a_person_of_the_staff() -> None:
    user = make_user(username="leila", email="leila@ngo.example", first_name="Leila")
    pledge = make_draft(actor=user, assignee=user)
    record.assign(pledge=pledge, assignee=None, actor=user, now=NOON_4_APRIL)
    for event in Event.objects.all():
        assert "leila" not in str(event.payload).lower()


def test_a_vague_promise_keeps_its_phrase_and_gets_no_date() -> None:
    pledge = make_draft(latest=None, phrase="in the coming weeks")
    assert pledge.lapses_at is None
    assert pledge.current_deadline is not None
    assert pledge.current_deadline.phrase == "in the coming weeks"
    assert pledge.current_deadline.no_date_reason == NoDateReason.VAGUE


def test_references_count_per_country_and_year_and_are_never_reused() -> None:
    user = make_user()
    lebanese = make_body(actor=user, country="LB", time_zone="Asia/Beirut")
    assert make_draft().reference == "SY-2025-0001"
    assert make_draft().reference == "SY-2025-0002"
    assert make_draft(bodies=[lebanese]).reference == "LB-2025-0001"
    assert make_draft(made_on=date(2024, 12, 31)).reference == "SY-2024-0001"
    assert make_draft(reference="SY-2025-0040").reference == "SY-2025-0040"
    assert make_draft().reference == "SY-2025-0041"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"bodies": []}, "bodies"),
        ({"title": ""}, "title"),
        ({"quote": ""}, "quote"),
        ({"action": "promise"}, "action"),
        ({"quote_language": "xx"}, "quote_language"),
        ({"made_on": date(2025, 4, 5)}, "made_on"),
        ({"reference": "Syria 1"}, "reference"),
        ({"deadline": record.DeadlineTerms(phrase="soon")}, "latest"),
        (
            {"deadline": record.DeadlineTerms(latest=date(2025, 5, 4), no_date_reason="vague")},
            "no_date_reason",
        ),
        (
            {
                "deadline": record.DeadlineTerms(
                    earliest=date(2025, 6, 1), latest=date(2025, 5, 4), precision="month"
                )
            },
            "earliest",
        ),
    ],
)
def test_bad_input_names_the_field_and_saves_nothing(fields: dict[str, Any], field: str) -> None:
    user = make_user()
    make_body(actor=user)
    before = Event.objects.count()
    parts: dict[str, Any] = {
        "case": make_case(actor=user),
        "source": make_source(actor=user),
        "bodies": [make_body(actor=user)],
    }
    with pytest.raises(ValidationError) as caught:
        make_draft(actor=user, **(parts | fields))
    assert field in caught.value.message_dict
    assert not Pledge.objects.exists()
    assert not Deadline.objects.exists()
    assert Event.objects.count() == before + 3  # the three parts


def test_today_in_the_bodys_zone_is_not_the_future() -> None:
    """At 22:00 UTC it is already tomorrow in Damascus."""
    late_evening = datetime(2025, 4, 3, 22, 0, tzinfo=UTC)
    pledge = make_draft(now=late_evening, made_on=date(2025, 4, 4))
    assert pledge.made_on == date(2025, 4, 4)


def test_a_naive_clock_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        make_draft(actor=make_user(), now=datetime(2025, 4, 4, 12, 0))  # noqa: DTZ001 - the point


def test_changing_a_draft_is_an_amendment() -> None:
    user = make_user()
    pledge = make_draft(actor=user)
    record.amend_pledge(pledge=pledge, changes={"title": "Publish the report"}, actor=user, now=NOON_4_APRIL)
    event = Event.objects.get(pledge=pledge, kind=EventKind.AMENDED)
    assert event.payload["changes"] == {
        "title": {"before": "Release a detailed report", "after": "Publish the report"}
    }


def test_changing_a_published_pledge_is_a_public_correction_with_a_reason() -> None:
    pledge = make_pledge()
    user = make_user()
    change: dict[str, Any] = {"pledge": pledge, "changes": {"speaker": "Presidency"}, "actor": user}
    with pytest.raises(ValidationError) as caught:
        record.amend_pledge(**change, now=NOON_4_APRIL)
    assert "reason" in caught.value.message_dict
    pledge.refresh_from_db()
    assert pledge.speaker == "Government of Syria"
    record.amend_pledge(**change, reason="Misread the source.", now=NOON_4_APRIL)
    event = Event.objects.published().get(kind=EventKind.CORRECTED)
    assert event.payload["reason"] == "Misread the source."
    assert event.payload["changes"]["speaker"]["after"] == "Presidency"


def test_changing_the_bodies_is_recorded_with_before_and_after() -> None:
    user = make_user()
    pledge = make_draft(actor=user)
    other = make_body(actor=user)
    before = [body.stream for body in pledge.bodies.all()]
    record.amend_pledge(pledge=pledge, changes={"bodies": [other]}, actor=user, now=NOON_4_APRIL)
    event = Event.objects.get(pledge=pledge, kind=EventKind.AMENDED)
    assert event.payload["changes"]["bodies"] == {"before": before, "after": [other.stream]}
    with pytest.raises(ValidationError):
        record.amend_pledge(pledge=pledge, changes={"bodies": []}, actor=user, now=NOON_4_APRIL)
    assert list(pledge.bodies.all()) == [other]


def test_an_amendment_without_a_difference_writes_nothing() -> None:
    pledge = make_draft()
    same = {"title": pledge.title, "bodies": list(pledge.bodies.all())}
    record.amend_pledge(pledge=pledge, changes=same, actor=make_user(), now=NOON_4_APRIL)
    assert kinds(pledge) == ["recorded", "deadline_set"]


@pytest.mark.parametrize("field", ["reference", "time_zone", "status", "lapses_at", "publication"])
def test_what_is_fixed_can_not_be_amended(field: str) -> None:
    pledge = make_draft()
    changes = {"title": "New", field: "other"}
    with pytest.raises(ValidationError):
        record.amend_pledge(pledge=pledge, changes=changes, actor=make_user(), now=NOON_4_APRIL)
    pledge.refresh_from_db()
    assert pledge.title == "Release a detailed report"


def test_writing_over_an_unseen_change_is_refused() -> None:
    pledge = make_draft()
    seen = pledge.head_position
    user = make_user()
    record.amend_pledge(
        pledge=pledge, changes={"title": "First"}, actor=user, now=NOON_4_APRIL, seen_position=seen
    )
    with pytest.raises(ValidationError) as caught:
        record.amend_pledge(
            pledge=pledge,
            changes={"title": "Second"},
            actor=user,
            now=NOON_4_APRIL,
            seen_position=seen,
        )
    assert caught.value.code == "stale"
    pledge.refresh_from_db()
    assert pledge.title == "First"


def test_assigning_twice_is_one_event() -> None:
    pledge = make_draft()
    reviewer = make_reviewer()
    for _ in range(2):
        record.assign(pledge=pledge, assignee=reviewer, actor=reviewer, now=NOON_4_APRIL)
    assert kinds(pledge)[2:] == ["assigned"]


def test_correcting_a_body_moves_no_stored_date() -> None:
    user = make_user()
    body = make_body(actor=user)
    pledge = make_draft(actor=user, bodies=[body])
    lapses_at = pledge.lapses_at
    later = NOON_4_APRIL + timedelta(days=1)
    record.amend_subject(subject=body, changes={"time_zone": "UTC", "name": body.name}, actor=user, now=later)
    pledge.refresh_from_db()
    assert pledge.lapses_at == lapses_at
    event = Event.objects.get(stream=body.stream, kind=EventKind.CORRECTED)
    assert event.payload == {
        "changes": {"time_zone": {"before": "Asia/Damascus", "after": "UTC"}},
        "reason": "",
    }
    with pytest.raises(ValidationError):
        record.amend_subject(subject=body, changes={"slug": "other"}, actor=user, now=later)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"country": "Syria"}, "country"),
        ({"country": "XX"}, "country"),
        ({"time_zone": "Damascus"}, "time_zone"),
        ({"kind": "club"}, "kind"),
        ({"name": "وزارة العدل"}, "slug"),
    ],
)
def test_a_bad_body_is_refused_by_field(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make_body(actor=make_user(), **fields)
    assert field in caught.value.message_dict


def test_an_arabic_name_with_an_address_name_is_fine() -> None:
    body = make_body(actor=make_user(), name="وزارة العدل", slug="moj-sy")
    assert (str(body), body.stream) == ("وزارة العدل", "body:moj-sy")


def test_pledges_follow_each_other_in_no_circle() -> None:
    first = make_draft()
    second = make_draft(follows=first)
    third = make_draft(follows=second)
    for last in (first, second, third):
        with pytest.raises(ValidationError) as caught:
            record.amend_pledge(
                pledge=first, changes={"follows": last}, actor=first.created_by, now=NOON_4_APRIL
            )
        assert set(caught.value.message_dict) == {"follows"}
    first.refresh_from_db()
    assert first.follows is None
