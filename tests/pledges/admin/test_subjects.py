"""Bodies, cases and sources; the event log; and that nothing can be deleted anywhere."""

import html
import json
import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

from pledges.models import Body, Case, Event, Pledge, Source
from pledges.models.recorded import Recorded
from tests.support.records import make_body, make_case, make_draft, make_pledge, make_source

from .conftest import signed_in
from .support import as_shown

BODY = {
    "name": "وزارة العدل",
    "kind": "ministry",
    "country": "SY",
    "time_zone": "",
    "slug": "moj-sy",
    "description": "",
    "original_language": "ar",
}
CASE = {
    "title": "Violence on the coast",
    "country": "SY",
    "slug": "",
    "summary": "",
    "original_language": "en",
}
SOURCE = {
    "url": "https://news.example/decree",
    "title": "The decree",
    "publisher": "Gazette",
    "published_on": "2025-03-09",
    "kind": "official",
    "language": "ar",
    "archived_url": "",
}


def page(model: type[Recorded], what: str) -> str:
    return f"/admin/pledges/{model._meta.model_name}/{what}/"


def stream_kinds(subject: Recorded) -> list[str]:
    return list(Event.objects.filter(stream=subject.stream).values_list("kind", flat=True))


@pytest.mark.parametrize(("model", "typed"), [(Body, BODY), (Case, CASE), (Source, SOURCE)])
def test_a_subject_is_recorded_with_one_event(
    desk: Client, researcher: User, model: type[Recorded], typed: dict[str, str]
) -> None:
    assert desk.post(page(model, "add"), typed).status_code == 302
    subject = model._default_manager.get()
    assert subject.created_by == researcher
    assert stream_kinds(subject) == ["recorded"]


def test_the_sources_of_a_case_are_in_its_first_event(desk: Client, researcher: User) -> None:
    first, second = make_source(actor=researcher), make_source(actor=researcher)
    desk.post(page(Case, "add"), CASE | {"sources": [str(second.pk), str(first.pk)]})
    case = Case.objects.get()
    assert set(case.sources.all()) == {first, second}
    recorded = Event.objects.get(stream=case.stream)
    assert recorded.payload["sources"] == sorted([first.stream, second.stream])


@pytest.mark.parametrize(("model", "typed"), [(Body, BODY), (Case, CASE), (Source, SOURCE)])
def test_a_pop_up_hands_back_what_it_recorded(
    desk: Client, model: type[Recorded], typed: dict[str, str]
) -> None:
    response = desk.post(page(model, "add"), typed | {"_popup": "1"})
    subject = model._default_manager.get()
    found = re.search(r'data-popup-response="([^"]+)"', response.content.decode())
    assert found is not None
    answer = json.loads(html.unescape(found[1]))
    assert answer == {"value": str(subject.pk), "obj": str(subject)}


def test_a_country_with_one_zone_needs_none_typed(desk: Client) -> None:
    desk.post(page(Body, "add"), BODY)
    assert Body.objects.get().time_zone == "Asia/Damascus"


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"country": "RU"}, "time_zone", "Europe/Moscow"),
        ({"time_zone": "Asia/Atlantis"}, "time_zone", "no IANA time zone"),
        ({"country": "XX"}, "country", "Select a valid choice"),
        ({"slug": ""}, "slug", "no Latin letters"),
        ({"name": ""}, "name", "required"),
    ],
)
def test_a_wrong_body_names_the_field(desk: Client, changed: dict[str, str], field: str, says: str) -> None:
    response = desk.post(page(Body, "add"), BODY | {"description": "kept"} | changed)
    form = response.context["adminform"].form
    assert says in " ".join(form.errors[field])
    assert form["description"].value() == "kept"
    assert not Body.objects.exists()


def test_a_name_that_is_taken_is_said_at_the_name(desk: Client, researcher: User) -> None:
    make_body(actor=researcher, name="Presidency")
    response = desk.post(page(Body, "add"), BODY | {"name": "Presidency", "slug": "other"})
    assert "already exists" in " ".join(response.context["adminform"].form.errors["name"])


def test_a_source_recorded_before_is_named(desk: Client, researcher: User) -> None:
    make_source(actor=researcher, url=SOURCE["url"], title="Known", publisher="Gazette")
    response = desk.post(page(Source, "add"), SOURCE)
    assert "choose “Gazette: Known”" in " ".join(response.context["adminform"].form.errors["url"])


def test_a_body_is_corrected_but_keeps_its_address_name(desk: Client, researcher: User) -> None:
    body = make_body(actor=researcher, name="Old name")
    url = page(Body, f"{body.pk}/change")
    typed = as_shown(desk.get(url)) | {"name": "New name", "slug": "new-slug"}
    assert desk.post(url, typed).status_code == 302
    body.refresh_from_db()
    assert (body.name, body.slug) == ("New name", "old-name")
    assert stream_kinds(body) == ["recorded", "corrected"]


