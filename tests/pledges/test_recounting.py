"""A newer table of holidays proposes another date, and moves none."""

import json
from dataclasses import replace
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from pledges import record
from pledges.deadlines.calendars import Calendar, country_calendar
from pledges.models import Event, Pledge
from pledges.models.choices import DeadlineKind
from pledges.record import deadlines
from tests.support.records import make_pledge, make_reviewer, make_source, make_user

pytestmark = pytest.mark.django_db
PHRASE = "within 5 working days"  # of Friday 4 April 2025 in Syria: Thursday 10 April


def counted(**fields: Any) -> Pledge:
    terms = record.DeadlineTerms(phrase=PHRASE, latest=date(2025, 4, 10))
    return make_pledge(deadline=terms, **fields)


@pytest.fixture
def newer_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """In which Tuesday 8 April 2025 is a holiday."""
    present = country_calendar("SY")

    def is_holiday(day: date) -> bool:
        return day == date(2025, 4, 8) or present.is_holiday(day)

    table: Calendar = replace(present, version="table of this test", is_holiday=is_holiday)
    monkeypatch.setattr(deadlines, "country_calendar", lambda _code: table)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("recount_deadlines", *arguments, stdout=out)
    return out.getvalue()


def test_the_row_keeps_by_which_table_it_was_counted() -> None:
    row = counted().current_deadline
    assert row is not None
    assert (row.rule_id, row.country) == ("working-days", "SY")
    assert row.calendar_version == country_calendar("SY").version


def test_the_same_table_proposes_nothing() -> None:
    counted()
    assert run() == "0 dates would move; none was changed\n"


@pytest.mark.usefixtures("newer_table")
def test_a_newer_table_proposes_and_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(deadlines, "country_calendar", country_calendar)
        pledge = counted()
        other = make_pledge()
    before = Event.objects.count()
    [line] = run("--json").splitlines()
    found = json.loads(line)
    assert (found["reference"], found["stored"], found["recounted"]) == (
        pledge.reference,
        "2025-04-10",
        "2025-04-13",
    )
    assert found["calendar_version"] == "table of this test"
    assert "13 April 2025" in found["explanation"]
    assert other.reference not in run()
    pledge.refresh_from_db()
    assert pledge.current_deadline is not None
    assert (pledge.current_deadline.latest, Event.objects.count()) == (date(2025, 4, 10), before)


@pytest.mark.usefixtures("newer_table")
def test_a_person_is_asked_and_a_correction_settles_it(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(deadlines, "country_calendar", country_calendar)
        pledge = counted()
    reviewer = make_reviewer()
    client.force_login(reviewer)
    index = client.get("/admin/").content.decode()
    assert "Holidays have changed" in index
    assert f"/correct_deadline/?pk={pledge.pk}" in index
    user = make_user()
    record.move_deadline(
        pledge=pledge,
        kind=DeadlineKind.CORRECTION,
        terms=record.DeadlineTerms(
            phrase=PHRASE,
            anchor_on=date(2025, 4, 4),
            latest=date(2025, 4, 13),
            reason="A feast.",
        ),
        source=make_source(actor=user),
        announced_on=date(2025, 4, 4),
        actor=user,
        now=pledge.created_at,
    )
    assert run() == "0 dates would move; none was changed\n"
    assert "Holidays have changed" not in client.get("/admin/").content.decode()
