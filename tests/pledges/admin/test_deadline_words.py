"""The words about a deadline are read by the rules, shown, and confirmed by a person."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pledges.models import Deadline, Pledge
from tests.support.records import make_body, make_case, make_pledge, make_source

from .support import ADD, as_shown, pledge_input, seen, verb


@pytest.fixture
def typed(researcher: User, db: None) -> dict[str, Any]:
    """An add form with words about the time, and no date yet."""
    return pledge_input(
        make_body(actor=researcher),
        make_case(actor=researcher),
        make_source(actor=researcher),
        phrase="within one month",
        anchor_on="",
        anchor_label="",
        latest="",
    )


def test_words_without_a_date_come_back_with_the_date_and_its_explanation(
    desk: Client, typed: dict[str, Any]
) -> None:
    shown = desk.post(ADD, typed)
    form = shown.context["adminform"].form
    assert not Pledge.objects.exists()
    assert form["latest"].value() == "2025-05-04"
    assert form["anchor_on"].value() == "2025-04-04"
    [words] = form.errors["latest"]
    assert "4 May 2025, end of day in Damascus" in words
    assert "Check it and save again." in words


def test_saving_again_records_the_date_with_its_rule(desk: Client, typed: dict[str, Any]) -> None:
    desk.post(ADD, as_shown(desk.post(ADD, typed)))
    row = Deadline.objects.get()
    assert (row.phrase, row.latest) == ("within one month", date(2025, 5, 4))
    assert (row.rule_id, row.rule_version) == ("within-period", 1)
    assert row.anchor_on == date(2025, 4, 4)


@pytest.mark.parametrize("language", ["ar", ""])
def test_arabic_words_are_read_too(desk: Client, typed: dict[str, Any], language: str) -> None:
    shown = desk.post(ADD, typed | {"phrase": "خلال ٣٠ يوماً", "phrase_language": language})
    assert shown.context["adminform"].form["latest"].value() == "2025-05-04"


def test_a_window_keeps_both_ends(desk: Client, typed: dict[str, Any]) -> None:
    shown = desk.post(ADD, typed | {"phrase": "in 2027"})
    desk.post(ADD, as_shown(shown))
    row = Deadline.objects.get()
    assert (row.earliest, row.latest) == (date(2027, 1, 1), date(2027, 12, 31))
    assert row.precision == "year"


@pytest.mark.parametrize(
    ("phrase", "reason", "says"),
    [
        ("in the coming weeks", "vague", "names no date, and none is made up"),
        ("30 days after the committee forms", "event_tied", "waits for an event"),
        ("by 03/04/2026", "unreadable", "the other way round"),
    ],
)
def test_words_without_a_date_are_never_given_one(
    desk: Client, typed: dict[str, Any], phrase: str, reason: str, says: str
) -> None:
    shown = desk.post(ADD, typed | {"phrase": phrase})
    form = shown.context["adminform"].form
    assert says in " ".join(form.errors["no_date_reason"])
    desk.post(ADD, as_shown(shown))
    row = Deadline.objects.get()
    assert (row.latest, row.no_date_reason, row.phrase) == (None, reason, phrase)


def test_a_language_without_rules_asks_for_the_date(desk: Client, typed: dict[str, Any]) -> None:
    shown = desk.post(ADD, typed | {"phrase": "ndani ya mwezi mmoja", "phrase_language": "sw"})
    form = shown.context["adminform"].form
    assert "no rule reads these words" in " ".join(form.errors["latest"])
    assert form["latest"].value() == ""


def test_a_date_that_differs_from_the_words_is_asked_about_once(desk: Client, typed: dict[str, Any]) -> None:
    shown = desk.post(ADD, typed | {"latest": "2025-05-05"})
    form = shown.context["adminform"].form
    [words] = form.errors["latest"]
    assert "4 May 2025" in words
    assert "You wrote: 5 May 2025" in words
    assert form["latest"].value() == "2025-05-05"
    desk.post(ADD, as_shown(shown))
    row = Deadline.objects.get()
    assert (row.latest, row.rule_id, row.rule_version) == (date(2025, 5, 5), "", None)


def test_another_date_is_asked_about_again(desk: Client, typed: dict[str, Any]) -> None:
    shown = desk.post(ADD, typed | {"latest": "2025-05-05"})
    again = desk.post(ADD, as_shown(shown) | {"latest": "2025-05-06"})
    assert "You wrote: 6 May 2025" in " ".join(again.context["adminform"].form.errors["latest"])
    assert not Pledge.objects.exists()


def test_no_date_against_words_that_give_one_is_asked_about(desk: Client, typed: dict[str, Any]) -> None:
    shown = desk.post(ADD, typed | {"no_date_reason": "vague"})
    assert "You wrote: no date" in " ".join(shown.context["adminform"].form.errors["latest"])


def test_an_extension_counts_from_its_announcement(desk: Client, researcher: User) -> None:
    pledge = make_pledge(actor=researcher)
    url = verb("extend", pledge)
    typed = seen(pledge) | {
        "phrase": "three months",
        "phrase_language": "en",
        "announced_on": "2025-04-10",
        "source": str(make_source(actor=researcher).pk),
        "precision": "day",
    }
    shown = desk.post(url, typed)
    assert shown.context["adminform"].form["latest"].value() == "2025-07-10"
    assert pledge.deadlines.count() == 1
    assert desk.post(url, seen(pledge) | as_shown(shown)).status_code == 302
    pledge.refresh_from_db()
    assert pledge.current_deadline is not None
    assert pledge.current_deadline.latest == date(2025, 7, 10)
    assert pledge.current_deadline.rule_id == "within-period"


def test_without_the_day_the_words_are_not_called_unreadable(desk: Client, typed: dict[str, Any]) -> None:
    shown = desk.post(ADD, typed | {"made_on": "", "anchor_on": ""})
    form = shown.context["adminform"].form
    assert "made_on" in form.errors
    assert "before the day is known on which they were said" in " ".join(form.errors["latest"])
