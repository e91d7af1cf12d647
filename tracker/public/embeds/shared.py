"""How an answer for other sites differs from a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

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
