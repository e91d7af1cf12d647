"""Every public address, for tests that ask the same of all of them."""

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
    "/data/",
    "/follow/",
    "/follow/asked/",
    "/no-such-page/",
)
FEEDS = ("/feed.atom", "/overdue.atom", "/checkpoints.atom", "/corrections.atom")


def subject_addresses() -> list[str]:
    """The page and the feed of each pledge, case and body, public or not."""
    pages = [
        subject.get_absolute_url()
        for model in (Pledge, Case, Body)
        for subject in model._default_manager.order_by("pk")
    ]
    return [*pages, *(f"{page}feed.atom" for page in pages)]


def all_addresses() -> list[str]:
    return [*PAGES, *FEEDS, *subject_addresses()]
