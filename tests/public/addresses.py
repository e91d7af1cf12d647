"""Every public address, for tests that ask the same of all of them."""

import re
from urllib.parse import urlencode

from django.conf import settings

from pledges.models import Body, Case, Pledge

PAGES = (
    "/",
    "/pledges/",
    "/overdue/",
    "/cases/",
    "/bodies/",
    "/about/",
    "/safety/",
    "/api/",
    "/corrections/",
    "/checkpoints/",
    "/checkpoints/1/",
    "/calendar/",
    "/calendar/2025/04/",
    "/calendar/2025/04/07/",
    "/data/",
    "/follow/",
    "/follow/asked/",
    "/no-such-page/",
)
FEEDS = ("/feed.atom", "/overdue.atom", "/checkpoints.atom", "/corrections.atom", "/calendar.ics")
MACHINES = (
    "/robots.txt",
    "/.well-known/security.txt",
    "/sitemap.xml",
    "/sitemap-pages-1.xml",
    "/sitemap-pledges-1.xml",
    "/sitemap-cases-1.xml",
    "/sitemap-bodies-1.xml",
)

API = "/api/v1"
API_LISTS = tuple(f"{API}/{name}" for name in ("pledges", "events", "cases", "bodies", "checkpoints"))


def api_addresses() -> list[str]:
    """The lists of the API, and each pledge, case and body in it, public or not."""
    named = [f"{API}/pledges/{pledge.reference}" for pledge in Pledge.objects.order_by("pk")]
    slugs = [f"{API}/cases/{case.slug}" for case in Case.objects.order_by("pk")]
    slugs += [f"{API}/bodies/{body.slug}" for body in Body.objects.order_by("pk")]
    return [*API_LISTS, f"{API}/checkpoints/1", *named, *(f"{each}/events" for each in named), *slugs]


def subject_addresses() -> list[str]:
    """The page, the feed and the calendar of each pledge, case and body, public or not."""
    pages = [
        subject.get_absolute_url()
        for model in (Pledge, Case, Body)
        for subject in model._default_manager.order_by("pk")
    ]
    return [*pages, *(f"{page}{feed}" for feed in ("feed.atom", "calendar.ics") for page in pages)]


def without_versions(html: str) -> str:
    """Leave out the links to the other languages: they repeat the address that was asked for."""
    return re.sub(r"<(?:link|a)\b[^>]*hreflang=[^>]*>", "", html)


def card_addresses() -> list[str]:
    """The card of each pledge, case and body: the pages that may stand in a frame."""
    return [f"{page}card/" for page in subject_addresses() if page.endswith("/")]


def badge_addresses() -> list[str]:
    return [f"{page}badge.svg" for page in subject_addresses() if page.endswith("/")]


def share_addresses() -> list[str]:
    """The picture of the start page and of each pledge, case and body."""
    return ["/share.png", *(f"{page}share.png" for page in subject_addresses() if page.endswith("/"))]


def oembed_addresses() -> list[str]:
    pages = (page for page in subject_addresses() if page.endswith("/"))
    return [
        "/oembed",
        *(f"/oembed?{urlencode({'url': f'{settings.TRACKER_SITE_URL}{page}'})}" for page in pages),
    ]


def in_each_language() -> list[str]:
    """What there is once in each language; the rest stands at the root of the site, for programs."""
    return [
        *PAGES,
        *FEEDS,
        *subject_addresses(),
        *card_addresses(),
        *badge_addresses(),
        *share_addresses(),
    ]


def all_addresses() -> list[str]:
    return [*in_each_language(), *MACHINES, *oembed_addresses(), *api_addresses()]
