"""Addresses of what other sites show. They stand in pages that we never see: they stay."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from . import views

# A word that is no longer true must leave other sites soon, and a popular page must not ask each time.
KEPT_SECONDS = 300
View = Callable[..., HttpResponse]


def shared(view: View) -> View:
    """Answer GET and HEAD alone, compressed, for pages of any site to load."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return gzip_page(cache_control(public=True, max_age=KEPT_SECONDS)(require_safe(answer)))


def forms_of(kind: str, place: str) -> list[URLPattern]:
    """Return the addresses of the badge and the card beside the page of a subject."""
    return [
        path(f"{place}badge.svg", shared(views.badge), {"kind": kind}, name=f"badge_{kind}"),
        path(f"{place}card/", shared(views.card), {"kind": kind}, name=f"card_{kind}"),
    ]


urlpatterns = [
    *forms_of("pledge", "pledges/<reference:key>/"),
    *forms_of("case", "cases/<slug:key>/"),
    *forms_of("body", "bodies/<slug:key>/"),
]
