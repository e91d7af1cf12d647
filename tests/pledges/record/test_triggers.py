"""A deadline that waits for an event: its clock starts with the event, and not before."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from pledges import record
from pledges.ledger.verifying import verify
from pledges.models import Event, Pledge
from pledges.models.choices import EventKind
from pledges.readings import derivation_sentence
from tests.support.records import make_body, make_pledge, make_source, make_user

pytestmark = pytest.mark.django_db

NOON = datetime(2025, 6, 10, 9, 0, tzinfo=UTC)
FORMED = date(2025, 6, 1)
PHRASE = "within 30 days after the committee forms"


def waiting(phrase: str = PHRASE, language: str = "en", **fields: Any) -> Pledge:
    terms = record.DeadlineTerms(phrase=phrase, phrase_language=language, no_date_reason="event_tied")
    return make_pledge(deadline=terms, **fields)


def trigger(pledge: Pledge, happened_on: date = FORMED, now: datetime = NOON) -> Any:
    user = make_user()
    return record.record_trigger(
        pledge=pledge,
        happened_on=happened_on,
        source=make_source(actor=user),
        reason="The decree that forms it was published.",
        actor=user,
        now=now,
    )


def test_until_the_event_nothing_is_late_and_from_it_the_clock_runs() -> None:
    pledge = waiting()
    assert record.flag_overdue(now=datetime(2030, 1, 1, tzinfo=UTC), limit=5).count == 0
    row = trigger(pledge)
    pledge.refresh_from_db()
    assert (row.kind, row.latest, row.anchor_on) == ("trigger", date(2025, 7, 1), FORMED)
    assert (row.rule_id, row.rule_version) == ("within-period", 1)
    lapse = datetime(2025, 7, 1, 21, 0, tzinfo=UTC)  # the end of 1 July in Damascus
    assert pledge.lapses_at == lapse
    assert record.flag_overdue(now=lapse - timedelta(microseconds=1), limit=5).count == 0
    assert record.flag_overdue(now=lapse, limit=5).count == 1
    assert record.flag_overdue(now=lapse, limit=5).count == 0
    assert [each.kind for each in pledge.deadlines.all()] == ["original", "trigger"]
    assert verify().faults == []


def test_the_sentence_names_the_event() -> None:
    sentence = derivation_sentence(trigger(waiting()))
    for words in ("the committee forms", "1 June 2025", PHRASE, "1 July 2025", "Damascus"):
        assert words in sentence


@pytest.mark.parametrize(
    ("phrase", "language", "latest"),
    [
        ("before the election", "en", date(2025, 5, 31)),
        ("within 90 days of the formation of the commission", "en", date(2025, 8, 30)),
        ("within 5 working days after the committee forms", "en", date(2025, 6, 10)),
        ("خلال ثلاثة أشهر من تاريخ تشكيل اللجنة", "ar", date(2025, 9, 1)),
        ("dans les trois mois suivant la formation de la commission", "fr", date(2025, 9, 1)),
        ("en un plazo de tres meses tras la formación de la comisión", "es", date(2025, 9, 1)),
    ],
)
def test_the_words_are_counted_from_the_event(phrase: str, language: str, latest: date) -> None:
    # 1 June 2025 was a Sunday; in Syria Friday and Saturday are the weekend, and 8 and 9 June were the feast.
    assert trigger(waiting(phrase, language)).latest == latest


@pytest.mark.parametrize(
    ("happened_on", "now", "field"),
    [
        (date(2025, 6, 10), NOON, None),
        (date(2025, 6, 11), NOON, "announced_on"),
        # The 11th begins in Damascus three hours before it does in Greenwich.
        (date(2025, 6, 11), datetime(2025, 6, 10, 20, 59, 59, tzinfo=UTC), "announced_on"),
        (date(2025, 6, 11), datetime(2025, 6, 10, 21, 0, tzinfo=UTC), None),
        (date(2025, 4, 4), NOON, None),
        (date(2025, 4, 3), NOON, "announced_on"),
    ],
)
def test_the_event_lies_between_the_pledge_and_today(
    happened_on: date, now: datetime, field: str | None
) -> None:
    pledge = waiting()
    if field is None:
        trigger(pledge, happened_on, now)
    else:
        with pytest.raises(ValidationError) as caught:
            trigger(pledge, happened_on, now)
        assert field in caught.value.message_dict
    assert pledge.deadlines.count() == (1 if field else 2)


def test_in_another_zone_the_day_ends_there() -> None:
    body = make_body(actor=make_user(), country="US", time_zone="America/New_York")
    # 30 days from 3 October lead over the end of summer time, on 2 November.
    pledge = waiting(bodies=[body])
    trigger(pledge, date(2025, 10, 3), datetime(2025, 10, 5, tzinfo=UTC))
    pledge.refresh_from_db()
    assert pledge.lapses_at == datetime(2025, 11, 3, 5, 0, tzinfo=UTC)


def test_an_event_is_recorded_once() -> None:
    pledge = waiting()
    trigger(pledge)
    pledge.refresh_from_db()
    with pytest.raises(ValidationError, match="waits for no event"):
        trigger(pledge)
    assert Event.objects.filter(pledge=pledge, kind=EventKind.DEADLINE_MOVED).count() == 1


@pytest.mark.parametrize(
    ("phrase", "language", "says"),
    [
        ("after the committee forms", "en", "gives no date"),
        ("ndani ya siku 30 baada ya tume kuundwa", "sw", "No rules read Swahili"),
    ],
)
def test_where_even_the_event_gives_no_date_this_is_said(phrase: str, language: str, says: str) -> None:
    pledge = waiting(phrase, language)
    with pytest.raises(ValidationError, match=says):
        trigger(pledge)
    assert pledge.deadlines.count() == 1


@pytest.mark.parametrize("fields", [{}, {"latest": None, "phrase": "soon"}])
def test_what_waits_for_nothing_has_no_trigger(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="waits for no event"):
        trigger(make_pledge(**fields))
