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


def all_addresses() -> list[str]:
    return [*PAGES, *FEEDS, *subject_addresses()]
