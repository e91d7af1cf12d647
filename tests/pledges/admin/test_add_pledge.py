"""Recording a pledge with its first deadline, on one page."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pledges.models import Body, Case, Pledge, Source
from tests.support.records import make_body, make_case, make_source

from .conftest import signed_in
from .support import ADD, kinds, pledge_input

Parts = tuple[Body, Case, Source]


@pytest.fixture
def parts(researcher: User) -> Parts:
    return (
        make_body(actor=researcher),
        make_case(actor=researcher),
        make_source(actor=researcher),
    )


def test_a_pledge_is_recorded_with_its_deadline(desk: Client, researcher: User, parts: Parts) -> None:
    response = desk.post(ADD, pledge_input(*parts, assignee=researcher.pk))
    pledge = Pledge.objects.get()
    assert response.status_code == 302
    assert pledge.reference == "SY-2025-0001"
    assert pledge.quote == "سننشر تقريراً مفصلاً خلال شهر"
    assert pledge.assignee == pledge.created_by == researcher
    assert pledge.current_deadline is not None
    assert pledge.current_deadline.latest == date(2025, 5, 4)
    assert pledge.current_deadline.phrase == "within one month"
    assert pledge.lapses_at is not None
    assert pledge.lapses_at.isoformat() == "2025-05-04T21:00:00+00:00"
    assert kinds(pledge) == ["recorded", "deadline_set"]


def test_the_author_is_the_assignee_unless_somebody_else_is_chosen(desk: Client, researcher: User) -> None:
    form = desk.get(ADD).context["adminform"].form
    assert form.get_initial_for_field(form.fields["assignee"], "assignee") == researcher.pk


def test_the_first_body_chosen_gives_country_and_zone(desk: Client, researcher: User, parts: Parts) -> None:
    second, case, source = parts
    first = make_body(actor=researcher, name="Zimbabwe Commission", country="ZW", time_zone="Africa/Harare")
    desk.post(ADD, pledge_input(second, case, source, bodies=[first.pk, second.pk]))
    pledge = Pledge.objects.get()
    assert (pledge.reference, pledge.time_zone) == ("ZW-2025-0001", "Africa/Harare")


def test_the_deadline_may_have_a_source_of_its_own(desk: Client, researcher: User, parts: Parts) -> None:
    decree = make_source(actor=researcher, title="Decree")
    typed = pledge_input(*parts, deadline_source=decree.pk, deadline_locator="article 5")
    desk.post(ADD, typed)
    deadline = Pledge.objects.get().current_deadline
    assert deadline is not None
    assert (deadline.source, deadline.source_locator) == (decree, "article 5")


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"title": ""}, "title", "This field is required."),
        ({"bodies": []}, "bodies", "This field is required."),
        ({"made_on": "2025-13-45"}, "made_on", "Enter a valid date."),
        ({"made_on": "2025-04-21"}, "made_on", "can’t have been made in the future"),
        ({"action": "dance"}, "action", "Select a valid choice"),
        ({"source": "999"}, "source", "Select a valid choice"),
        ({"latest": ""}, "latest", "Give the due date, or say why there is none."),
        ({"no_date_reason": "vague"}, "no_date_reason", "There is a due date"),
        ({"earliest": "2025-06-01"}, "earliest", "after the due date"),
        ({"title": "x" * 201}, "title", "at most 200 characters"),
    ],
)
def test_bad_input_names_the_field_and_keeps_what_was_typed(
    desk: Client, parts: Parts, changed: dict[str, object], field: str, says: str
) -> None:
    typed = pledge_input(*parts, phrase="", note="a note that must not be lost") | changed
    response = desk.post(ADD, typed)
    form = response.context["adminform"].form
    assert response.status_code == 200
    assert says.replace("’", "'") in " ".join(form.errors[field]).replace("’", "'")
    assert form["quote"].value() == typed["quote"]
    assert "a note that must not be lost" in response.content.decode()
    assert not Pledge.objects.exists()


def test_everything_wrong_is_said_at_once(desk: Client, parts: Parts) -> None:
    typed = pledge_input(*parts, title="", latest="", phrase="", action="")
    errors = desk.post(ADD, typed).context["adminform"].form.errors
    assert {"title", "latest", "action"} <= set(errors)


def test_a_pledge_without_a_date_keeps_its_words(desk: Client, parts: Parts) -> None:
    typed = pledge_input(*parts, phrase="soon", latest="", no_date_reason="vague")
    desk.post(ADD, typed)
    deadline = Pledge.objects.get().current_deadline
    assert deadline is not None
    assert (deadline.phrase, deadline.latest, deadline.no_date_reason) == ("soon", None, "vague")


def test_the_next_pledge_of_the_same_statement_starts_filled_in(desk: Client, parts: Parts) -> None:
    body, case, source = parts
    response = desk.post(ADD, pledge_input(*parts) | {"_addanother": "1"}, follow=True)
    initial = response.context["adminform"].form.initial
    assert (initial["case"], initial["source"]) == (str(case.pk), str(source.pk))
    assert initial["bodies"] == [str(body.pk)]
    assert initial["made_on"] == "2025-04-04"
    assert "title" not in initial


def test_a_superuser_writes_through_the_same_verbs(superuser: User, at: object, parts: Parts) -> None:
    signed_in(superuser).post(ADD, pledge_input(*parts))
    assert kinds(Pledge.objects.get()) == ["recorded", "deadline_set"]


def test_nobody_gets_in_without_signing_in(client: Client, parts: Parts) -> None:
    response = client.post(ADD, pledge_input(*parts))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")
    assert not Pledge.objects.exists()
