"""Phrases that wait for an event, and what happens once it has happened."""

from datetime import date

import pytest

from pledges.deadlines.expressions import Relation, Span, Unit
from pledges.deadlines.resolving import resolve_triggered
from pledges.deadlines.windows import NoDate, NoDateReason, Note, Trigger, Window
from tests.pledges.deadlines.reading import CALENDAR, FRIDAY, no_date, read, window

pytestmark = pytest.mark.once

FORMED = date(2025, 6, 10)

TRIGGERS = [
    ("en", "before the election", Trigger("the election", Relation.BEFORE)),
    ("en", "by the next session", Trigger("the next session", Relation.BY)),
    ("en", "after the committee forms", Trigger("the committee forms", Relation.AFTER)),
    (
        "en",
        "30 days after the committee forms.",
        Trigger("the committee forms", Relation.AFTER, Span(30, Unit.DAY)),
    ),
    ("en", "30 days before the vote", Trigger("the vote", Relation.BEFORE, Span(30, Unit.DAY))),
    ("ar", "خلال شهرين من تشكيل اللجنة", Trigger("تشكيل اللجنة", Relation.AFTER, Span(2, Unit.MONTH))),
    ("fr", "avant l’élection", Trigger("l'élection", Relation.BEFORE)),
    (
        "es",
        "diez días hábiles después de la votación",
        Trigger("la votación", Relation.AFTER, Span(10, Unit.WORKING_DAY)),
    ),
]


@pytest.mark.parametrize(("language", "phrase", "trigger"), TRIGGERS)
def test_the_event_and_the_time_counted_from_it_are_kept(
    language: str, phrase: str, trigger: Trigger
) -> None:
    found = no_date(phrase, language)
    assert found.reason is NoDateReason.EVENT_TIED
    assert found.trigger == trigger
    assert found.explanation.detail == trigger.text


def triggered(phrase: str, language: str = "en") -> Window | NoDate:
    return resolve_triggered(phrase, language=language, anchor=FRIDAY, triggered_on=FORMED, calendar=CALENDAR)


@pytest.mark.parametrize(
    ("language", "phrase", "latest"),
    [
        ("en", "30 days after the committee forms", date(2025, 7, 10)),
        ("en", "within no more than three months from its formation", date(2025, 9, 10)),
        ("en", "before the election", date(2025, 6, 9)),
        ("en", "by the next session", FORMED),
        ("en", "at the end of this process", FORMED),
        ("en", "30 days before the election", date(2025, 5, 11)),
        ("ar", "خلال 30 يوما من تشكيل اللجنة", date(2025, 7, 10)),
        ("fr", "avant la fin de l'enquête", date(2025, 6, 9)),
        ("es", "treinta días después de la formación de la comisión", date(2025, 7, 10)),
    ],
)
def test_the_day_of_the_event_starts_the_clock(language: str, phrase: str, latest: date) -> None:
    found = triggered(phrase, language)
    assert isinstance(found, Window)
    assert found.latest == latest
    assert found.explanation.anchor == FORMED
    assert Note.STARTS_WITH_ANCHOR in found.explanation.notes


@pytest.mark.parametrize(("language", "phrase", "trigger"), TRIGGERS)
def test_a_triggered_phrase_reads_the_same_from_what_is_stored(
    language: str, phrase: str, trigger: Trigger
) -> None:
    found = triggered(phrase, language)
    parts = found.explanation
    assert read(parts.phrase, parts.language, parts.anchor, parts.anchor_label) == found


def test_an_event_without_a_length_of_time_gives_no_date_even_then() -> None:
    waiting = no_date("after the committee forms")
    assert waiting.trigger is not None
    assert not waiting.trigger.starts_clock
    found = triggered("after the committee forms")
    assert isinstance(found, NoDate)
    assert found.reason is NoDateReason.VAGUE


@pytest.mark.parametrize("phrase", ["within one month", "soon", "03/04/2025"])
def test_a_phrase_that_waits_for_nothing_is_read_as_ever(phrase: str) -> None:
    assert triggered(phrase) == read(phrase)


@pytest.mark.parametrize(
    ("phrase", "language", "label"),
    [
        ("within three months from its formation", "en", "formation of the committee"),
        ("within three months of the decree", "en", "Decree no. 3"),
        ("within three months of the formation of the committee", "en", "the committee's formation"),
        ("خلال ثلاثة أشهر من تاريخ تشكيلها", "ar", "تشكيل اللجنة"),
        ("dans les trois mois suivant sa formation", "fr", "formation de la commission"),
        ("dentro de los tres meses siguientes a su formación", "es", "formación de la comisión"),
    ],
)
def test_a_phrase_starts_with_the_anchor_that_its_label_names(phrase: str, language: str, label: str) -> None:
    assert window(phrase, language, FORMED, label).latest == date(2025, 9, 10)


@pytest.mark.parametrize(
    ("phrase", "label"),
    [
        ("within three months of the election", "formation of the committee"),
        ("within three months of the decree", "formation of the committee"),
        ("within three months of the decree on elections", ""),
        ("within three months of its formation", ""),
        ("within three months of its", "formation of the committee"),
    ],
)
def test_another_event_is_not_the_anchor(phrase: str, label: str) -> None:
    assert no_date(phrase, label=label).reason is NoDateReason.EVENT_TIED
