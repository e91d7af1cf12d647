"""What a person does to pledges: each verb is one page, one writer and one event."""

from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pledges import record
from pledges.models import Event, Pledge
from tests.support.records import make_draft, make_pledge, make_source, make_user

from .conftest import NOW, signed_in
from .support import change, kinds, messages_of, seen, verb


@pytest.fixture
def pledge(researcher: User) -> Pledge:
    """Published by somebody else, due on 4 May 2025."""
    return make_pledge(actor=researcher)


@pytest.fixture
def overdue(researcher: User) -> Pledge:
    pledge = make_pledge(actor=researcher, latest=date(2025, 4, 8), phrase="")
    record.flag_overdue(now=NOW, limit=10)
    pledge.refresh_from_db()
    assert pledge.overdue_flagged_at == NOW
    return pledge


def moved_to(latest: str, source: Any, **changes: str) -> dict[str, str]:
    return {
        "phrase": "",
        "phrase_language": "en",
        "latest": latest,
        "precision": "day",
        "announced_on": "2025-04-10",
        "announced_by": "The presidency",
        "source": str(source.pk),
        "reason": "The commission asked for more time.",
    } | changes


def test_extending_an_overdue_pledge_clears_the_flag(desk: Client, researcher: User, overdue: Pledge) -> None:
    before = kinds(overdue)
    source = make_source(actor=researcher)
    response = desk.post(verb("extend", overdue), seen(overdue) | moved_to("2025-07-10", source), follow=True)
    overdue.refresh_from_db()
    assert response.redirect_chain[-1][0] == change(overdue)
    assert f"The deadline of {overdue.reference} is extended." in messages_of(response)
    assert overdue.overdue_flagged_at is None
    assert overdue.current_deadline is not None
    assert overdue.current_deadline.latest == date(2025, 7, 10)
    assert overdue.current_deadline.announced_by == "The presidency"
    assert kinds(overdue) == [*before, "deadline_moved"]


def test_an_extension_to_an_earlier_date_is_refused_at_the_field(
    desk: Client, researcher: User, pledge: Pledge
) -> None:
    typed = moved_to("2025-05-01", make_source(actor=researcher))
    response = desk.post(verb("extend", pledge), seen(pledge) | typed)
    form = response.context["adminform"].form
    assert "must be later than the date in force" in " ".join(form.errors["latest"])
    assert form["reason"].value() == "The commission asked for more time."
    assert pledge.deadlines.count() == 1


@pytest.mark.parametrize(("kind", "latest"), [("shortening", "2025-05-01"), ("correction", "2025-05-14")])
def test_a_deadline_is_shortened_or_corrected(
    desk: Client, researcher: User, pledge: Pledge, kind: str, latest: str
) -> None:
    typed = moved_to(latest, make_source(actor=researcher), kind=kind)
    desk.post(verb("correct_deadline", pledge), seen(pledge) | typed)
    row = pledge.deadlines.get(position=2)
    assert (row.kind, str(row.latest)) == (kind, latest)


def test_an_update_is_added_with_its_source(desk: Client, researcher: User, pledge: Pledge) -> None:
    before = kinds(pledge)
    typed = {
        "kind": "progress",
        "happened_on": "2025-04-11",
        "happened_on_precision": "day",
        "text": "اجتمعت اللجنة",
        "language": "ar",
        "sources": [str(make_source(actor=researcher).pk)],
    }
    url = verb("add_update", pledge)
    desk.post(url, seen(pledge) | typed)
    update = pledge.updates.get()
    assert (update.text, update.recorded_by, update.sources.count()) == ("اجتمعت اللجنة", researcher, 1)
    assert kinds(pledge) == [*before, "update_added"]
    again = desk.post(url, seen(pledge) | typed)
    assert "recorded already" in " ".join(again.context["adminform"].form.non_field_errors())
    assert pledge.updates.count() == 1


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"sources": []}, "sources", "required"),
        ({"happened_on": "2025-04-21"}, "happened_on", "has not come yet"),
        ({"text": ""}, "text", "required"),
    ],
)
def test_a_wrong_update_names_the_field(
    desk: Client, researcher: User, pledge: Pledge, changed: dict[str, Any], field: str, says: str
) -> None:
    typed = {
        "kind": "note",
        "happened_on": "2025-04-11",
        "happened_on_precision": "day",
        "text": "words",
        "language": "en",
        "sources": [str(make_source(actor=researcher).pk)],
    }
    response = desk.post(verb("add_update", pledge), seen(pledge) | typed | changed)
    assert says in " ".join(response.context["adminform"].form.errors[field])
    assert not pledge.updates.exists()


def test_delivery_is_assessed_on_an_update(desk: Client, researcher: User, pledge: Pledge) -> None:
    update = record.add_update(
        pledge=pledge,
        kind="fulfilment",
        happened_on=date(2025, 4, 12),
        text="Handed in.",
        sources=[make_source(actor=researcher)],
        actor=researcher,
        now=NOW,
    )
    before = kinds(pledge)
    assert "Handed in." in desk.get(verb("assess", pledge)).content.decode()
    typed = {
        "status": "fulfilled",
        "effective_on": "2025-04-12",
        "reason": "It was handed in.",
        "updates": [str(update.pk)],
    }
    desk.post(verb("assess", pledge), seen(pledge) | typed)
    pledge.refresh_from_db()
    assert (pledge.status, pledge.met_on) == ("fulfilled", date(2025, 4, 12))
    assert list(pledge.assessments.get().updates.all()) == [update]
    assert kinds(pledge) == [*before, "assessed"]


