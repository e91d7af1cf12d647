"""The page for readers at risk: what this site does not do, what it can't hide, and what they can do."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.alerts import allowance, subscribing


def safety(request: HttpRequest) -> HttpResponse:
    """Answer with what the code does; tests hold it to each of these sentences."""
    context = {
        "host": urlsplit(settings.TRACKER_SITE_URL).hostname,
        "contact": settings.TRACKER_SECURITY_CONTACT,
        "unconfirmed_days": subscribing.UNCONFIRMED_FOR.days,
        "count_days": allowance.KEPT.days,
    }
    return render(request, "public/safety.html", context)
