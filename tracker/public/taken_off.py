"""What is said at the addresses of a pledge that was public and is not: since when, why, and no more."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from pledges.models import Event
from pledges.models.choices import EventKind, Publication


def taken_off(reference: str) -> Event | None:
    """Return the event that took a pledge off the public pages, if it was public and is not."""
    off = Event.objects.filter(
        kind=EventKind.UNPUBLISHED,
        pledge__reference=reference,
        pledge__publication=Publication.UNPUBLISHED,
    )
    return off.order_by("position").last()


def gone(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer 410 for a pledge that was taken off. Raises Http404 where none was ever public."""
    event = taken_off(reference)
    if event is None:
        raise Http404(reference)
    return render(request, "public/taken_off.html", {"event": event}, status=HTTPStatus.GONE)
