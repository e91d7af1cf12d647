"""The two files that every site is asked for: what programs may read, and whom to tell of a weakness."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from tracker.public.feeds import absolute
from tracker.public.moment import Moment

PLAIN = "text/plain; charset=utf-8"
# RFC 9116 asks for less than a year. It is renewed each day that the site is run.
SECURITY_CONTACT_HOLDS = timedelta(days=180)
# What a mailed link opens. A program that follows links must not open one that somebody published.
BY_LINK = ("confirm", "manage", "leave")


def robots(request: HttpRequest) -> HttpResponse:
    closed = dict.fromkeys(_closed())
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {absolute(reverse('machines:sitemap'))}",
    ]
    return _plain(lines)


def _closed() -> Iterator[str]:
    """Yield the beginnings of the addresses that programs should leave alone, in every language."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            yield reverse("admin:index")
            for name in BY_LINK:
                yield reverse(f"public:{name}", args=["x"]).removesuffix("x/")


def security(request: HttpRequest) -> HttpResponse:
    """Answer with RFC 9116's file; 404 where no contact is set, for a contact must be one that answers."""
    if not settings.TRACKER_SECURITY_CONTACT:
        raise Http404("no contact is set")
    return _plain(
        [
            f"Contact: {settings.TRACKER_SECURITY_CONTACT}",
            f"Expires: {_expires(Moment.read().now):%Y-%m-%dT%H:%M:%SZ}",
            f"Canonical: {absolute(reverse('machines:security'))}",
        ]
    )


def _expires(now: datetime) -> datetime:
    """Return the instant, at the start of a day in UTC, until which the contact may be relied on."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_CONTACT_HOLDS


def _plain(lines: list[str]) -> HttpResponse:
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type=PLAIN)
