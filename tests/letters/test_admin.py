"""The screens of letters, as the roles see them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pledges import record
from pledges.admin.needs import needs_of
from pledges.models import Pledge, Update
from tests.support.records import make_body, make_draft, make_reviewer, make_source, make_user
from tracker.alerts.models import Alert, FollowUp
from tracker.letters.models import Letter, LetterState
from tracker.letters.writing import discard, edit_letter

from .support import NOW, TODAY, answer, late_pledge, make_letter, public_reply, send

pytestmark = pytest.mark.django_db
LIST = "/admin/letters/letter/"
EVIL = "</textarea><script>alert(1)</script>"


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set what the screens read as the present instant."""

    def set_clock(now: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now)

    set_clock(NOW)
    return set_clock


@pytest.fixture
def desk() -> Client:
    return signed_in(make_user(username="amal"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def reader() -> Client:
    """Somebody who may look at letters and do nothing else."""
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_letter", "view_pledge")))
    return signed_in(user)


def page_of(letter: Letter) -> str:
    return reverse("admin:letters_letter_change", args=[letter.pk])


def do(name: str, letter: Letter) -> str:
    return reverse("admin:letters_letter_do", args=[letter.pk, name])


def sheet(letter: Letter) -> str:
    return reverse("admin:letters_letter_print", args=[letter.pk])


def add(pledge: Pledge, **more: Any) -> str:
    query = "&".join(f"{name}={value}" for name, value in ({"pledge": pledge.pk} | more).items())
    return f"{reverse('admin:letters_letter_add')}?{query}"


def seen(letter: Letter) -> dict[str, Any]:
    return {"seen_version": Letter.objects.get(pk=letter.pk).version}


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- from a pledge to a draft


@pytest.mark.parametrize("make", [make_user, make_reviewer])
def test_both_roles_draft_a_letter_from_the_page_of_a_pledge(make: Callable[[], User]) -> None:
    client, pledge = signed_in(make()), late_pledge()
    change = reverse("admin:pledges_pledge_change", args=[pledge.pk])
    page = text_of(client.get(change))
    assert f'<a href="{add(pledge)}">Draft a letter</a>' in page
    assert "Letters (" not in page
    form = text_of(client.get(add(pledge)))
    assert "A report will be handed in." in form
    assert "The body&#x27;s own: Arabic" in form
    body = pledge.bodies.all()[0]
    response = client.post(add(pledge), {"body": body.pk, "language": ""}, follow=True)
    letter = Letter.objects.get()
    assert response.redirect_chain == [(page_of(letter), 302)]
    assert (letter.language, letter.body, letter.drafted_at) == ("ar", body, NOW)
    assert "The letter is drafted. Read it before you send it." in text_of(response)
    assert f'href="{LIST}?q={pledge.reference}">Letters (1)' in text_of(client.get(change))
    assert LogEntry.objects.get().get_change_message() == "Drafted."


def test_the_occasion_comes_with_the_address() -> None:
    client, pledge = signed_in(make_user()), late_pledge()
    rung = FollowUp.objects.create(pledge=pledge, deadline=pledge.current_deadline, days=7, reached_at=NOW)
    body = pledge.bodies.all()[0]
    client.post(add(pledge, follow_up=rung.pk), {"body": body.pk, "language": "es"})
    letter = Letter.objects.get()
    assert (letter.follow_up, letter.language) == (rung, "es")


def test_addresses_that_lead_nowhere(desk: Client) -> None:
    pledge = late_pledge()
    other = FollowUp.objects.create(pledge=late_pledge(), stale_since=TODAY, reached_at=NOW)
    response = desk.get(LIST + "add/", follow=True)
    assert response.redirect_chain == [("/admin/pledges/pledge/", 302)]
    assert "A letter is about one pledge: open it, and press “Draft a letter”." in text_of(response)
    for url in (f"{LIST}add/?pledge=x", f"{LIST}add/?pledge=999999", add(pledge, follow_up=999_999)):
        assert desk.get(url).status_code == 404
    assert desk.post(add(pledge, follow_up=999_999), {}).status_code == 404
    page = text_of(desk.post(add(pledge, follow_up=other.pk), {"body": pledge.bodies.all()[0].pk}))
    assert "This follow-up is about another pledge." in page
    assert not Letter.objects.exists()
    letter = make_letter()
    assert desk.get(f"{LIST}x/change/").status_code == 404
    assert desk.get(f"{LIST}999999/change/").status_code == 404
    assert desk.get(do("eat", letter)).status_code == 404


def test_only_what_is_public_and_open_offers_a_letter(desk: Client) -> None:
    draft = make_draft()
    assert "Draft a letter" not in text_of(desk.get(reverse("admin:pledges_pledge_change", args=[draft.pk])))
    page = text_of(desk.post(add(draft), {"body": draft.bodies.all()[0].pk}))
    assert "A letter rests on the public record: this pledge is not public." in page
    elsewhere = make_body(actor=make_user())
    page = text_of(desk.post(add(late_pledge()), {"body": elsewhere.pk}))
    assert "Select a valid choice" in page
    assert not Letter.objects.exists()


def test_the_languages_of_several_bodies_are_named(desk: Client) -> None:
    author = make_user()
    bodies = [
        make_body(actor=author, country=country, time_zone="UTC", name=country) for country in ("SN", "SY")
    ]
    page = text_of(desk.get(add(late_pledge(actor=author, bodies=bodies))))
    assert "The body&#x27;s own: French, Arabic" in page


# --- the page of a letter


def test_a_draft_is_edited_in_its_own_direction(desk: Client) -> None:
    letter = make_letter(language="ar")
    page = text_of(desk.get(page_of(letter)))
    assert 'lang="ar"' in page
    assert page.count('dir="rtl"') >= 2
    words = {"subject": "موضوع", "text": "السادة المحترمون،\r\n\r\nنص"}
    response = desk.post(page_of(letter), words | seen(letter), follow=True)
    assert "The letter is saved." in text_of(response)
    letter.refresh_from_db()
    assert (letter.subject, letter.text) == ("موضوع", "السادة المحترمون،\n\nنص")
    assert LogEntry.objects.get().get_change_message() == "The letter is saved."


def test_what_is_refused_is_said_at_its_field_and_keeps_what_was_typed(desk: Client) -> None:
    letter = make_letter()
    page = text_of(desk.post(page_of(letter), {"subject": "", "text": "Typed words"} | seen(letter)))
    assert "Nothing was saved. What to mend is said below." in page
    assert "Typed words" in page
    stale = seen(letter)
    edit_letter(letter=letter, subject="Other", text="Other words")
    page = text_of(desk.post(page_of(letter), {"subject": "Mine", "text": "Typed words"} | stale))
    assert "Someone changed this letter meanwhile." in page
    assert "Typed words" in page
    assert Letter.objects.get().subject == "Other"
    assert desk.post(page_of(letter), {"subject": "Mine", "text": "Mine"}).status_code == 200
    assert Letter.objects.get().subject == "Other"


def test_a_draft_says_what_the_record_learnt_since(desk: Client) -> None:
    pledge = late_pledge()
    letter = make_letter(pledge=pledge)
    assert "The record changed" not in text_of(desk.get(page_of(letter)))
    record.extend_deadline(
        pledge=pledge,
        terms=record.DeadlineTerms(latest=date(2025, 7, 10)),
        source=pledge.source,
        announced_on=TODAY,
        actor=make_user(username="rana"),
        now=NOW,
    )
    page = text_of(desk.get(page_of(letter)))
    assert "The record changed since this was drafted." in page
    assert "Since then, by rana: Deadline moved" in page
    page = text_of(desk.post(do("again", letter), {"language": "fr"} | seen(letter), follow=True))
    assert "The letter is drafted anew." in page
    assert "The record changed" not in page
    assert "10 juillet 2025" in page


@pytest.mark.parametrize(
    ("prepare", "offered"),
    [
        (lambda letter: letter, {"Mark as sent", "Draft again", "Put aside"}),
        (send, {"Mark as sent", "Attach the reply"}),
        (lambda letter: answer(send(letter)), {"Attach the reply"}),
        (lambda letter: discard(letter=letter, reason="x"), set()),
    ],
)
def test_a_letter_offers_what_fits_its_state(
    desk: Client, prepare: Callable[[Letter], Letter], offered: set[str]
) -> None:
    letter = prepare(make_letter())
    page = desk.get(page_of(letter))
    assert {str(label) for label, _url in page.context["verbs"]} == offered
    assert "Printable page" in text_of(page)
    assert ("<textarea" in text_of(page)) is (letter.state == LetterState.DRAFT)
    for name in ("sent", "reply", "again", "discard"):
        shown = desk.get(do(name, letter))
        assert (shown.context["form"] is not None) is (str(_label(name)) in offered), name


def _label(name: str) -> object:
    from tracker.letters.forms import FORMS

    return FORMS[name].label


def test_from_draft_to_reply(desk: Client) -> None:
    mail.outbox = []
    letter = make_letter()
    form = desk.get(do("sent", letter))
    assert 'value="2025-04-09"' in text_of(form)
    assert letter.text.splitlines()[0] in text_of(form)
    page = text_of(
        desk.post(do("sent", letter), {"sent_on": "2025-04-10", "sent_how": "By hand"} | seen(letter))
    )
    assert "This day has not come yet." in page
    page = text_of(
        desk.post(
            do("sent", letter), {"sent_on": "2025-04-09", "sent_how": "By hand"} | seen(letter), follow=True
        )
    )
    assert "The letter is marked as sent." in page
    assert "<textarea" not in page
    update = public_reply(letter.pledge, text="Under way, they write.")
    page = text_of(desk.get(do("reply", letter)))
    assert "Reply of the body, 9 April 2025: Under way, they write." in page
    typed = {"reply_on": "2025-04-09", "reply_text": "Under way.\r\nSigned", "reply_update": update.pk}
    page = text_of(desk.post(do("reply", letter), typed | seen(letter), follow=True))
    assert "What came back on 9 April 2025" in page
    assert "Under way.\nSigned" in page
    letter.refresh_from_db()
    assert (letter.state, letter.reply_update) == (LetterState.ANSWERED, update)
    assert letter.sent_by == User.objects.get(username="amal")
    assert mail.outbox == []
    assert not Alert.objects.exists()


def test_putting_aside_asks_why(desk: Client) -> None:
    letter = make_letter()
    assert "This field is required" in text_of(desk.post(do("discard", letter), seen(letter)))
    desk.post(do("discard", letter), {"discard_reason": "The report came."} | seen(letter))
    assert "The report came." in text_of(desk.get(page_of(letter)))


def test_somebody_was_quicker(desk: Client) -> None:
    letter = make_letter()
    before = seen(letter)
    send(letter)
    page = text_of(desk.post(page_of(letter), {"subject": "x", "text": "Typed words"} | before))
    assert "Someone changed this letter meanwhile." in page
    page = text_of(desk.post(page_of(letter), {"subject": "x", "text": "Typed words"} | seen(letter)))
    assert "This letter was sent and is kept as it is: draft a new one." in page
    assert Letter.objects.get().text == letter.text


def test_the_reply_is_put_on_the_public_record_by_the_verb_that_exists(desk: Client) -> None:
    letter = make_letter()
    assert "Put the reply on the public record" not in text_of(desk.get(page_of(letter)))
    answer(send(letter))
    url = desk.get(page_of(letter)).context["public_reply_url"]
    form = desk.get(url).context["verb"]
    shown = {name: str(form[name].value()) for name in ("kind", "by_body", "happened_on")}
    assert shown == {"kind": "reply", "by_body": str(letter.body_id), "happened_on": "2025-04-09"}
    source = make_source(actor=make_user())
    typed = shown | {
        "happened_on_precision": "day",
        "text": "Under way.",
        "language": "en",
        "translation_language": "en",
        "sources": [source.pk],
        f"seen-{letter.pledge_id}": Pledge.objects.get().head_position,
    }
    desk.post(f"{reverse('admin:pledges_pledge_verb', args=['add_update'])}?pk={letter.pledge_id}", typed)
    update = Update.objects.get()
    answer(letter, reply_update=update)
    page = text_of(desk.get(page_of(letter)))
    assert "Put the reply on the public record" not in page
    assert "On the public record: 2025-04-09 Reply of the body" in page


def test_a_link_fills_in_no_more_than_it_may(desk: Client) -> None:
    pledge = late_pledge()
    url = f"{reverse('admin:pledges_pledge_verb', args=['add_update'])}?pk={pledge.pk}&kind=reply&text=Evil"
    form = desk.get(url).context["verb"]
    assert form["kind"].value() == "reply"
    assert not form["text"].value()


# --- the sheet of paper


def test_the_sheet_is_the_letter_and_nothing_else(desk: Client, settings: Any) -> None:
    settings.TRACKER_SITE_NAME = "Justice Watch"
    letter = make_letter(language="ar", pledge=late_pledge(quote="A report <b>now</b>."))
    response = desk.get(sheet(letter))
    page = text_of(response)
    assert '<html lang="ar" dir="rtl">' in page
    assert "Justice Watch" in page
    assert letter.body.name in page
    assert "9 نيسان 2025" in page
    assert f"الموضوع: {letter.subject}" in page
    assert "<blockquote>" in page
    assert "A report &lt;b&gt;now&lt;/b&gt;." in page
    assert "<script" not in page
    assert "style=" not in page
    assert '<bdi dir="ltr">https://news.example/' in page
    policy = response["Content-Security-Policy"]
    assert "style-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_the_sheet_carries_the_day_of_sending_once_it_was_sent(at: Callable[[datetime], None]) -> None:
    letter = make_letter()
    later = NOW + timedelta(days=20)
    at(later)
    desk = signed_in(make_user())
    assert '<p class="day">29 April 2025</p>' in text_of(desk.get(sheet(letter)))
    send(letter, on=date(2025, 4, 11), now=later)
    assert '<p class="day">11 April 2025</p>' in text_of(desk.get(sheet(letter)))


# --- who may


def test_who_may_only_read_reads(desk: Client) -> None:
    letter = make_letter()
    client = reader()
    page = text_of(client.get(page_of(letter)))
    assert letter.text.splitlines()[0] in page
    assert "<textarea" not in page
    assert "Mark as sent" not in page
    assert client.get(sheet(letter)).status_code == 200
    assert client.post(page_of(letter), {"subject": "x", "text": "x"} | seen(letter)).status_code == 403
    assert client.post(do("sent", letter), seen(letter)).status_code == 403
    assert client.get(add(letter.pledge)).status_code == 403
    change = text_of(client.get(reverse("admin:pledges_pledge_change", args=[letter.pledge_id])))
    assert "Draft a letter" not in change
    assert "Letters (1)" in change


def test_staff_without_a_role_see_no_letter() -> None:
    letter = make_letter()
    stranger = signed_in(User.objects.create_user("stranger", is_staff=True))
    for url in (LIST, page_of(letter), sheet(letter), do("sent", letter), add(letter.pledge)):
        assert stranger.get(url).status_code == 403
    assert needs_of(stranger.get("/admin/").wsgi_request) == []
    anonymous = Client().get(sheet(letter))
    assert anonymous.status_code == 302


def test_nobody_deletes_a_letter() -> None:
    letter = make_letter()
    root = signed_in(User.objects.create_superuser("root"))
    assert root.get(f"{LIST}{letter.pk}/delete/").status_code == 403
    root.post(LIST, {"action": "delete_selected", "_selected_action": [letter.pk], "post": "yes"})
    assert Letter.objects.count() == 1


def test_what_was_typed_stays_text(desk: Client) -> None:
    letter = make_letter()
    edit_letter(letter=letter, subject=EVIL, text=EVIL)
    send(letter)
    answer(letter, reply_text=EVIL)
    for url in (page_of(letter), sheet(letter), LIST):
        assert "<script>alert" not in text_of(desk.get(url))


# --- the list and the index


def test_the_list_filters_and_searches(desk: Client) -> None:
    first, second = make_letter(language="fr"), send(make_letter(language="en"))

    def count(query: str) -> int:
        found: int = desk.get(LIST + query).context["cl"].result_count
        return found

    assert count("") == 2
    assert count("?state__exact=sent") == 1
    assert count("?language__exact=fr") == 1
    assert count(f"?body__id__exact={second.body_id}") == 1
    assert count(f"?q={first.pledge.reference}") == 1
    assert count("?q=nothing+like+it") == 0


def test_statements_of_the_list_do_not_grow(desk: Client) -> None:
    counts = []
    for more in (1, 10):
        for _ in range(more):
            make_letter()
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("days", "unsent", "unanswered"), [(7, 0, 0), (8, 1, 0), (31, 1, 1)])
def test_what_waits_for_long_needs_somebody(
    at: Callable[[datetime], None], days: int, unsent: int, unanswered: int
) -> None:
    make_letter()
    send(make_letter())
    at(NOW + timedelta(days=days))
    desk = signed_in(make_user())
    needs = {need.title: need for need in needs_of(desk.get("/admin/").wsgi_request)}
    for title, count in (
        ("Letters drafted more than 7 days ago and not sent", unsent),
        ("Letters sent more than 30 days ago, without a reply", unanswered),
    ):
        assert (needs[title].count if title in needs else 0) == count
        if count:
            assert desk.get(needs[title].url).context["cl"].result_count == count
