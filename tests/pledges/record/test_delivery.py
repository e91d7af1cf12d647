"""Evidence and judgement."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from pledges import record
from pledges.ledger.verifying import verify
from pledges.models import Event, Pledge, Update
from pledges.models.choices import EventKind, Status
from tests.support import records
from tests.support.records import make_pledge, make_source, make_user

pytestmark = pytest.mark.django_db

EVENING = datetime(2025, 7, 22, 18, 0, tzinfo=UTC)


def add_update(pledge: Pledge, **changes: Any) -> Update:
    user = make_user()
    fields: dict[str, Any] = {
        "kind": "progress",
        "happened_on": date(2025, 7, 22),
        "text": "Findings presented.",
        "sources": [make_source(actor=user)],
    }
    return record.add_update(pledge=pledge, actor=user, now=EVENING, **(fields | changes))


def assess(pledge: Pledge, status: str, **changes: Any) -> None:
    user = make_user()
    fields: dict[str, Any] = {
        "effective_on": date(2025, 7, 22),
        "reason": "The commission presented its findings.",
        "sources": [make_source(actor=user)],
    }
    records.judge(pledge=pledge, status=status, actor=user, now=EVENING, **(fields | changes))
    pledge.refresh_from_db()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sources": []}, "sources"),
        ({"happened_on": date(2025, 7, 23)}, "happened_on"),
        ({"text": ""}, "text"),
        ({"kind": "rumour"}, "kind"),
    ],
)
def test_a_fact_needs_a_source_a_day_and_words(changes: dict[str, Any], field: str) -> None:
    pledge = make_pledge()
    with pytest.raises(ValidationError) as caught:
        add_update(pledge, **changes)
    assert field in caught.value.message_dict
    assert not pledge.updates.exists()


def test_an_update_is_one_public_event() -> None:
    pledge = make_pledge()
    update = add_update(pledge)
    event = Event.objects.published().get(kind=EventKind.UPDATE_ADDED)
    assert event.payload["text"] == "Findings presented."
    assert event.payload["update"] == update.pk
    assert event.happened_on == date(2025, 7, 22)
    assert event.recorded_at == EVENING


def test_fulfilment_stops_the_clock_on_its_day() -> None:
    pledge = make_pledge()
    assess(pledge, Status.FULFILLED)
    assert (pledge.status, pledge.met_on) == (Status.FULFILLED, date(2025, 7, 22))
    assert not Pledge.objects.open().exists()
    assert record.flag_overdue(now=EVENING, limit=10).count == 0


@pytest.mark.parametrize(
    ("status", "is_watched"),
    [
        (Status.NO_EVIDENCE, True),
        (Status.IN_PROGRESS, True),
        (Status.PARTLY_FULFILLED, True),
        (Status.FULFILLED, False),
        (Status.REFUSED, False),
        (Status.WITHDRAWN, False),
        (Status.UNVERIFIABLE, False),
    ],
)
def test_only_open_pledges_are_watched(status: Status, *, is_watched: bool) -> None:
    pledge = make_pledge()
    assess(pledge, status)
    assert pledge.is_open is is_watched
    assert record.flag_overdue(now=EVENING, limit=10).count == int(is_watched)


def test_a_later_judgement_supersedes_and_none_is_lost() -> None:
    pledge = make_pledge()
    assess(pledge, Status.FULFILLED)
    assess(pledge, Status.PARTLY_FULFILLED)
    assert (pledge.status, pledge.met_on) == (Status.PARTLY_FULFILLED, None)
    assert [row.status for row in pledge.assessments.all()] == ["fulfilled", "partly_fulfilled"]
    assert record.flag_overdue(now=EVENING, limit=10).count == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"effective_on": date(2025, 7, 23)}, "effective_on"),
        ({"effective_on": date(2025, 4, 3)}, "effective_on"),
        ({"reason": " "}, "reason"),
        ({"sources": []}, "sources"),
    ],
)
def test_a_judgement_needs_evidence_and_a_reason(changes: dict[str, Any], field: str) -> None:
    pledge = make_pledge()
    with pytest.raises(ValidationError) as caught:
        assess(pledge, Status.FULFILLED, **changes)
    assert field in caught.value.message_dict
    pledge.refresh_from_db()
    assert pledge.status == Status.NO_EVIDENCE


def test_an_update_of_another_pledge_is_no_evidence() -> None:
    update = add_update(make_pledge())
    with pytest.raises(ValidationError):
        assess(make_pledge(), Status.FULFILLED, updates=[update], sources=[])


@pytest.mark.parametrize(
    ("checked_on", "expected"),
    [(None, date(2025, 7, 22)), (date(2025, 7, 21), None), (date(2025, 7, 22), date(2025, 7, 22))],
)
def test_a_check_is_dated_by_the_day_on_which_somebody_looked(
    checked_on: date | None, expected: date | None
) -> None:
    pledge = make_pledge()
    if expected is None:
        with pytest.raises(ValidationError):
            assess(pledge, Status.FULFILLED, checked_on=checked_on)
    else:
        assess(pledge, Status.FULFILLED, checked_on=checked_on)
    pledge.refresh_from_db()
    assert pledge.checked_on == expected


def test_an_earlier_check_is_shown_as_such_and_a_later_one_is_refused() -> None:
    pledge = make_pledge()
    earlier = {"effective_on": date(2025, 5, 1), "checked_on": date(2025, 6, 1)}
    assess(pledge, Status.IN_PROGRESS, **earlier)
    assert pledge.checked_on == date(2025, 6, 1)
    with pytest.raises(ValidationError):
        assess(pledge, Status.IN_PROGRESS, checked_on=date(2025, 7, 23))


def test_a_reply_names_the_body_and_keeps_its_words() -> None:
    pledge = make_pledge()
    body = pledge.bodies.get()
    reply = add_update(
        pledge,
        kind="reply",
        text="ننفي ذلك",
        language="ar",
        translation="We deny this.",
        by_body=body,
    )
    event = Event.objects.get(pledge=pledge, kind=EventKind.UPDATE_ADDED)
    assert (reply.by_body, event.payload["by_body"], event.payload["text"]) == (body, body.stream, "ننفي ذلك")
    answer = add_update(pledge, kind="note", text="The title was corrected.", answers=reply)
    assert list(reply.answered_by.all()) == [answer]
    assert verify().faults == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "reply"}, "by_body"),
        ({"kind": "note", "by_body": "own"}, "by_body"),
        ({"kind": "reply", "by_body": "other"}, "by_body"),
        ({"kind": "note", "answers": "other"}, "answers"),
    ],
)
def test_a_reply_is_of_a_responsible_body_and_an_answer_of_the_same_pledge(
    changes: dict[str, Any], field: str
) -> None:
    pledge, other = make_pledge(), make_pledge()
    meant = {
        ("by_body", "own"): pledge.bodies.get(),
        ("by_body", "other"): other.bodies.get(),
        ("answers", "other"): add_update(other, kind="dispute"),
    }
    with pytest.raises(ValidationError) as caught:
        add_update(pledge, **{name: meant.get((name, value), value) for name, value in changes.items()})
    assert set(caught.value.message_dict) == {field}
    assert not pledge.updates.exists()
