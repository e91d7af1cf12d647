"""The language of a page stands in its address, and in nothing else."""

import re
from datetime import date

import pytest
from django.conf import LazySettings, settings
from django.test import Client
from django.urls import set_script_prefix
from django.utils import translation

from pledges.models import Pledge
from tests.public.addresses import PAGES, in_each_language, subject_addresses, without_versions
from tests.support.founding import founding_case
from tracker.public.languages import in_language, versions
from tracker.public.templatetags.public import dated

pytestmark = pytest.mark.django_db
LANGUAGES = dict(settings.LANGUAGES)
ALTERNATE = re.compile(r'<link rel="alternate"\s+hreflang="(\w+)"\s+href="([^"]+)"')


@pytest.mark.parametrize(
    ("address", "language", "expected"),
    [
        ("/", "en", "/"),
        ("/", "ar", "/ar/"),
        ("/pledges/?status=refused&words=a%20b", "ar", "/ar/pledges/?status=refused&words=a%20b"),
        ("/ar/pledges/?status=refused", "en", "/pledges/?status=refused"),
        ("/ar/pledges/SY-2025-0001/", "fr", "/fr/pledges/SY-2025-0001/"),
        ("/ar/", "en", "/"),
        ("/ar", "en", "/"),
        ("/en/overdue/", "en", "/overdue/"),
        # Not a language of ours: part of the address.
        ("/de/overdue/", "ar", "/ar/de/overdue/"),
        ("/arabic/", "ar", "/ar/arabic/"),
    ],
)
def test_the_same_page_in_another_language(address: str, language: str, expected: str) -> None:
    assert in_language(address, language) == expected


def test_twice_is_once() -> None:
    for address in ("/", "/ar/cases/", "/cases/?page=2"):
        for language in LANGUAGES:
            once = in_language(address, language)
            assert in_language(once, language) == once


def test_with_another_language_of_the_site_that_one_has_no_prefix(settings: LazySettings) -> None:
    settings.LANGUAGE_CODE = "ar"
    assert in_language("/overdue/", "ar") == "/overdue/"
    assert in_language("/overdue/", "en") == "/en/overdue/"
    assert in_language("/en/overdue/", "ar") == "/overdue/"


def test_the_address_of_a_pledge_is_of_the_language_in_force(settings: LazySettings) -> None:
    pledge = Pledge(reference="SY-2025-0001")
    for _again in range(2):
        for site, language, expected in (
            ("en", "en", "/pledges/SY-2025-0001/"),
            ("en", "ar", "/ar/pledges/SY-2025-0001/"),
            ("ar", "ar", "/pledges/SY-2025-0001/"),
            ("ar", "en", "/en/pledges/SY-2025-0001/"),
        ):
            settings.LANGUAGE_CODE = site
            with translation.override(language):
                assert pledge.get_absolute_url() == expected


def test_an_address_is_of_the_site_that_stands_below_another() -> None:
    pledge = Pledge(reference="SY-2025-0001")
    assert pledge.get_absolute_url() == "/pledges/SY-2025-0001/"
    set_script_prefix("/promises/")
    try:
        assert pledge.get_absolute_url() == "/promises/pledges/SY-2025-0001/"
    finally:
        set_script_prefix("/")
    assert pledge.get_absolute_url() == "/pledges/SY-2025-0001/"


def test_a_day_is_of_the_language_in_force() -> None:
    for _again in range(2):
        for language, expected in (
            ("en", "4 April 2025"),
            ("fr", "4 avril 2025"),
            ("es", "4 de abril de 2025"),
        ):
            with translation.override(language):
                assert expected in dated(date(2025, 4, 4))
    assert 'datetime="2025-04"' in dated(date(2025, 4, 4), "month")


def test_one_version_is_here() -> None:
    with translation.override("fr"):
        assert [each.code for each in versions("/fr/overdue/") if each.is_here] == ["fr"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_every_language(client: Client, language: str) -> None:
    founding_case()
    for address in in_each_language():
        wanted = in_language(address, language)
        plain = client.get(address)
        answer = client.get(wanted)
        assert answer.status_code == plain.status_code, wanted
        assert answer["Content-Language"] == language, wanted
        assert "Vary" not in answer or "Language" not in answer["Vary"], wanted
        assert not answer.cookies, wanted
        if "text/html" in answer["Content-Type"]:
            direction = "rtl" if language == "ar" else "ltr"
            assert re.search(rf'<html lang="{language}"\s+dir="{direction}">', answer.content.decode()), (
                wanted
            )


def test_links_stay_in_the_language_but_for_the_switch(client: Client) -> None:
    founding_case()
    own = [in_language(each, "ar") for each in subject_addresses()]
    for address in ["/ar/", "/ar/pledges/", "/ar/calendar/2025/04/", *own]:
        text = without_versions(client.get(address).content.decode())
        inner = [each for each in re.findall(r'href="(/[^"]*)"', text) if not each.startswith("/static/")]
        assert inner or not address.endswith("/")
        assert [each for each in inner if not each.startswith("/ar/")] == [], address


def test_every_page_names_its_other_versions(client: Client) -> None:
    pledge = founding_case().report
    address = f"{in_language(pledge.get_absolute_url(), 'es')}"
    named = dict(ALTERNATE.findall(client.get(address).content.decode()))
    bare = pledge.get_absolute_url()
    root = settings.TRACKER_SITE_URL
    assert named == {
        "en": f"{root}{bare}",
        "ar": f"{root}/ar{bare}",
        "fr": f"{root}/fr{bare}",
        "es": f"{root}/es{bare}",
    }


def test_filters_survive_the_switch(client: Client) -> None:
    founding_case()
    text = client.get("/pledges/?status=no_evidence&words=report").content.decode()
    assert 'href="/ar/pledges/?status=no_evidence&amp;words=report"' in text


def test_neither_browser_nor_cookie_decides(client: Client) -> None:
    founding_case()
    client.cookies["django_language"] = "ar"
    for address in PAGES:
        answer = client.get(address, headers={"accept-language": "ar, fr;q=0.5"})
        assert answer["Content-Language"] == "en"


@pytest.mark.parametrize("address", ["/en/", "/en/pledges/?status=refused", "/en/no-such-page/"])
def test_the_sites_own_language_has_one_address(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"] == address.removeprefix("/en")
    assert "script-src" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "first", ["en-gb", "en-us", "EN", "En", "ar-eg", "fr-ca", "AR", "de", "en@x", "english"]
)
def test_what_is_no_language_of_the_site_is_not_found(client: Client, first: str) -> None:
    for address in (f"/{first}/", f"/{first}/pledges/?status=refused"):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Language"]) == (404, "en")
        assert "Location" not in answer


@pytest.mark.parametrize("address", ["//evil.example/", "/en//evil.example/", "/ar//evil.example/"])
def test_no_address_leads_elsewhere(client: Client, address: str) -> None:
    answer = client.get(address)
    location = answer.get("Location", "")
    assert not location.startswith("//")
    assert "evil.example" not in location or location.startswith("/")
    for each in re.findall(r'hreflang="\w+"\s+href="([^"]*)"|href="([^"]*)" lang', answer.content.decode()):
        assert not any(part.startswith("//") for part in each)


def test_the_admin_has_no_language_in_its_address(client: Client) -> None:
    assert client.get("/ar/admin/").status_code == 404
    assert Pledge.objects.count() == 0
