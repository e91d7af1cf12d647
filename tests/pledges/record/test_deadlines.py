"""The deadline ledger: never overwritten, and the date in force follows it."""

from datetime import UTC, date, datetime
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from pledges import record
from pledges.models import Deadline, Event, Pledge
from pledges.models.choices import DeadlineKind, EventKind, NoDateReason
from tests.support.records import make_draft, make_pledge, make_source, make_user

pytestmark = pytest.mark.django_db

TENTH = datetime(2025, 4, 10, 9, 0, tzinfo=UTC)


def move(pledge: Pledge, kind: DeadlineKind, latest: date | None, now: datetime = TENTH) -> Deadline:
    user = make_user()
    return record.move_deadline(
        pledge=pledge,
        kind=kind,
        terms=record.DeadlineTerms(
            phrase="three months",
            latest=latest,
            no_date_reason="" if latest else "event_tied",
            reason="As the decree says.",
        ),
        source=make_source(actor=user),
        announced_on=date(2025, 4, 10),
        actor=user,
        now=now,
    )


def test_an_extension_is_a_new_row_and_re_arms_the_watch() -> None:
    pledge = make_pledge(latest=date(2025, 4, 8))
    record.flag_overdue(now=TENTH, limit=10)
    extension = move(pledge, DeadlineKind.EXTENSION, date(2025, 7, 10))
    pledge.refresh_from_db()
    assert [row.latest for row in pledge.deadlines.all()] == [date(2025, 4, 8), date(2025, 7, 10)]
    assert pledge.current_deadline == extension
    assert pledge.lapses_at == datetime(2025, 7, 10, 21, 0, tzinfo=UTC)
    assert pledge.overdue_flagged_at is None
    moved = Event.objects.get(pledge=pledge, kind=EventKind.DEADLINE_MOVED)
    assert moved.payload["previous_latest"] == "2025-04-08"
    assert moved.payload["latest"] == "2025-07-10"
    assert moved.happened_on == date(2025, 4, 10)
    # that the first date was missed stays in the log
    assert Event.objects.filter(pledge=pledge, kind=EventKind.BECAME_OVERDUE).count() == 1


@pytest.mark.parametrize(
    ("kind", "latest", "is_allowed"),
    [
        (DeadlineKind.EXTENSION, date(2025, 4, 7), False),
        (DeadlineKind.EXTENSION, date(2025, 4, 8), False),
        (DeadlineKind.EXTENSION, date(2025, 4, 9), True),
        (DeadlineKind.SHORTENING, date(2025, 4, 7), True),
        (DeadlineKind.SHORTENING, date(2025, 4, 8), False),
        (DeadlineKind.SHORTENING, date(2025, 4, 9), False),
        (DeadlineKind.CORRECTION, date(2025, 4, 7), True),
        (DeadlineKind.CORRECTION, date(2025, 4, 9), True),
        (DeadlineKind.CORRECTION, None, True),
        (DeadlineKind.ORIGINAL, date(2025, 4, 9), False),
    ],
)
def test_the_new_date_must_fit_its_kind(kind: DeadlineKind, latest: date | None, *, is_allowed: bool) -> None:
    pledge = make_pledge(latest=date(2025, 4, 8))
    if is_allowed:
        move(pledge, kind, latest)
    else:
        with pytest.raises(ValidationError):
            move(pledge, kind, latest)
    pledge.refresh_from_db()
    assert pledge.deadlines.count() == (2 if is_allowed else 1)
    assert pledge.current_deadline is not None
    assert pledge.current_deadline.latest == (latest if is_allowed else date(2025, 4, 8))


def test_a_trigger_starts_the_clock_of_an_undated_pledge() -> None:
    pledge = make_pledge(latest=None, phrase="30 days after the committee forms")
    assert pledge.lapses_at is None
    move(pledge, DeadlineKind.TRIGGER, date(2025, 5, 10))
    pledge.refresh_from_db()
    assert pledge.lapses_at == datetime(2025, 5, 10, 21, 0, tzinfo=UTC)


def test_the_pledge_always_follows_the_last_row() -> None:
    pledge = make_pledge(latest=None)
    moves = (
        (DeadlineKind.TRIGGER, date(2025, 4, 20)),
        (DeadlineKind.EXTENSION, date(2025, 7, 10)),
        (DeadlineKind.SHORTENING, date(2025, 6, 1)),
        (DeadlineKind.CORRECTION, None),
        (DeadlineKind.CORRECTION, date(2025, 6, 2)),
    )
    for position, move_of in enumerate((None, *moves), start=1):
        if move_of:
            move(pledge, *move_of)
        pledge.refresh_from_db()
        last = pledge.deadlines.order_by("-position").first()
        assert last is not None
        assert (last.position, pledge.current_deadline_id) == (position, last.pk)
        in_force = (last.latest, last.lapses_at, last.no_date_reason)
        assert (pledge.due_on, pledge.lapses_at, pledge.undated_reason) == in_force


