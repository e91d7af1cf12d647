"""Working on a letter at the screens, as the roles do."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from pledges import record
from pledges.models import Pledge, Update
from tests.support.records import make_body, make_draft, make_reviewer, make_source, make_user
from tracker.alerts.models import Alert, FollowUp
from tracker.letters.models import Letter, LetterState
from tracker.letters.writing import discard, edit_letter

from .screens import LIST, add, do, page_of, seen, signed_in, text_of
from .support import NOW, TODAY, answer, late_pledge, make_letter, public_reply, send

pytestmark = pytest.mark.django_db


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
    assert "<bdi>T+7</bdi>" in text_of(client.get(page_of(letter)))
    stale = FollowUp.objects.create(pledge=pledge, stale_since=TODAY, reached_at=NOW)
    client.post(add(pledge, follow_up=stale.pk), {"body": body.pk, "language": "es"})
    assert "not checked since 9 April 2025" in text_of(client.get(page_of(Letter.objects.latest("pk"))))


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
    history = reverse("admin:letters_letter_history", args=[letter.pk])
    assert "The letter is saved." in text_of(desk.get(history))


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
