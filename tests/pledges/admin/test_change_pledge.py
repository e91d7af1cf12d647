"""Correcting what was recorded: fixed fields, reasons, and two people at once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pledges import record
from pledges.models import Event, Pledge
from tests.support.records import NOON_4_APRIL, make_body, make_draft, make_pledge, make_source

from .conftest import NOW, signed_in
from .support import change, kinds, open_form

LATER = NOON_4_APRIL + timedelta(days=1)


@pytest.fixture
def draft(researcher: User) -> Pledge:
    return make_draft(actor=researcher)


@pytest.fixture
def public(researcher: User) -> Pledge:
    return make_pledge(actor=researcher)


def test_a_draft_is_amended_with_one_event(desk: Client, draft: Pledge) -> None:
    response = desk.post(change(draft), open_form(desk, draft) | {"title": "A better title"})
    draft.refresh_from_db()
    assert response.status_code == 302
    assert draft.title == "A better title"
    assert kinds(draft) == ["recorded", "deadline_set", "amended"]
    event = Event.objects.get(kind="amended")
    assert event.payload["changes"] == {
        "title": {"before": "Release a detailed report", "after": "A better title"}
    }
    assert event.recorded_at == NOW


def test_saving_without_a_change_writes_nothing(desk: Client, public: Pledge) -> None:
    before = kinds(public)
    assert desk.post(change(public), open_form(desk, public)).status_code == 302
    assert kinds(public) == before


def test_line_ends_and_outer_blanks_are_no_change(desk: Client, researcher: User) -> None:
    pledge = make_pledge(actor=researcher, quote="first line\nsecond line\n")
    typed = open_form(desk, pledge) | {"quote": "first line\r\nsecond line\r\n"}
    assert desk.post(change(pledge), typed).status_code == 302
    assert kinds(pledge)[-1] == "published"


def test_a_published_pledge_needs_a_reason_and_keeps_what_was_typed(desk: Client, public: Pledge) -> None:
    typed = open_form(desk, public) | {"title": "Typed and not lost"}
    response = desk.post(change(public), typed)
    form = response.context["adminform"].form
    assert "say why it is corrected" in " ".join(form.errors["reason"])
    assert form["title"].value() == "Typed and not lost"
    public.refresh_from_db()
    assert public.title == "Release a detailed report"
    desk.post(change(public), typed | {"reason": "A misprint of ours."})
    event = Event.objects.get(kind="corrected")
    assert event.payload["reason"] == "A misprint of ours."
    assert event.payload["changes"]["title"]["after"] == "Typed and not lost"


def test_the_reason_is_asked_for_only_when_it_was_public(desk: Client, draft: Pledge, public: Pledge) -> None:
    assert "reason" not in desk.get(change(draft)).context["adminform"].form.fields
    assert "reason" in desk.get(change(public)).context["adminform"].form.fields


def test_reference_zone_and_status_cannot_be_typed(desk: Client, draft: Pledge) -> None:
    sent = {
        "reference": "SY-2025-9999",
        "time_zone": "UTC",
        "status": "fulfilled",
        "publication": "published",
    }
    desk.post(change(draft), open_form(desk, draft) | sent)
    after = Pledge.objects.get()
    assert (after.reference, after.time_zone) == ("SY-2025-0001", "Asia/Damascus")
    assert (after.status, after.publication) == ("no_evidence", "draft")
    assert kinds(after) == ["recorded", "deadline_set"]


def test_bodies_and_further_sources_are_amended_by_the_same_verb(
    desk: Client, researcher: User, draft: Pledge
) -> None:
    body, source = make_body(actor=researcher), make_source(actor=researcher)
    typed = open_form(desk, draft)
    typed["bodies"] = [*typed["bodies"], str(body.pk)]
    typed["other_sources"] = [str(source.pk)]
    desk.post(change(draft), typed)
    assert body in draft.bodies.all()
    assert set(Event.objects.get(kind="amended").payload["changes"]) == {"bodies", "other_sources"}


def test_the_assignee_is_assigned_not_amended(desk: Client, researcher: User, public: Pledge) -> None:
    desk.post(change(public), open_form(desk, public) | {"assignee": str(researcher.pk)})
    public.refresh_from_db()
    assert public.assignee == researcher
    assert kinds(public)[-1] == "assigned"


@pytest.mark.parametrize("lost", ["is_active", "is_staff"])
def test_who_is_no_longer_staff_stays_the_assignee_until_somebody_decides(
    desk: Client, reviewer: User, public: Pledge, lost: str
) -> None:
    record.assign(pledge=public, assignee=reviewer, actor=reviewer, now=NOW)
    User.objects.filter(pk=reviewer.pk).update(**{lost: False})
    desk.post(change(public), open_form(desk, public) | {"speaker": "The minister", "reason": "A misprint."})
    public.refresh_from_db()
    assert (public.assignee, public.speaker) == (reviewer, "The minister")
    assert "assigned" not in kinds(public)[-1:]


def test_who_is_no_staff_can_not_become_assignee(desk: Client, public: Pledge) -> None:
    visitor = User.objects.create_user("visitor")
    response = desk.post(change(public), open_form(desk, public) | {"assignee": str(visitor.pk)})
    assert "assignee" in response.context["adminform"].form.errors


def test_a_stale_save_is_refused_in_words_and_the_next_one_goes_through(
    desk: Client, reviewer: User, draft: Pledge
) -> None:
    typed = open_form(desk, draft) | {"speaker": "The spokesperson"}
    record.amend_pledge(pledge=draft, changes={"title": "By Rana"}, actor=reviewer, now=LATER)
    response = desk.post(change(draft), typed)
    form = response.context["adminform"].form
    refusal = " ".join(form.non_field_errors())
    assert "Someone changed this while you were editing" in refusal
    assert "by rana" in refusal
    assert "from “Release a detailed report” to “By Rana”" in refusal
    assert form["speaker"].value() == "The spokesperson"
    draft.refresh_from_db()
    assert (draft.title, draft.speaker) == ("By Rana", "Government of Syria")
    again = typed | {"title": "By Rana", "seen_position": form["seen_position"].value()}
    assert desk.post(change(draft), again).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.speaker) == ("By Rana", "The spokesperson")


def test_a_form_that_forgot_what_it_saw_is_stale(desk: Client, draft: Pledge) -> None:
    typed = open_form(desk, draft) | {"title": "x"}
    del typed["seen_position"]
    assert desk.post(change(draft), typed).status_code == 200
    draft.refresh_from_db()
    assert draft.title == "Release a detailed report"


def test_a_superuser_needs_a_reason_too(superuser: User, at: object, public: Pledge) -> None:
    client = signed_in(superuser)
    response = client.post(change(public), open_form(client, public) | {"title": "x"})
    assert "reason" in response.context["adminform"].form.errors


def test_the_page_tells_the_whole_story(desk: Client, researcher: User, public: Pledge) -> None:
    source = make_source(actor=researcher, title="Handover")
    record.add_update(
        pledge=public,
        kind="progress",
        happened_on=NOON_4_APRIL.date(),
        text="سلّمت اللجنة تقريرها",
        language="ar",
        sources=[source],
        actor=researcher,
        now=LATER,
    )
    record.assess(
        pledge=public,
        status="in_progress",
        effective_on=NOON_4_APRIL.date(),
        reason="A committee works.",
        sources=[source],
        actor=researcher,
        now=LATER,
    )
    page = desk.get(change(public)).content.decode()
    for said in ("end of day in Damascus", "سلّمت اللجنة تقريرها", "A committee works.", "14 days left"):
        assert said in page
    for kind in ("Recorded", "Deadline recorded", "Published", "Update", "Assessed"):
        assert f"<strong>{kind}</strong>" in page


def test_links_to_the_public_page_and_the_mails(desk: Client, draft: Pledge, public: Pledge) -> None:
    page = desk.get(change(public)).content.decode()
    assert f'href="/pledges/{public.reference}/"' in page
    assert f"/admin/alerts/alert/?q={public.reference}" in page
    assert f'href="/pledges/{draft.reference}/"' not in desk.get(change(draft)).content.decode()


def test_the_history_is_the_event_log(desk: Client, public: Pledge) -> None:
    response = desk.get(f"/admin/pledges/pledge/{public.pk}/history/", follow=True)
    assert response.context["cl"].result_count == 3
