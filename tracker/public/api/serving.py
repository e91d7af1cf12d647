"""How answers are served: to programs on any site, counted, compressed, in the language asked for."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page

from tracker.public.moment import Moment
from tracker.public.network import network_of

from . import errors, throttle

View = Callable[..., HttpResponse]
METHODS = "GET, HEAD, OPTIONS"
# Any site may read: all of it is public, and nothing depends on who asks.
SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}
FRESH = "public, max-age=60"


def served(view: View) -> View:
    """Make a view that answers GET into one that serves it. No cookie is read, so nothing can be forged."""
    read = conditional_page(view)

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("lang")
        language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = _answer(read, request, *args, **kwargs)
        response["Content-Language"] = language
        for name, value in SHARED.items():
            response[name] = value
        return response

    return csrf_exempt(gzip_page(answer))


def _answer(read: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)
    if request.method not in ("GET", "HEAD"):
        response = errors.no_such_method(request)
        response["Allow"] = METHODS
        return response
    seconds = throttle.wait(network_of(request), Moment.read().now)
    if seconds:
        response = errors.too_many(settings.TRACKER_API_HOURLY, seconds)
    else:
        response = _as_get(read, request, *args, **kwargs)
    is_good = response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
    response["Cache-Control"] = FRESH if is_good else "no-store"
    return response


def _as_get(read: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer HEAD as GET: the server leaves the content out, and its headers are then the same."""
    method, request.method = request.method, "GET"
    try:
        return read(request, *args, **kwargs)
    except Http404:
        return errors.no_such_address(request)
    finally:
        request.method = method
