"""oEmbed (https://oembed.com): the address of a page in, the frame of its card out."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tracker.public.feeds import absolute, site_title
from tracker.public.languages import in_language

from .snippets import frame
from .subjects import WIDTH, Embed, published

# The views whose addresses have a card, by the full name of each.
PAGES = {f"public:{kind}": kind for kind in ("pledge", "case", "body")}
KEPT_SECONDS = 3600


class RefusedError(Exception):
    """A request that gets no frame: with what status, and why, in words for its author."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Size:
    """The most that the asking page has room for, in CSS pixels; None for any."""

    width: int | None
    height: int | None


def oembed(request: HttpRequest) -> HttpResponse:
    """Answer 200 with the frame; 400 for what is not understood, 404 for what has no card, 501 for XML."""
    try:
        _check_format(request)
        size = Size(_pixels(request, "maxwidth"), _pixels(request, "maxheight"))
        path = _own_path(request)
        # The card speaks the language of the page that was asked about.
        language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
        with translation.override(language):
            return JsonResponse(_answer(_find(in_language(path, language)), size))
    except RefusedError as refusal:
        return JsonResponse({"error": str(refusal)}, status=refusal.status)


def discovery(embed: Embed) -> str:
    """Return the address that tells programs how to show `embed`."""
    return absolute(f"{reverse('machines:oembed')}?{urlencode({'url': embed.page, 'format': 'json'})}")


def _check_format(request: HttpRequest) -> None:
    if request.GET.get("format", "json") != "json":
        raise RefusedError(HTTPStatus.NOT_IMPLEMENTED, _("Only format=json is answered."))


def _pixels(request: HttpRequest, name: str) -> int | None:
    raw = request.GET.get(name, "")
    if not raw:
        return None
    if raw.isascii() and raw.isdecimal() and len(raw) < 6 and int(raw) > 0:
        return int(raw)
    reason = _("%(name)s is not a whole number of pixels from 1 to 99999.") % {"name": name}
    raise RefusedError(HTTPStatus.BAD_REQUEST, reason)


def _own_path(request: HttpRequest) -> str:
    """Return the path, decoded, of the address of ours that is asked about."""
    raw = request.GET.get("url", "")
    if not raw:
        reason = _("The address of a page is missing: add ?url= with the address, percent-encoded.")
        raise RefusedError(HTTPStatus.BAD_REQUEST, reason)
    try:
        parts = urlsplit(raw)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        reason = _("url is not a whole web address, such as %(example)s.")
        raise RefusedError(HTTPStatus.BAD_REQUEST, reason % {"example": absolute(reverse("public:pledges"))})
    if parts.netloc.lower() not in (urlsplit(settings.TRACKER_SITE_URL).netloc.lower(), request.get_host()):
        reason = _("url is not an address of this site, %(site)s.")
        raise RefusedError(HTTPStatus.NOT_FOUND, reason % {"site": settings.TRACKER_SITE_URL})
    return unquote(parts.path)


def _find(path: str) -> Embed:
    """Return what stands at a path of ours, if it is a public pledge, case or body."""
    try:
        match = resolve(path)
    except Resolver404:
        match = None
    kind = PAGES.get(match.view_name) if match else None
    found = published(kind, next(iter(match.kwargs.values()))) if match and kind else None
    if found is None:
        reason = _("url is not the page of a public pledge, case or body.")
        raise RefusedError(HTTPStatus.NOT_FOUND, reason)
    return Embed(found)


def _answer(embed: Embed, size: Size) -> dict[str, object]:
    width = min(WIDTH, size.width or WIDTH)
    height = min(embed.height, size.height or embed.height)
    return {
        "version": "1.0",
        "type": "rich",
        "title": embed.title,
        "provider_name": site_title(),
        "provider_url": absolute(reverse("public:overview")),
        "cache_age": KEPT_SECONDS,
        "html": frame(embed, width=width, height=height),
        "width": width,
        "height": height,
    }