def test_a_judgement_without_evidence_is_refused_at_the_field(desk: Client, pledge: Pledge) -> None:
    typed = {"status": "fulfilled", "effective_on": "2025-04-12", "reason": "We believe so."}
    response = desk.post(verb("assess", pledge), seen(pledge) | typed)
    assert "Name the update or source" in " ".join(response.context["adminform"].form.errors["sources"])
    assert "We believe so." in response.content.decode()
    assert not pledge.assessments.exists()


def test_an_update_of_another_pledge_is_no_evidence(desk: Client, researcher: User, pledge: Pledge) -> None:
    other = make_draft(actor=researcher)
    foreign = record.add_update(
        pledge=other,
        kind="note",
        happened_on=date(2025, 4, 12),
        text="x",
        sources=[make_source(actor=researcher)],
        actor=researcher,
        now=NOW,
    )
    typed = {"status": "fulfilled", "effective_on": "2025-04-12", "reason": "r", "updates": [foreign.pk]}
    desk.post(verb("assess", pledge), seen(pledge) | typed)
    assert not pledge.assessments.exists()


def test_a_stale_verb_is_refused_and_the_next_press_sees_the_present(
    desk: Client, researcher: User, reviewer: User, pledge: Pledge
) -> None:
    old = seen(pledge)
    record.assign(pledge=pledge, assignee=reviewer, actor=reviewer, now=NOW)
    typed = moved_to("2025-07-10", make_source(actor=researcher))
    response = desk.post(verb("extend", pledge), old | typed)
    assert "Someone changed this" in response.content.decode()
    assert pledge.deadlines.count() == 1
    page = response.content.decode()
    assert f'name="seen-{pledge.pk}" value="{seen(pledge)[f"seen-{pledge.pk}"]}"' in " ".join(page.split())
    desk.post(verb("extend", pledge), seen(pledge) | typed)
    assert pledge.deadlines.count() == 2


def test_assigning_and_taking_off_the_pages(review_desk: Client, reviewer: User, pledge: Pledge) -> None:
    before = kinds(pledge)
    review_desk.post(verb("assign", pledge), seen(pledge) | {"assignee": str(reviewer.pk)})
    refused = review_desk.post(verb("unpublish", pledge), seen(pledge) | {"reason": ""})
    assert refused.context["adminform"].form.errors["reason"]
    review_desk.post(verb("unpublish", pledge), seen(pledge) | {"reason": "A relative asked for it."})
    pledge.refresh_from_db()
    assert (pledge.assignee, pledge.publication) == (reviewer, "unpublished")
    assert kinds(pledge) == [*before, "assigned", "unpublished"]
    assert Event.objects.get(kind="unpublished").payload["reason"] == "A relative asked for it."


def test_a_clock_that_is_read_once_stamps_the_event(desk: Client, reviewer: User, pledge: Pledge) -> None:
    desk.post(verb("assign", pledge), seen(pledge) | {"assignee": str(reviewer.pk)})
    stamped: datetime = Event.objects.get(kind="assigned").recorded_at
    assert stamped == NOW


@pytest.mark.parametrize(
    ("name", "path"),
    [("nonsense", "/admin/pledges/pledge/do/nonsense/?pk=1")],
)
def test_an_unknown_verb_is_not_found(desk: Client, name: str, path: str) -> None:
    assert desk.get(path).status_code == 404


def test_without_a_pledge_the_list_says_so(desk: Client) -> None:
    response = desk.get("/admin/pledges/pledge/do/assign/?pk=999&pk=x", follow=True)
    assert "Choose at least one pledge." in messages_of(response)


def test_anonymous_people_are_sent_to_the_login(client: Client, pledge: Pledge) -> None:
    response = client.post(verb("assign", pledge), seen(pledge))
    assert response.headers["Location"].startswith("/admin/login/")


def test_staff_without_a_role_may_do_nothing(db: None, at: object, pledge: Pledge) -> None:
    stranger = make_user(username="stranger")
    stranger.groups.clear()
    assert signed_in(stranger).post(verb("assign", pledge), seen(pledge)).status_code == 403
    assert signed_in(stranger).get(change(pledge)).status_code == 403


def test_the_event_that_a_pledge_waits_for_starts_its_clock(desk: Client, researcher: User) -> None:
    terms = record.DeadlineTerms(
        phrase="within 10 days after the committee forms", no_date_reason="event_tied"
    )
    waiting, dated = make_pledge(actor=researcher, deadline=terms), make_pledge(actor=researcher)
    assert "Record the event it waits for" in desk.get(change(waiting)).content.decode()
    assert "Record the event it waits for" not in desk.get(change(dated)).content.decode()
    assert "after the committee forms" in desk.get(verb("trigger", waiting)).content.decode()
    typed = {
        "happened_on": "2025-04-10",
        "source": str(make_source(actor=researcher).pk),
        "source_locator": "",
        "reason": "The decree was published.",
    }
    wrong = desk.post(verb("trigger", waiting), seen(waiting) | typed | {"happened_on": "2025-04-21"})
    assert "has not come yet" in wrong.content.decode()
    desk.post(verb("trigger", waiting), seen(waiting) | typed)
    waiting.refresh_from_db()
    assert waiting.current_deadline is not None
    assert waiting.current_deadline.latest == date(2025, 4, 20)


def test_who_agreed_to_a_move_is_recorded_and_shown(desk: Client, researcher: User, pledge: Pledge) -> None:
    typed = moved_to("2025-07-10", make_source(actor=researcher), agreement="unilateral")
    desk.post(verb("extend", pledge), seen(pledge) | typed)
    assert pledge.deadlines.get(position=2).agreement == "unilateral"
    assert "Set by the body alone" in desk.get(f"/pledges/{pledge.reference}/").content.decode()
