"""Pages made once and given to all readers while nothing happens to the record, and never over a minute.

The clock makes a page old too: "due today" ends at midnight, and the footer says when deadlines were checked.
So what is kept has a tag, made of the edition of the record, the minute, and the address.

Last-Modified is for programs that know no entity tags: the beginning of the edition or of the minute, the
later of the two. It knows whole seconds alone, and two editions may begin within one. So it is sent once no
other can begin in its second, and this very date alone brings "not modified": another one is not from us.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any, NamedTuple

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from tracker import edition, silence

from .middleware import is_admin
from .moment import Moment
from .packing import settle, takes_gzip

# Browsers and the proxy may give a page again for so long without asking: a crowd then costs one page.
UNASKED = 10  # seconds
LASTS = 90  # seconds; nobody asks for the tag after its minute
MOST_KEPT = 16 * 1024 * 1024  # bytes that a process gives to Redis within a minute; a page has 5 to 340 kB
MOST_AT_HAND = 100  # pages; packed they have up to 40 kB, the longest plain ones 340 kB
SETTLED = 2  # seconds, with one in which a new edition is told to Redis
# Rises with every change of how pages are written: two releases may share one Redis.
FORMAT = "3"
# What looks after the tracker asks these, also while Redis is in trouble.
NEVER = ("/healthz", "/readyz")
# What is said of a page that is not kept.
PLAIN = {"Vary": "Accept-Encoding"}
# What a copy must hear of itself, also where it is still right.
SAID_AGAIN = ("Cache-Control", "Vary", "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy")
Answer = Callable[[HttpRequest], HttpResponse]
View = Callable[..., Any]  # Some answer with a stream, which Django's decorators do not know by a type.


def read_only(view: View) -> View:
    """Answer GET and HEAD alone, compressed, made once for all. No page holds a secret that could leak."""
    # What else is asked is refused as such; nothing here could be forged.
    return kept(csrf_exempt(gzip_page(require_safe(view))))


def of_record(view: View) -> View:
    """The same for what the record changes, and the clock at most by the day: it has a tag of its content.

    It is for programs, also those that run in a page of another site.
    """
    return read_only(for_any_site(conditional_page(view)))


def for_any_site(view: View) -> View:
    """Let programs in the pages of any site read the answer: it is public, and depends on nobody who asks."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  (some answer, as above)
        response = view(*args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return answer


def kept(view: View) -> View:
    """Mark a view whose pages are the same for all readers, for `KeptPages` to keep."""
    view.is_kept = True  # type: ignore[attr-defined]  # read below; `wraps` hands it on
    return view


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is kept: a line of JSON, with the tag that it was made for, and after it the body as it is."""

    headers: dict[str, str]
    body: bytes

    def written(self, tag: str) -> bytes:
        return json.dumps([tag, self.headers]).encode() + b"\n" + self.body

    @classmethod
    def read(cls, found: object, tag: str) -> "Page | None":
        """Read what was found, if it is a page, and of the very edition and minute of `tag`."""
        line, _end, body = found.partition(b"\n") if isinstance(found, bytes) else (b"", b"", b"")
        try:
            made_for, headers = json.loads(line)
        except (ValueError, TypeError):
            return None  # nothing, or what something else wrote: the page is made, and kept in its place
        return cls(headers=headers, body=body) if made_for == tag else None


class Found(NamedTuple):
    """The edition in which a page is asked for, when, the tag that the page has then, and itself if kept."""

    name: str
    now: datetime
    tag: str
    page: Page | None


class Room:
    """How many bytes a process may still give to Redis in a minute, so that whoever asks for every address
    there is doesn't fill the memory in which the queue stands, too.
    """

    def __init__(self) -> None:
        self.minute = self.left = 0

    def takes(self, size: int, minute: int) -> bool:
        """Take `size` bytes of the minute that begins at a second since 1970; say no where less is left."""
        if minute != self.minute:
            self.minute, self.left = minute, MOST_KEPT
        if size > self.left:
            return False
        self.left -= size
        return True


class KeptPages:
    """Answers "not modified" where the reader's copy is right, and what was made before where it is kept.

    It stands early in MIDDLEWARE, because what runs after it takes longer than it does. Only what views
    marked `kept` made is ever found.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        # By their tags, which no other page ever has: those that Redis gave to this process.
        self.at_hand: dict[str, Page] = {}
        self.room = Room()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        settle(request)
        if request.method not in ("GET", "HEAD") or request.path_info in NEVER or is_admin(request):
            return self.get_response(request)
        key = key_of(request)
        found = self._find(key)
        if found is None:
            return _made_anew(request, self.get_response(request))
        name, now, tag, page = found
        began = edition.began(name)
        changed = _settled(max(began, _minute(now)), now)
        if _has(request, tag):
            return _dated(_not_modified(page.headers if page else PLAIN), tag, changed)
        response = HttpResponse(page.body, headers=page.headers) if page else None
        if response is None:
            response = self.get_response(request)
            if response.status_code != HTTPStatus.OK or not _is_for_all(request):
                return response
            self._keep(key, found, request, response)
        if "ETag" in response:
            # What the clock changes at most by the day has a tag of its own, and is as old as edition or day.
            tag, changed = response["ETag"], _settled(max(began, _day(now)), now)
        # Only now by date: unlike a tag, which names its address, one is right also where there is no page.
        is_right = _has(request, tag) or _is_dated(request, changed)
        return _dated(_not_modified(response.headers) if is_right else response, tag, changed)

    def _find(self, key: str) -> Found | None:
        """Find the page of `key`, at hand while an answer of Redis is believed, else by asking it."""
        name = edition.believed()
        if name:
            now, tag = _tagged(key, name)
            page = self.at_hand.get(tag)
            if page:
                return Found(name, now, tag, page)
        name, what = edition.current_with(key)
        if not name:
            return None
        now, tag = _tagged(key, name)
        page = Page.read(what, tag)
        if page and tag not in self.at_hand:
            if len(self.at_hand) >= MOST_AT_HAND:
                self.at_hand.clear()
            self.at_hand[tag] = page
        return Found(name, now, tag, page)

    def _keep(self, key: str, found: Found, request: HttpRequest, response: HttpResponse) -> None:
        # Pages are few. What strangers can ask of one is without end, and would fill the memory of all.
        if response.streaming or request.META.get("QUERY_STRING"):
            return
        written = Page(headers=dict(response.items()), body=response.content).written(found.tag)
        if not self.room.takes(len(written), _minute(found.now)):
            return
        try:
            cache.set(key, written, LASTS)
        except silence.NO_ANSWER as trouble:
            silence.no_answer("nothing is kept", trouble)


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // 60 * 60


def _day(now: datetime) -> int:
    """The beginning of the day in UTC: of very many due dates a calendar has those nearest to it."""
    return int(now.timestamp()) // 86_400 * 86_400


def _settled(second: int, now: datetime) -> int | None:
    """Return the second in which a page changed last, once nothing more can change it in that second."""
    return second if second + SETTLED <= now.timestamp() else None


def _has(request: HttpRequest, tag: str) -> bool:
    """Whether the reader says that she has the copy with this tag."""
    sent = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return tag.removeprefix("W/") in {each.removeprefix("W/") for each in sent}


def _is_dated(request: HttpRequest, changed: int | None) -> bool:
    """Whether the reader, who names no tag, says that she has the copy of this date."""
    date = parse_http_date_safe(request.META.get("HTTP_IF_MODIFIED_SINCE", ""))
    return "HTTP_IF_NONE_MATCH" not in request.META and date is not None and date == changed


def _dated(response: HttpResponse, tag: str, changed: int | None) -> HttpResponse:
    response["ETag"] = tag
    if changed is not None:
        response["Last-Modified"] = http_date(changed)
    return _for_a_while(response)


def _made_anew(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the proxy give the page to a crowd also while there is no edition: it costs most just then."""
    is_page = response.status_code == HTTPStatus.OK and _is_for_all(request)
    return _for_a_while(response) if is_page else response


def _for_a_while(response: HttpResponse) -> HttpResponse:
    response.setdefault("Cache-Control", f"public, max-age={UNASKED}")
    return response


def key_of(request: HttpRequest) -> str:
    """Return under what the page of an address is kept. Raises DisallowedHost for a host that is not ours.

    What host was asked is no part of it: pages name that of the settings, and one can write a name in upper
    case and with any port.
    """
    request.get_host()
    return _hash(FORMAT, str(takes_gzip(request)), request.get_full_path())


def _tagged(key: str, name: str) -> tuple[datetime, str]:
    """Read the clock, and return it with the tag that the page of `key` has by it in an edition.

    Before the page reads its own instant: what is kept may be newer than its name, never older.
    """
    now = Moment.read().now
    return now, tag_of(key, name, now)


def tag_of(key: str, name: str, now: datetime) -> str:
    """Return the entity tag of the page of `key` in an edition at the minute of `now`."""
    return f'"{_hash(name, f"{now:%Y-%m-%dT%H:%M}", key)}"'


def _hash(*facts: str) -> str:
    return sha256(chr(0).join(facts).encode()).hexdigest()[:32]


def _not_modified(headers: Mapping[str, str]) -> HttpResponse:
    """Say that the reader's copy is right, which had these headers."""
    return HttpResponseNotModified(headers={name: headers[name] for name in SAID_AGAIN if name in headers})


def _is_for_all(request: HttpRequest) -> bool:
    """Whether the view that answered is marked `kept`."""
    return bool(request.resolver_match and getattr(request.resolver_match.func, "is_kept", False))
