"""Pages made once and given to all readers while nothing happens to the record, and never over a minute.

The clock makes a page old too: "due today" ends at midnight, and the footer says when deadlines were checked.
So what is kept is named by the edition of the record, the minute, and the address.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from tracker import edition

from .moment import Moment

# Browsers and the proxy may give a page again for so long without asking: a crowd then costs one page.
UNASKED = 10  # seconds
LASTS = 90  # seconds; nobody asks for the name after its minute
# The addresses with these alone are few. Words, places in a list and what strangers add would fill memory.
FEW = frozenset({"case", "body", "action", "status", "timeliness", "order"})
KEPT_HEADERS = (
    "Content-Type",
    "Content-Encoding",
    "Content-Language",
    "Content-Disposition",
    "Content-Security-Policy",
    "ETag",
    "Vary",
)
View = Callable[..., Any]  # Some answer with a stream, which Django's decorators do not know by a type.


def read_only(view: View) -> View:
    """Answer GET and HEAD alone, compressed, made once for all. No page holds a secret that could leak."""
    return kept(gzip_page(require_safe(view)))


def kept(view: View) -> View:
    """Answer "not modified" where the reader's copy is right, and what was made before where it is kept."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        def make() -> HttpResponse:
            made: HttpResponse = view(request, *args, **kwargs)
            return made

        name = edition.current()
        if not name:
            return make()
        # Before the page reads its own instant: what is kept may be newer than its name, never older.
        tag = tag_of(request, name, Moment.read().now)
        if _has(request, tag):
            return _dated(HttpResponseNotModified(), tag)
        response = _fetch(tag) or _make(tag, request, make)
        if response.status_code != HTTPStatus.OK:
            return response
        # A calendar does not change with the clock, and has a tag of its own.
        own = response.get("ETag", tag)
        return _dated(HttpResponseNotModified() if _has(request, own) else response, own)

    return answer


def _has(request: HttpRequest, tag: str) -> bool:
    """Whether the reader says that she has the copy with this tag."""
    sent = parse_etags(request.headers.get("If-None-Match", ""))
    return tag.removeprefix("W/") in {each.removeprefix("W/") for each in sent}


def _dated(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response.setdefault("Cache-Control", f"public, max-age={UNASKED}")
    return response


def tag_of(request: HttpRequest, name: str, now: datetime) -> str:
    """Return the entity tag of an address in an edition at the minute of `now`."""
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    facts = (name, f"{now:%Y-%m-%dT%H:%M}", str(is_packed), request.get_host(), request.get_full_path())
    return f'"{sha256(chr(0).join(facts).encode()).hexdigest()[:32]}"'


def _fetch(tag: str) -> HttpResponse | None:
    found = _attempt(lambda: cache.get(tag))
    return HttpResponse(b64decode(found["body"]), headers=found["headers"]) if found else None


def _make(tag: str, request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    response = make()
    if response.status_code == HTTPStatus.OK and not response.streaming and request.GET.keys() <= FEW:
        headers = {each: response[each] for each in KEPT_HEADERS if each in response}
        page = {"body": b64encode(response.content).decode("ascii"), "headers": headers}
        _attempt(lambda: cache.set(tag, page, LASTS))
    return response


def _attempt(ask: Callable[[], Any]) -> Any:  # noqa: ANN401  (what JSON holds)
    """Ask the cache; while it does not answer, it holds nothing."""
    try:
        return ask()
    except edition.NO_ANSWER as trouble:
        edition.complain("nothing is kept", trouble)
        return None
