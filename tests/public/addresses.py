"""Every public address, for tests that ask the same of all of them."""

import re

from pledges.models import Body, Case, Pledge

PAGES = (
    "/",
    "/pledges/",
    "/overdue/",
    "/cases/",
    "/bodies/",
    "/about/",
    "/api/",
    "/corrections/",
    "/checkpoints/",
    "/checkpoints/1/",
    "/calendar/",
    "/calendar/2025/04/",
    "/calendar/2025/04/07/",
    "/follow/",
    "/follow/asked/",
    "/no-such-page/",
)
FEEDS = ("/feed.atom", "/overdue.atom", "/checkpoints.atom", "/corrections.atom", "/calendar.ics")

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


def translated_addresses() -> list[str]:
    """Those that each language has of its own."""
    return [*PAGES, *FEEDS, *subject_addresses()]


def all_addresses() -> list[str]:
    return [*translated_addresses(), *api_addresses()]
