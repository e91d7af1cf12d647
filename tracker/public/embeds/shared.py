"""How an answer for other sites differs from a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from tracker.public.keeping import for_any_site

# A word that is no longer true must leave other sites soon, and a popular page must not ask each time. A
# proxy and a browser after it may each keep an answer for so long.
KEPT_SECONDS = 150
View = Callable[..., HttpResponse]


def shared(view: View) -> View:
    """Answer GET and HEAD alone, compressed, for pages of any site to load."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        if "no-store" not in response.get("Cache-Control", ""):
            patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
        return response

    return gzip_page(require_safe(for_any_site(answer)))
