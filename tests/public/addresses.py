"""Every public address, for tests that ask the same of all of them."""

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
    "/corrections/",
    "/checkpoints/",
    "/checkpoints/1/",
    "/follow/",
    "/follow/asked/",
    "/no-such-page/",
)
FEEDS = ("/feed.atom", "/overdue.atom", "/checkpoints.atom", "/corrections.atom")
MACHINES = (
    "/robots.txt",
    "/.well-known/security.txt",
    "/sitemap.xml",
    "/sitemap-pages-1.xml",
    "/sitemap-pledges-1.xml",
    "/sitemap-cases-1.xml",
    "/sitemap-bodies-1.xml",
)


def subject_addresses() -> list[str]:
    """The page and the feed of each pledge, case and body, public or not."""
    pages = [
        subject.get_absolute_url()
        for model in (Pledge, Case, Body)
        for subject in model._default_manager.order_by("pk")
    ]
    return [*pages, *(f"{page}feed.atom" for page in pages)]


def card_addresses() -> list[str]:
    """The card of each pledge, case and body: the pages that may stand in a frame."""
    return [f"{page}card/" for page in subject_addresses() if page.endswith("/")]


def badge_addresses() -> list[str]:
    return [f"{page}badge.svg" for page in subject_addresses() if page.endswith("/")]


def oembed_addresses() -> list[str]:
    pages = (page for page in subject_addresses() if page.endswith("/"))
    return [
        "/oembed",
        *(f"/oembed?{urlencode({'url': f'{settings.TRACKER_SITE_URL}{page}'})}" for page in pages),
    ]


def all_addresses() -> list[str]:
    embeds = [*card_addresses(), *badge_addresses(), *oembed_addresses()]
    return [*PAGES, *FEEDS, *MACHINES, *subject_addresses(), *embeds]
