"""How the API is served: to programs on any site, read-only, "not modified" where so, without a cookie."""

import gzip

import pytest
from django.conf import LazySettings
from django.test import Client

from pledges import record
from tests.public.api.conftest import ROOT
from tests.support.founding import PRESENTED_AT, Founding
from tests.support.records import make_reviewer
from tracker.public.api.queries import Language

LISTS = ("pledges", "events", "cases", "bodies", "checkpoints")


@pytest.mark.parametrize("name", LISTS)
def test_what_has_not_changed_is_not_sent_again(recorded: Founding, client: Client, name: str) -> None:
    first = client.get(f"{ROOT}/{name}")
    tag = first["ETag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(f"{ROOT}/{name}", headers={"if-none-match": sent})
        assert (again.status_code, again.content) == (304, b""), sent
        assert again["ETag"] == tag
        assert again["Cache-Control"] == first["Cache-Control"] == "public, max-age=60"
        assert again["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"{ROOT}/{name}", headers={"if-none-match": '"other"'}).status_code == 200


def test_what_has_changed_has_another_tag(recorded: Founding, client: Client) -> None:
    address = f"{ROOT}/pledges/{recorded.trials.reference}"
    tag = client.get(address)["ETag"]
    actor = make_reviewer()
    day = PRESENTED_AT.date()
    record.record_check(pledge=recorded.trials, checked_on=day, actor=actor, now=PRESENTED_AT)
    answer = client.get(address, headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert answer["ETag"] != tag
    assert client.get(f"{address}?lang=ar")["ETag"] != answer["ETag"]


def test_head_has_the_headers_of_get_and_no_content(recorded: Founding, client: Client) -> None:
    for address in (f"{ROOT}/pledges", f"{ROOT}/openapi.json", f"{ROOT}/nothing"):
        got, head = client.get(address), client.head(address)
        assert head.content == b""
        assert head.status_code == got.status_code
        assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("address", ["/pledges", "/pledges/SY-2025-0001", "/nothing", "/openapi.json"])
def test_writing_methods_are_refused(db: None, method: str, address: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, f"{ROOT}{address}")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    problem = answer.json()["problems"][0]
    assert (problem["where"], problem["mend"]) == ("method", "Use GET, HEAD or OPTIONS.")


def test_pages_of_any_site_may_read_it(recorded: Founding, client: Client) -> None:
    for address in ("/pledges", "/pledges/SY-2020-0001", "/pledges?size=0", "/nothing", "/openapi.json"):
        answer = client.get(f"{ROOT}{address}", headers={"origin": "https://elsewhere.example"})
        assert answer["Access-Control-Allow-Origin"] == "*", address
        assert "ETag" in answer["Access-Control-Expose-Headers"], address
        assert "Access-Control-Allow-Credentials" not in answer, address


def test_a_browser_that_asks_first_is_told_what_it_may_do(db: None, client: Client) -> None:
    asked = {
        "origin": "https://elsewhere.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }
    answer = client.options(f"{ROOT}/pledges", headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer["Access-Control-Allow-Headers"] == "If-None-Match"


def test_errors_are_not_kept(recorded: Founding, client: Client) -> None:
    for address in ("/pledges/SY-2020-0001", "/pledges?size=0", "/nothing"):
        assert client.get(f"{ROOT}{address}")["Cache-Control"] == "no-store", address


def test_an_answer_is_compressed(recorded: Founding, client: Client) -> None:
    plain = client.get(f"{ROOT}/pledges")
    packed = client.get(f"{ROOT}/pledges", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed["Vary"]
    again = client.get(
        f"{ROOT}/pledges", headers={"accept-encoding": "gzip", "if-none-match": packed["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("asked", Language.__args__)  # type: ignore[attr-defined]  # of a Literal
def test_an_answer_says_in_which_language_it_is(recorded: Founding, client: Client, asked: str) -> None:
    assert client.get(f"{ROOT}/pledges?lang={asked}")["Content-Language"] == asked


def test_without_a_language_it_is_that_of_the_site(
    recorded: Founding, client: Client, settings: LazySettings
) -> None:
    settings.LANGUAGE_CODE = "fr"
    answer = client.get(f"{ROOT}/pledges", headers={"accept-language": "ar"})
    assert answer["Content-Language"] == "fr"
    assert answer.json()["items"][0]["status_label"] == "Pas encore de preuve"
    # The addresses of the API know no language.
    assert answer.json()["items"][0]["address"].startswith("http://127.0.0.1:8000/api/v1/")
    assert client.get(f"/ar{ROOT}/pledges").status_code == 404


def test_the_languages_are_those_of_the_site(settings: LazySettings) -> None:
    languages = Language.__args__  # type: ignore[attr-defined]
    assert list(languages) == [code for code, _name in settings.LANGUAGES]


def test_neither_cookie_nor_login_changes_an_answer(recorded: Founding, client: Client) -> None:
    first = client.get(f"{ROOT}/pledges")
    client.force_login(make_reviewer(is_superuser=True))
    again = client.get(f"{ROOT}/pledges")
    assert again.content == first.content
    assert not again.cookies
    assert "Cookie" not in again.get("Vary", "")
