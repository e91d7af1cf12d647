"""The page of translations: the original beside each language, what is missing, and what is to be renewed."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from pledges import record
from pledges.admin.wordings import translations_tool
from pledges.entry_words import number_of
from pledges.models import Body, Case, Event, Pledge, Wording
from tests.pledges.record.test_entry_wordings import with_entries
from tests.support.records import make_body, make_case, make_draft, make_pledge, make_user

from .conftest import NOW, signed_in
from .support import change, kinds, messages_of
from .test_index import titles

pytestmark = pytest.mark.django_db
ARABIC = "نشر تقرير مفصّل"


def page(subject: Pledge | Case | Body) -> str:
    return reverse(f"admin:pledges_{subject._meta.model_name}_translations", args=[subject.pk])


def shown(client: Client, subject: Pledge | Case | Body) -> dict[str, Any]:
    """What a browser would send back if nobody touched the form."""
    form = client.get(page(subject)).context["form"]
    return {bound.name: bound.value() for bound in form if bound.value()}


def translate(subject: Pledge | Case | Body, text: str, **more: Any) -> None:
    given: dict[str, Any] = {"field": "title", "language": "ar", "now": NOW} | more
    record.translate(subject=subject, text=text, actor=make_user(), **given)


def texts() -> dict[tuple[str, str], str]:
    return {(row.field, row.language): row.text for row in Wording.objects.all()}


def correct(pledge: Pledge, **changes: str) -> None:
    record.amend_pledge(pledge=pledge, changes=changes, reason="A slip.", actor=make_user(), now=NOW)


def test_several_languages_are_written_at_once(desk: Client, researcher: User) -> None:
    pledge = make_pledge(note="Mind the date.")
    typed = shown(desk, pledge) | {"title-ar": ARABIC, "title-fr": "Publier un rapport", "note-es": "Ojo."}
    answer = desk.post(page(pledge), typed, follow=True)
    assert answer.redirect_chain == [(change(pledge), 302)]
    assert messages_of(answer) == ["3 translations were written."]
    assert texts() == {("title", "ar"): ARABIC, ("title", "fr"): "Publier un rapport", ("note", "es"): "Ojo."}
    assert kinds(pledge)[-3:] == ["translated"] * 3
    assert {each.actor for each in Event.objects.filter(kind="translated")} == {researcher}


def test_the_page_has_the_originals_and_every_other_language(desk: Client) -> None:
    pledge = make_pledge(note="Mind the date.", title="اسم", original_language="ar")
    answer = desk.get(page(pledge))
    names = set(answer.context["form"].fields) - {"seen_position", "reason"}
    # The quote has a language of its own, and its translation into that of our texts stands beside it.
    ours, said = ("en", "fr", "es"), ("fr", "es")
    languages = {"title": ours, "note": ours, "speaker": ours, "quote": said}
    assert names == {f"{field}-{each}" for field, known in languages.items() for each in known}
    html = answer.content.decode()
    assert "Mind the date." in html
    assert '<blockquote lang="ar" dir="auto">' in html
    # What is empty in the original has nothing to translate.
    assert "note-en" not in desk.get(page(make_pledge(original_language="ar"))).context["form"].fields


@pytest.mark.parametrize("make", [make_case, make_body])
def test_cases_and_bodies_have_the_page_too(desk: Client, researcher: User, make: Any) -> None:
    subject = make(actor=researcher)
    name = subject.worded[0]
    listed = desk.get(reverse(f"admin:pledges_{subject._meta.model_name}_change", args=[subject.pk]))
    assert f'href="{page(subject)}"' in listed.content.decode()
    desk.post(page(subject), shown(desk, subject) | {f"{name}-ar": "اسم"})
    assert texts() == {(name, "ar"): "اسم"}


def test_the_button_says_what_is_missing_and_what_is_to_be_renewed(desk: Client) -> None:
    pledge = make_pledge(speaker="")
    assert translations_tool(pledge).label == "Translations (6 missing)"
    for language in ("ar", "fr", "es"):
        translate(pledge, ARABIC, language=language)
        translate(pledge, ARABIC, language=language, field="quote")
    assert translations_tool(pledge).label == "Translations"
    translate(pledge, "", language="es", reason="Wrong.")
    correct(pledge, title="Release a report")
    pledge.refresh_from_db()
    assert translations_tool(pledge).label == "Translations (1 missing, 2 to renew)"
    html = desk.get(change(pledge)).content.decode()
    assert "Translations (1 missing, 2 to renew)" in html


def test_a_stale_one_is_shown_with_the_words_of_before_and_confirmed_by_a_tick(desk: Client) -> None:
    pledge = make_pledge()
    translate(pledge, ARABIC)
    correct(pledge, title="Release a report")
    html = desk.get(page(pledge)).content.decode()
    assert "To renew: readers do not see it." in html
    assert '<q lang="en" dir="auto">Release a detailed report</q>' in html
    # Saved untouched, nothing is confirmed by accident.
    answer = desk.post(page(pledge), shown(desk, pledge), follow=True)
    assert messages_of(answer) == ["Nothing was changed, and nothing written."]
    pledge.refresh_from_db()
    assert not Wording.objects.get().stands_for(pledge.title)
    desk.post(page(pledge), shown(desk, pledge) | {"confirm-title-ar": "on"})
    assert Wording.objects.get().stands_for(pledge.title)


def test_changing_what_readers_see_asks_for_a_reason_and_keeps_what_was_typed(desk: Client) -> None:
    pledge = make_pledge()
    translate(pledge, ARABIC)
    typed = shown(desk, pledge) | {"title-ar": "نشر تقرير", "title-fr": "Publier un rapport"}
    answer = desk.post(page(pledge), typed)
    form = answer.context["form"]
    assert "say why it is changed" in " ".join(form.errors["reason"])
    assert form["title-fr"].value() == "Publier un rapport"
    # All or nothing: the French one is not written either.
    assert texts() == {("title", "ar"): ARABIC}
    desk.post(page(pledge), typed | {"reason": "It said more."})
    assert texts() == {("title", "ar"): "نشر تقرير", ("title", "fr"): "Publier un rapport"}


def test_a_refused_text_is_said_at_its_input(desk: Client) -> None:
    pledge = make_pledge()
    answer = desk.post(page(pledge), shown(desk, pledge) | {"title-ar": "ا" * 201})
    assert "at most 200 characters" in " ".join(answer.context["form"].errors["title-ar"])


def test_one_who_saw_an_older_state_is_told(desk: Client) -> None:
    pledge = make_pledge()
    typed = shown(desk, pledge) | {"title-ar": ARABIC}
    correct(pledge, title="Release a report")
    answer = desk.post(page(pledge), typed)
    assert "Someone changed this" in " ".join(answer.context["form"].non_field_errors())
    assert texts() == {}


def test_a_draft_needs_no_reason(desk: Client) -> None:
    draft = make_draft()
    for text in (ARABIC, "نشر تقرير"):
        desk.post(page(draft), shown(desk, draft) | {"title-ar": text})
    assert texts() == {("title", "ar"): "نشر تقرير"}
    assert kinds(draft)[-2:] == ["amended", "amended"]


def test_who_may_not_change_the_subject_may_not_translate_it(at: object) -> None:
    pledge = make_pledge()
    guest = User.objects.create_user("guest", is_staff=True)
    assert signed_in(guest).get(page(pledge)).status_code == 403
    assert signed_in(guest).post(page(pledge), {"title-ar": ARABIC}).status_code == 403
    assert Client().get(page(pledge)).status_code == 302
    assert texts() == {}


def test_what_is_not_there_is_not_found(desk: Client) -> None:
    assert desk.get("/admin/pledges/pledge/999/translations/").status_code == 404


def test_the_index_names_what_is_to_be_renewed(desk: Client) -> None:
    pledge = make_pledge(latest=None)
    body = pledge.bodies.get()
    for subject, field in ((pledge, "title"), (pledge.case, "title"), (body, "name")):
        translate(subject, ARABIC, field=field)
    name = "Translations to renew: the original was corrected"
    assert name not in titles(desk)
    correct(pledge, title="Release a report")
    record.amend_subject(
        subject=body, changes={"name": "Council"}, reason="Renamed.", actor=make_user(), now=NOW
    )
    assert titles(desk)[name] == 2
    assert {row.subject for row in Wording.objects.stale()} == {pledge, body}
    assert f'href="{page(body)}"' in desk.get("/admin/").content.decode()


def test_the_log_says_in_words_what_was_translated(desk: Client) -> None:
    translate(make_pledge(), ARABIC)
    html = desk.get("/admin/pledges/event/").content.decode()
    assert f"title (ar): from “” to “{ARABIC}”" in html


def test_the_language_of_the_original_can_be_said(desk: Client, researcher: User) -> None:
    body = make_body(actor=researcher, name="وزارة العدل", slug="moj-sy")
    url = reverse("admin:pledges_body_change", args=[body.pk])
    form = desk.get(url).context["adminform"].form
    typed = {bound.name: bound.value() for bound in form if bound.value()}
    assert desk.post(url, typed | {"original_language": "ar"}).status_code == 302
    body.refresh_from_db()
    assert body.original_language == "ar"


def test_what_happened_is_translated_on_the_same_page(desk: Client) -> None:
    pledge, update, _assessment = with_entries()
    html = desk.get(page(pledge)).content.decode()
    assert f"<h2>Entry {number_of(update)}</h2>" in html
    assert "The commission meets." in html
    desk.post(page(pledge), shown(desk, pledge) | {f"{update}-ar": "اجتمعت اللجنة."})
    assert texts() == {(update, "ar"): "اجتمعت اللجنة."}
    [change] = pledge.updates.all()
    record.amend_update(
        update=change, changes={"text": "It met twice."}, reason="A slip.", actor=make_user(), now=NOW
    )
    assert titles(desk)["Translations to renew: the original was corrected"] == 1
    html = desk.get(page(pledge)).content.decode()
    assert "To renew: readers do not see it." in html
    assert '<q lang="en" dir="auto">The commission meets.</q>' in html