def test_a_case_and_a_source_are_corrected(desk: Client, researcher: User) -> None:
    case, source = make_case(actor=researcher), make_source(actor=researcher)
    for subject, change in (
        (case, {"summary": "New."}),
        (source, {"archived_url": "https://archive.example/1"}),
    ):
        url = page(type(subject), f"{subject.pk}/change")
        assert desk.post(url, as_shown(desk.get(url)) | change).status_code == 302
        assert stream_kinds(subject) == ["recorded", "corrected"]


def test_a_stale_correction_is_refused(desk: Client, researcher: User) -> None:
    body = make_body(actor=researcher, name="Old name")
    url = page(Body, f"{body.pk}/change")
    first, second = as_shown(desk.get(url)), as_shown(desk.get(url))
    desk.post(url, first | {"name": "First"})
    response = desk.post(url, second | {"name": "Second"})
    assert "Someone changed this" in response.content.decode()
    assert response.context["adminform"].form["name"].value() == "Second"
    body.refresh_from_db()
    assert body.name == "First"


@pytest.mark.parametrize("term", ["moj", "عدل"])
def test_autocomplete_finds_bodies_in_any_script(desk: Client, researcher: User, term: str) -> None:
    make_body(actor=researcher, name="وزارة العدل", slug="moj-sy")
    make_body(actor=researcher)
    query = {"term": term, "app_label": "pledges", "model_name": "pledge", "field_name": "bodies"}
    results = desk.get("/admin/autocomplete/", query).json()["results"]
    assert [result["text"] for result in results] == ["وزارة العدل"]


def test_autocomplete_serves_the_verbs_too(desk: Client, researcher: User) -> None:
    source = make_source(actor=researcher, title="Only one")
    for model, field in (("deadline", "source"), ("update", "sources"), ("assessment", "sources")):
        query = {"term": "Only", "app_label": "pledges", "model_name": model, "field_name": field}
        assert desk.get("/admin/autocomplete/", query).json()["results"][0]["id"] == str(source.pk)


@pytest.mark.parametrize("who", ["researcher", "reviewer", "superuser"])
def test_nothing_can_be_deleted(
    request: pytest.FixtureRequest, researcher: User, at: object, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    pledge = make_pledge(actor=researcher)
    subjects: list[Any] = [pledge, pledge.case, pledge.source, pledge.bodies.first(), Event.objects.first()]
    for subject in subjects:
        model = subject._meta.model_name
        url = f"/admin/pledges/{model}/{subject.pk}/delete/"
        assert client.get(url).status_code == client.post(url, {"post": "yes"}).status_code == 403
        listing = client.get(f"/admin/pledges/{model}/").content.decode()
        assert "delete_selected" not in listing
        assert type(subject)._default_manager.filter(pk=subject.pk).exists()


def test_every_screen_of_the_record_refuses_deletion() -> None:
    ours = [
        screen
        for model, screen in admin.site._registry.items()
        if model in apps.get_app_config("pledges").get_models()
    ]
    assert {screen.model for screen in ours} == {Body, Case, Source, Pledge, Event}
    assert not any(screen.has_delete_permission(None) for screen in ours)  # type: ignore[arg-type]  # asks nobody


def test_events_are_only_read(superuser: User, researcher: User, at: object) -> None:
    client = signed_in(superuser)
    make_draft(actor=researcher, quote="words in the log")
    event = Event.objects.get(kind="recorded", pledge__isnull=False)
    url = f"/admin/pledges/event/{event.pk}/change/"
    shown = client.get(url)
    assert "words in the log" in shown.content.decode()
    assert b'name="_save"' not in shown.content
    assert client.post(url, {"kind": "published"}).status_code == 403
    assert client.get("/admin/pledges/event/add/").status_code == 403


@pytest.mark.parametrize(
    ("query", "count"), [("pledge:SY-2025-0001", 2), ("words in the log", 2), ("nothing", 0)]
)
def test_events_are_found(desk: Client, researcher: User, query: str, count: int) -> None:
    make_draft(actor=researcher, quote="words in the log")
    assert desk.get("/admin/pledges/event/", {"q": query}).context["cl"].result_count == count


@pytest.mark.parametrize("model", [Body, Case, Source])
def test_the_history_of_a_subject_is_its_events(
    desk: Client, researcher: User, model: type[Recorded]
) -> None:
    make_draft(actor=researcher)
    subject = model._default_manager.get()
    response = desk.get(page(model, f"{subject.pk}/history"), follow=True)
    assert response.context["cl"].result_count == 1
