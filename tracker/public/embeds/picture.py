"""The picture that messengers show beside the address of a page."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

import resvg_py
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string

from tracker.public.api.throttle import wait
from tracker.public.keeping import UNASKED
from tracker.public.moment import Moment
from tracker.public.network import network_of

from . import share
from .lettering import BOLD, REGULAR
from .sheet import Sheet
from .subjects import missing, published


def of_subject(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    found = published(kind, key)
    if found is None:
        return missing(request, kind, key)
    return _answer(request, partial(share.of_subject, found))


def of_site(request: HttpRequest) -> HttpResponse:
    return _answer(request, share.of_site)


def _answer(request: HttpRequest, make: Callable[[Moment], Sheet]) -> HttpResponse:
    """Answer with the picture. To draw takes more than to write a page, so strangers can't have it at will:
    not again by adding to its address, and no more often than the API answers a network. No page shows it.
    """
    if request.META.get("QUERY_STRING"):
        return HttpResponseRedirect(request.path)
    moment = Moment.read()
    seconds = wait(network_of(request), moment.now)
    if seconds:
        # Of one network alone: a proxy that kept it would refuse all.
        refusal = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers=refusal)
    # No longer than a page: messengers keep what they get for long enough.
    headers = {"Cache-Control": f"public, max-age={UNASKED}"}
    return HttpResponse(png(svg(make(moment))), content_type="image/png", headers=headers)


def svg(sheet: Sheet) -> str:
    return render_to_string("public/embeds/share.svg", {"sheet": sheet})


def png(drawing: str) -> bytes:
    """Draw an SVG with our own letters alone, so that it looks the same on every machine."""
    return resvg_py.svg_to_bytes(
        svg_string=drawing, skip_system_fonts=True, font_files=[str(REGULAR), str(BOLD)]
    )
