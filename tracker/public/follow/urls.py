"""Addresses of the pages of mail without an account. Those with a token stand in mails: they stay."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from . import views

View = Callable[..., HttpResponse]


def form(view: View) -> View:
    """Take a form without a cookie. There is nothing to forge: only a mailed link authorises anything."""
    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(view))


def by_link(view: View) -> View:
    """The same for a page that a mailed link opens: kept by no cache, found by no search engine.

    Not compressed: how well a secret compresses beside what a stranger writes would tell about it.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return form(answer)


urlpatterns = [
    path("", gzip_page(form(views.follow)), name="follow"),
    path("asked/", gzip_page(require_http_methods(["GET", "HEAD"])(views.asked)), name="asked"),
    path("confirm/<str:token>/", by_link(views.confirm), name="confirm"),
    path("manage/<str:token>/", by_link(views.manage), name="manage"),
    path("leave/<str:token>/", by_link(views.leave), name="leave"),
]
