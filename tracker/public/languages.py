"""The language of a page stands in its address: `/ar/pledges/`. No cookie and no browser's wish decides it.

The site's own language (`TRACKER_LANGUAGE`) has no prefix, so that its addresses stay those already printed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation


@dataclass(frozen=True, kw_only=True)
class Version:
    """One page in one language. `address` is a path with its query."""

    code: str
    name: str
    address: str
    is_here: bool


class PathLanguage:
    """Django's own also looks at cookies, and tells caches that each browser may get another page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _language_of(request.path_info)
        if language == settings.LANGUAGE_CODE:
            return HttpResponseRedirect(in_language(request.get_full_path(), language))
        with translation.override(language or settings.LANGUAGE_CODE):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


def _language_of(path: str) -> str:
    """Return the language of the site that a path begins with, else nothing.

    Django's own takes `en-gb` for `en`: what it names is not there, and to leave `en` out leads nowhere.
    """
    first = path.removeprefix("/").partition("/")[0]
    return first if first in dict(settings.LANGUAGES) else ""


def in_language(address: str, language: str) -> str:
    """Return the address of the same page in `language`."""
    first, _slash, rest = address.lstrip("/").partition("/")
    # Two slashes at the beginning would be another site.
    bare = "/" + (rest if first in dict(settings.LANGUAGES) else address).lstrip("/")
    return bare if language == settings.LANGUAGE_CODE else f"/{language}{bare}"


def versions(address: str) -> list[Version]:
    here = translation.get_language()
    return [
        Version(code=code, name=name, address=in_language(address, code), is_here=code == here)
        for code, name in settings.LANGUAGES
    ]