@pytest.mark.parametrize(
    "wrong", [{"due_on": None}, {"lapses_at": None}, {"undated_reason": NoDateReason.VAGUE}]
)
def test_the_database_refuses_half_a_date(wrong: dict[str, Any]) -> None:
    pledge = make_pledge(latest=date(2025, 4, 8))
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.filter(pk=pledge.pk).update(**wrong)


def test_the_migration_copies_what_the_deadline_in_force_says() -> None:
    """Its own deadline goes with each pledge. (No date at all beside a lapse, the database would refuse.)"""
    dated, waiting = make_pledge(latest=date(2025, 4, 8)), make_pledge(latest=None)
    move(dated, DeadlineKind.EXTENSION, date(2025, 7, 10))
    Pledge.objects.filter(pk=dated.pk).update(due_on=date(2000, 1, 1))
    Pledge.objects.filter(pk=waiting.pk).update(undated_reason="")
    import_module("pledges.migrations.0013_due_days").fill(apps, SimpleNamespace(connection=connection))
    found = Pledge.objects.order_by("pk").values_list("pk", "due_on", "undated_reason")
    assert list(found) == [(dated.pk, date(2025, 7, 10), ""), (waiting.pk, None, "vague")]


# Noon in Damascus on 10 April; a day later the 11th has come there.
@pytest.mark.parametrize(
    ("latest", "announced_on", "now", "refused"),
    [
        (date(2025, 7, 10), date(2025, 4, 4), TENTH, set()),
        (date(2025, 7, 10), date(2025, 4, 3), TENTH, {"announced_on"}),
        (date(2025, 7, 10), date(2025, 4, 10), TENTH, set()),
        (date(2025, 7, 10), date(2025, 4, 11), TENTH, {"announced_on"}),
        # 11 April begins in Damascus three hours before it does in Greenwich.
        (
            date(2025, 7, 10),
            date(2025, 4, 11),
            datetime(2025, 4, 10, 20, 59, 59, tzinfo=UTC),
            {"announced_on"},
        ),
        (date(2025, 7, 10), date(2025, 4, 11), datetime(2025, 4, 10, 21, 0, tzinfo=UTC), set()),
        (date(2025, 4, 4), date(2025, 4, 10), TENTH, set()),
        (date(2025, 4, 3), date(2025, 4, 10), TENTH, {"latest"}),
        (date(2025, 4, 3), date(2025, 4, 3), TENTH, {"latest", "announced_on"}),
        (None, date(2025, 4, 10), TENTH, set()),
    ],
)
def test_days_that_can_not_be_are_refused(
    latest: date | None, announced_on: date, now: datetime, refused: set[str]
) -> None:
    pledge = make_pledge()
    user = make_user()
    call: dict[str, Any] = {
        "pledge": pledge,
        "kind": DeadlineKind.CORRECTION,
        "terms": record.DeadlineTerms(
            latest=latest, no_date_reason="" if latest else "not_stated", reason="Misread."
        ),
        "source": make_source(actor=user),
        "announced_on": announced_on,
        "actor": user,
        "now": now,
    }
    if refused:
        with pytest.raises(ValidationError) as caught:
            record.move_deadline(**call)
        assert set(caught.value.message_dict) == refused
    else:
        record.move_deadline(**call)
    assert pledge.deadlines.count() == (1 if refused else 2)


@pytest.mark.parametrize(("is_public", "reason", "is_allowed"), [(1, " ", 0), (1, "Misread.", 1), (0, "", 1)])
def test_correcting_a_date_that_readers_saw_needs_a_reason(
    *, is_public: int, reason: str, is_allowed: int
) -> None:
    pledge = make_pledge() if is_public else make_draft()
    call: dict[str, Any] = {
        "pledge": pledge,
        "kind": DeadlineKind.CORRECTION,
        "terms": record.DeadlineTerms(latest=date(2025, 5, 5), reason=reason),
        "source": pledge.source,
        "announced_on": date(2025, 4, 10),
        "actor": pledge.created_by,
        "now": TENTH,
    }
    if is_allowed:
        record.move_deadline(**call)
    else:
        with pytest.raises(ValidationError) as caught:
            record.move_deadline(**call)
        assert set(caught.value.message_dict) == {"reason"}
    assert pledge.deadlines.count() == 1 + is_allowed
