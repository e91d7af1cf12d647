"""Two people at the staff screens, and who is asked to look again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pledges import record
from pledges.models import Event, Pledge
from tests.support.records import make_pledge, make_source

from .conftest import NOW, signed_in
from .support import LIST, change, kinds, messages_of, seen, verb


@pytest.fixture
def pledge(researcher: User) -> Pledge:
    return make_pledge(actor=researcher)


def refusal(user: User) -> dict[str, Any]:
    return {
        "status": "refused",
        "effective_on": "2025-04-15",
        "reason": "The minister said no.",
        "sources": [str(make_source(actor=user, title="The minister's answer").pk)],
    }


def test_a_refusal_waits_for_the_reviewer_who_sees_what_it_rests_on(
    desk: Client, review_desk: Client, researcher: User, pledge: Pledge
) -> None:
    sent = desk.post(verb("assess", pledge), seen(pledge) | refusal(researcher), follow=True)
    assert f"The verdict on {pledge.reference} waits for a second person." in messages_of(sent)
    pledge.refresh_from_db()
    assert (pledge.status, kinds(pledge)[-1]) == ("no_evidence", "verdict_proposed")
    assert "minister said no" not in desk.get(f"/pledges/{pledge.reference}/").content.decode()

    index = review_desk.get("/admin/").content.decode()
    assert "Verdicts that wait for a second person" in index
    assert "Verdicts that wait" not in desk.get("/admin/").content.decode()
    assert pledge.title in review_desk.get(f"{LIST}?evidence=proposed").content.decode()

    page = review_desk.get(verb("confirm_verdict", pledge)).content.decode()
    for words in ("amal proposes: Refused", "The minister said no.", "The minister&#x27;s answer"):
        assert words in page
    review_desk.post(verb("confirm_verdict", pledge), seen(pledge))
    pledge.refresh_from_db()
    assert (pledge.status, kinds(pledge)[-1]) == ("refused", "assessed")
    public = review_desk.get(f"/pledges/{pledge.reference}/").content.decode()
    assert "Judged by two people" in public
    assert "Verdicts that wait" not in review_desk.get("/admin/").content.decode()


def test_the_one_who_proposed_it_is_not_offered_to_confirm(
    review_desk: Client, reviewer: User, pledge: Pledge
) -> None:
    review_desk.post(verb("assess", pledge), seen(pledge) | refusal(reviewer))
    answer = review_desk.post(verb("confirm_verdict", pledge), seen(pledge))
    assert "someone else must check and confirm it" in answer.content.decode()
    pledge.refresh_from_db()
    assert pledge.status == "no_evidence"
    assert "Verdicts that wait" not in review_desk.get("/admin/").content.decode()


def test_a_reviewer_declines_with_a_reason(
    desk: Client, review_desk: Client, researcher: User, pledge: Pledge
) -> None:
    assert "confirm_verdict" not in review_desk.get(change(pledge)).content.decode()
    desk.post(verb("assess", pledge), seen(pledge) | refusal(researcher))
    assert "confirm_verdict" in review_desk.get(change(pledge)).content.decode()
    review_desk.post(verb("decline_verdict", pledge), seen(pledge) | {"reason": "He said “not yet”."})
    assert kinds(pledge)[-1] == "verdict_declined"
    assert Event.objects.latest("pk").payload["reason"] == "He said “not yet”."


def test_a_researcher_may_not_confirm(desk: Client, pledge: Pledge) -> None:
    assert desk.post(verb("confirm_verdict", pledge), seen(pledge)).status_code == 403


def test_checked_nothing_new(desk: Client, pledge: Pledge) -> None:
    page = desk.get(verb("check", pledge))
    assert page.context["adminform"].form["checked_on"].value() == date(2025, 4, 20)
    desk.post(verb("check", pledge), seen(pledge) | {"checked_on": "2025-04-20", "note": "The gazette."})
    pledge.refresh_from_db()
    assert (pledge.checked_on, pledge.status, kinds(pledge)[-1]) == (
        date(2025, 4, 20),
        "no_evidence",
        "checked",
    )
    wrong = desk.post(verb("check", pledge), seen(pledge) | {"checked_on": "2025-04-19", "note": ""})
    assert "checked already" in " ".join(wrong.context["adminform"].form.errors["checked_on"])


@pytest.mark.parametrize("name", ["check", "confirm_verdict", "decline_verdict"])
def test_what_takes_a_look_at_each_is_not_offered_for_many(
    review_desk: Client, pledge: Pledge, name: str
) -> None:
    assert f'value="{name}"' not in review_desk.get(LIST).content.decode()


@pytest.mark.parametrize(("days", "is_asked"), [(89, False), (90, True), (91, True)])
def test_staff_are_asked_for_what_nobody_checked_for_long(
    at: Any, desk: Client, researcher: User, pledge: Pledge, days: int, *, is_asked: bool
) -> None:
    checked = make_pledge(actor=researcher, title="Checked of late")
    at(NOW + timedelta(days=days - 16))  # both were published on 4 April
    record.record_check(
        pledge=checked, checked_on=date(2025, 4, 30), actor=researcher, now=NOW + timedelta(days=60)
    )
    client = signed_in(researcher)
    assert ("Not checked for evidence for long" in client.get("/admin/").content.decode()) is is_asked
    listed = client.get(f"{LIST}?evidence=unchecked").content.decode()
    assert (pledge.title in listed) is is_asked
    assert checked.title not in listed
