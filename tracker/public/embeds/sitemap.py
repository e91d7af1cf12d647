"""The sitemap (https://www.sitemaps.org): every public page, and when its record last changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from pledges.models import Body, Case, Pledge
from pledges.models.choices import PUBLIC_EVENT_KINDS, Publication
from tracker.public.feeds import absolute

# The protocol allows 50,000 addresses a file, and as many files. A file of so many is made in one go.
PER_FILE = 10_000
MOST_FILES = 50_000
PLACES = (
    "overview",
    "pledges",
    "overdue",
    "cases",
    "bodies",
    "about",
    "safety",
    "corrections",
    "checkpoints",
    "follow",
)
TELLING = Q(events__kind__in=PUBLIC_EVENT_KINDS)
TELLING_OF_PUBLISHED = Q(
    pledges__publication=Publication.PUBLISHED, pledges__events__kind__in=PUBLIC_EVENT_KINDS
)
Rows = QuerySet[Pledge] | QuerySet[Case] | QuerySet[Body]


@dataclass(frozen=True)
class Entry:
    """One address. `changed_at` is None for pages that the clock changes too."""

    address: str
    changed_at: datetime | None = None


def _pledges() -> Rows:
    return Pledge.objects.published()


def _cases() -> Rows:
    return Case.objects.published()


def _bodies() -> Rows:
    return Body.objects.published()


# Each with the public events that change its pages.
SECTIONS: dict[str, tuple[Callable[[], Rows], str, Q]] = {
    "pledges": (_pledges, "events__recorded_at", TELLING),
    "cases": (_cases, "pledges__events__recorded_at", TELLING_OF_PUBLISHED),
    "bodies": (_bodies, "pledges__events__recorded_at", TELLING_OF_PUBLISHED),
}


def index(request: HttpRequest) -> HttpResponse:
    files = [("pages", 1)]
    for name, (rows, *_) in SECTIONS.items():
        files += [(name, 1 + start // PER_FILE) for start in range(0, rows().count(), PER_FILE)]
    addresses = [absolute(reverse("machines:sitemap_file", args=each)) for each in files]
    return _answer(request, "sitemap_index.xml", addresses)


def file(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """Answer with the addresses of one file, numbered from 1; 404 past the last one."""
    entries: list[Entry] = []
    if section in SECTIONS and 0 < number <= MOST_FILES:
        entries = list(_entries(section, number))
    elif section == "pages" and number == 1:
        entries = [Entry(absolute(reverse(f"public:{name}"))) for name in PLACES]
    if not entries:
        raise Http404(section)
    return _answer(request, "sitemap.xml", entries)


def _entries(section: str, number: int) -> Iterable[Entry]:
    rows, changed, telling = SECTIONS[section]
    start = (number - 1) * PER_FILE
    for row in (
        rows().annotate(changed_at=Max(changed, filter=telling)).order_by("pk")[start : start + PER_FILE]
    ):
        yield Entry(absolute(row.get_absolute_url()), row.changed_at)


def _answer(request: HttpRequest, template: str, rows: object) -> HttpResponse:
    return render(request, f"public/embeds/{template}", {"rows": rows}, content_type="application/xml")
