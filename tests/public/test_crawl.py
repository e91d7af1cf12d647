"""Every link of the site leads somewhere, and wherever it leads the reader is as safe as at its beginning."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from pledges import record
from pledges.models import Source
from tests.public.addresses import API_LISTS
from tests.public.crawling import MOST, Crawl, Link, crawl, links_of
from tests.support import founding
from tests.support.founding import LAPSE, PRESENTED_AT, founding_case
from tests.support.records import make_pledge, make_reviewer, make_source, make_user
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db
STARTS = ("/", "/ar/", "/fr/", "/es/", "/sitemap.xml", "/pledges/?words=report", *API_LISTS)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; ",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=()",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
}
# Addresses to which no link of a page leads, and why.
NOT_LINKED = {
    "public:asked": "is where the form to follow leads once it is sent",
    "public:confirm": "stands in mails alone, with a secret",
    "public:manage": "stands in mails alone, with a secret",
    "public:leave": "stands in mails alone, with a secret",
    "public:month_in_short": "is written from memory, and leads to the month",
    "public:day_in_short": "is written from memory, and leads to the day",
    "machines:robots": "is looked for at the root by programs",
    "machines:security": "is looked for at the root by programs",
    "api:api-root": "answers that there is nothing",
    "api:elsewhere": "answers that there is nothing",
    "healthz": "is for whoever runs the site",
    "readyz": "is for whoever runs the site",
}


@pytest.fixture
def met(db: None, client: Client, settings: LazySettings) -> Iterator[Crawl]:
    """What a crawl of the founding case to its end meets, by https."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    make_pledge(title="Publish the list", latest=LAPSE.date())
    off = make_pledge(title="Taken off")
    record.unpublish(pledge=off, reason="A relative asked.", actor=make_reviewer(), now=PRESENTED_AT)
    sweep(now=PRESENTED_AT)
    record.take_checkpoint(now=PRESENTED_AT)
    with time_machine.travel(PRESENTED_AT, tick=False):
        yield crawl(client, *STARTS)


def test_every_link_leads_to_a_page_that_keeps_its_reader_safe(met: Crawl) -> None:
    assert len(met.answers) < MOST
    strange = {
        address: answer.status_code for address, answer in met.answers.items() if answer.status_code != 200
    }
    assert strange == {}
    assert faults(met) == []
    assert all_names() - met.names == set(NOT_LINKED)
    assert {link.target for link in met.outward} >= {"https://gazette.example/decree-3"}


def test_control_each_fault_is_seen(db: None) -> None:
    safe = HttpResponse(headers={**HEADERS, "Content-Type": "text/html"})
    assert faults(Crawl(answers={"/": safe})) == []
    for name in HEADERS:
        bare = HttpResponse(headers={key: value for key, value in HEADERS.items() if key != name})
        assert faults(Crawl(answers={"/x/": bare})) == [f"/x/ lacks {name}"]
    marked = HttpResponse(headers=HEADERS)
    marked.set_cookie("a", "b")
    assert faults(Crawl(answers={"/x/": marked})) == ["/x/ sets a cookie"]
    page = HttpResponse('<img src="https://x.example/p"><a href="//x.example/a">', headers=HEADERS)
    image, link = links_of("/x/", page)
    assert faults(Crawl(loaded=[image])) == ["/x/ loads https://x.example/p"]
    assert faults(Crawl(outward=[link])) == ["/x/ leads to //x.example/a"]


@pytest.mark.parametrize(
    ("rels", "is_right"),
    [
        ({"live": "external noreferrer", "stored": "noreferrer"}, True),
        ({"live": "external", "stored": "noreferrer"}, False),
        # Not without the copy that stays when the page is gone.
        ({"live": "noreferrer"}, False),
        ({"stored": "noreferrer"}, True),
    ],
)
def test_control_a_source_stands_beside_its_copy(db: None, rels: dict[str, str], *, is_right: bool) -> None:
    addresses = {"live": "https://live.example/1", "stored": "https://stored.example/1"}
    make_source(actor=make_user(), url=addresses["live"], archived_url=addresses["stored"])
    links = [Link("/x/", "a", addresses[name], {"rel": rel}) for name, rel in rels.items()]
    assert (faults(Crawl(outward=links)) == []) == is_right


def test_control_a_link_that_leads_nowhere_is_met(client: Client, db: None) -> None:
    met = crawl(client, "/no-such-page/", "/pledges")
    assert met.answers["/no-such-page/"].status_code == 404
    # An address without its slash leads on, as do the links of a page of nothing.
    assert met.answers["/pledges"].status_code == 301
    assert met.answers["/pledges/"].status_code == met.answers["/ar/about/"].status_code == 200


def faults(met: Crawl) -> list[str]:
    """Return what is wrong with the answers and the links of a crawl."""
    found = [f"{address} lacks {name}" for address, answer in met.answers.items() for name in lacking(answer)]
    found += [f"{address} sets a cookie" for address, answer in met.answers.items() if answer.cookies]
    found += [f"{link.page} loads {link.target}" for link in met.loaded]
    found += [f"{link.page} leads to {link.target}" for link in met.outward if not is_allowed(link, met)]
    return found


def lacking(answer: Any) -> list[str]:
    return [name for name, value in HEADERS.items() if value not in answer.get(name, "")]


def is_allowed(link: Link, met: Crawl) -> bool:
    """Whether a link off the site is to a source, hides the reader, and stands beside the stored copy."""
    hides = "noreferrer" in link.attributes.get("rel", "").split()
    if "license" in link.attributes.get("rel", "").split():
        return hides
    source = Source.objects.filter(Q(url=link.target) | Q(archived_url=link.target)).first()
    if source is None or not hides:
        return False
    beside = {each.target for each in met.outward if each.page == link.page}
    return not source.archived_url or source.archived_url in beside


def all_names(resolver: URLResolver | None = None, space: str = "") -> set[str]:
    """Return the names of all addresses but those of the admin."""
    found: set[str] = set()
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLPattern):
            found.add(f"{space}{each.name}")
        elif each.app_name != "admin":
            found |= all_names(each, f"{each.namespace}:" if each.namespace else space)
    return found
