"""The page of the API says what the schema says, and its examples work."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.support.founding import Founding
from tracker.public.api.docs import reference
from tracker.public.api.urls import api

pytestmark = pytest.mark.django_db


def page(client: Client) -> str:
    return unescape(client.get("/api/").content.decode())


def test_every_address_parameter_and_field_is_explained(client: Client) -> None:
    html, schema = page(client), api.get_openapi_schema()
    for path, operations in schema["paths"].items():
        assert f"<code>GET {path}</code>" in html
        for parameter in operations["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in html
    operations, schemas = reference()
    assert len(operations) == len(schema["paths"]) == 10
    for described in (*operations, *schemas):
        assert described.text, described.name
        assert [entry.name for entry in described.entries if not entry.text] == [], described.name


def test_all_shapes_of_answers_are_there_and_every_link_within_the_page_leads_to_one(client: Client) -> None:
    html = page(client)
    anchors = set(re.findall(r'id="([^"]+)"', html))
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert {
        "PledgeAnswer",
        "PledgeRow",
        "DeadlineAnswer",
        "ErrorAnswer",
        "GoneAnswer",
        "Problem",
    } <= links | anchors
    assert links <= anchors
    named = api.get_openapi_schema()["components"]["schemas"]
    answers = {name for name, each in named.items() if "properties" in each and not name.startswith("Asked")}
    assert len(answers) > 20
    assert answers <= anchors


def test_its_examples_work(recorded: Founding, client: Client) -> None:
    addresses = re.findall(
        r"curl (?:-i -H 'If-None-Match: \"…\"' )?'http://127.0.0.1:8000([^']+)'", page(client)
    )
    assert len(addresses) == 4
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_choices_bounds_and_code_are_shown(client: Client) -> None:
    html = page(client)
    assert "integer from 1 to 100, 25 without it" in html
    assert "string: en, ar, fr, es" in html
    assert "as <code>next</code> has it" in html
    assert 'list of <a href="#BodyName">BodyName</a>' in html
    assert "`" not in html


def test_the_page_says_how_often_one_may_ask(client: Client) -> None:
    assert "600 times an hour" in page(client)


def test_it_is_linked_from_every_page(client: Client) -> None:
    assert '<a href="/api/">' in client.get("/").content.decode()
    assert '<a href="/fr/api/">' in client.get("/fr/about/").content.decode()


def test_operations_are_named_as_their_addresses(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert {each["get"]["operationId"] for each in schema["paths"].values()} == {
        "pledges",
        "pledge",
        "pledge_events",
        "events",
        "cases",
        "case",
        "bodies",
        "body",
        "checkpoints",
        "checkpoint",
    }
    assert {tuple(each) for each in schema["paths"].values()} == {("get",)}
