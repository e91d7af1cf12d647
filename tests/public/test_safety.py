"""The page for readers at risk: each thing that it says of the site is asked of the site."""

import logging
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from config import gunicorn
from tests.public.addresses import PAGES, all_addresses
from tests.public.embeds.reading import SITE, Read, page
from tests.support.founding import founding_case
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts import allowance, subscribing
from tracker.alerts.models import Allowance, Subscriber
from tracker.alerts.subscribing import UNCONFIRMED_FOR

pytestmark = pytest.mark.django_db
ADDRESS = "198.51.100.77"
TYPED = ("text", "search", "email", "tel", "url", "password", "file")


def said(client: Client, language: str = "") -> str:
    answer = client.get(f"{language}/safety/")
    assert answer.status_code == 200
    without_tags = re.sub(r"<[^>]+>", "", answer.content.decode())
    return " ".join(without_tags.replace("&#x27;", "'").split())


def everything_stored() -> str:
    """Return every row that there is, as text."""
    models = apps.get_models(include_auto_created=True)
    return "\n".join(str(row) for model in models for row in model._default_manager.values_list())


def test_every_page_leads_to_it_and_it_leads_on(client: Client) -> None:
    founding_case()
    for address in PAGES:
        if client.get(address).status_code == 200:
            assert 'href="/safety/"' in client.get(address).content.decode(), address
    assert client.get("/follow/").content.decode().count('href="/safety/"') == 2
    assert client.get("/about/").content.decode().count('href="/safety/"') == 2
    assert 'href="/follow/"' in client.get("/safety/").content.decode()


@pytest.mark.parametrize("language", ["", "/ar", "/fr", "/es"])
def test_it_names_the_host_that_a_network_sees(client: Client, settings: LazySettings, language: str) -> None:
    settings.TRACKER_SITE_URL = "https://pledges.example.org"
    assert "pledges.example.org" in said(client, language)


def test_no_cookie_no_script_nothing_from_elsewhere(client: Client) -> None:
    assert "Its pages set no cookies, run no scripts and load nothing from other sites." in said(client)
    answer = client.get("/safety/")
    assert not answer.cookies
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self';")
    assert "script-src" not in policy


def test_no_list_of_visits_and_no_network_address_in_the_logs(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert "keeps no list of visits, and writes no network address (IP address) into its logs" in said(client)
    assert gunicorn.accesslog is None
    founding_case()
    form = {"address": "reader@readers.example", "what": "all", "topics": ["overdue"], "cadence": "daily"}
    with caplog.at_level(logging.DEBUG):
        for address in [*all_addresses(), "/nothing-here/"]:
            client.get(address, REMOTE_ADDR=ADDRESS)
        client.post("/follow/", form | {"language": "en"}, REMOTE_ADDR=ADDRESS)
    assert Subscriber.objects.exists()
    assert caplog.records
    assert ADDRESS not in caplog.text
    assert ADDRESS.rpartition(".")[0] not in caplog.text


def test_no_network_is_stored_and_counts_of_it_go_after_the_days_that_are_named(client: Client) -> None:
    now = timezone.now()
    assert f"kept for about {allowance.KEPT.days} days" in said(client)
    network = "198.51.100.0/24"
    allowance.ask(address_key="key", network=network, now=now - allowance.KEPT - timedelta(hours=1))
    assert Allowance.objects.exists()
    assert "198.51" not in everything_stored()
    subscribing.forget_unconfirmed(now=now)
    assert not Allowance.objects.exists()


def test_to_read_counts_nothing(client: Client) -> None:
    for address in ("/", "/safety/", "/follow/"):
        client.get(address)
    assert not Allowance.objects.exists()


def test_other_sites_are_not_told_where_a_reader_came_from(client: Client) -> None:
    report = founding_case().report
    answer = client.get(report.get_absolute_url())
    assert answer["Referrer-Policy"] == "no-referrer"
    links = Read(answer.content.decode()).all("a")
    outside = [
        each for each in links if urlsplit(str(each["href"])).netloc not in ("", urlsplit(SITE).netloc)
    ]
    assert outside
    assert all("noreferrer" in str(each.get("rel")) for each in outside)


def test_the_stored_copy_is_the_first_link_to_a_source(client: Client) -> None:
    report = founding_case().report
    links = page(client, report.get_absolute_url()).all("a", rel="external noreferrer")
    first, second = (str(each["href"]) for each in links[:2])
    assert (first, second) == (report.source.archived_url, report.source.url)


def test_an_unconfirmed_address_goes_after_the_days_that_are_named(client: Client) -> None:
    assert f"this is deleted after {UNCONFIRMED_FOR.days} days" in said(client)
    make_subscriber(address="gone@readers.example", now=timezone.now() - UNCONFIRMED_FOR, confirmed_at=None)
    assert "gone@readers.example" in everything_stored()
    call_command("forget_unconfirmed")
    assert "gone@readers.example" not in everything_stored()


def test_who_leaves_is_forgotten_at_once_and_who_complained_stays_scrambled(client: Client) -> None:
    assert "your address is deleted at once" in said(client)
    for is_stopped in (False, True):
        reader = make_subscriber(address="left@readers.example", address_key=f"scrambled-{is_stopped}")
        wish = follow(reader)
        if is_stopped:
            subscribing.stop(reader.pk, reason="complaint", now=timezone.now())
        # Also after a complaint: the address stays until its reader leaves.
        assert "left@readers.example" in everything_stored()
        assert subscribing.leave(wish, now=timezone.now())
        assert "left@readers.example" not in everything_stored()
        assert (f"scrambled-{is_stopped}" in everything_stored()) is is_stopped


def test_what_is_asked_for_is_words_and_an_address_alone(client: Client) -> None:
    """A page that asks for more is not ours, the page says."""
    founding_case()
    asked: set[str] = set()
    for address in all_addresses():
        answer = client.get(address)
        if answer["Content-Type"].startswith("text/html"):
            fields = Read(answer.content.decode()).all("input")
            asked |= {str(each.get("name")) for each in fields if each.get("type", "text") in TYPED}
    assert asked == {"words", "address"}


def test_a_contact_is_named_only_where_one_is_set(client: Client, settings: LazySettings) -> None:
    settings.TRACKER_SECURITY_CONTACT = ""
    assert "They have named no contact" in said(client)
    assert "security.txt" not in said(client)
    settings.TRACKER_SECURITY_CONTACT = "mailto:security@example.org"
    assert page(client, "/safety/").all("a", href="mailto:security@example.org")
    assert "named no contact" not in said(client)
    assert client.get("/.well-known/security.txt").status_code == 200
