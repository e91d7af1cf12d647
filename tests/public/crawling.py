"""Follows every link of the public site, as a reader's finger and a search engine do."""

import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

IN_XML, IN_JSON = re.compile("<loc>(.*?)</loc>"), re.compile(r'"(https?://[^"]+)"')
MOST = 3_000


@dataclass(frozen=True)
class Link:
    """One link of a page: where it leads, and what its tag says."""

    page: str
    tag: str
    target: str
    attributes: dict[str, str]


@dataclass
class Crawl:
    """What was met: answers by address, and the links that lead off the site."""

    answers: dict[str, Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    outward: list[Link] = field(default_factory=list)
    loaded: list[Link] = field(default_factory=list)


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and values.get("method", "get").lower() == "get" and "action" not in values:
            values["action"] = self.page
        if tag == "meta" and values.get("content", "").startswith(("http:", "https:")):
            # What a messenger loads to show what is shared.
            self.found.append(Link(self.page, tag, values["content"], values))
        for name in ("href", "src", "action", "srcset", "poster", "data"):
            if name in values:
                self.found.append(Link(self.page, tag, values[name], values))


def crawl(client: Client, *starts: str) -> Crawl:
    """Ask for `starts` and for all that they lead to, each once. Static files and the admin are left out."""
    met = Crawl()
    waiting = deque(starts)
    while waiting and len(met.answers) < MOST:
        address = waiting.popleft()
        if address in met.answers:
            continue
        answer: Any = client.get(address, secure=True)
        met.answers[address] = answer
        met.names.add(_name_of(urlsplit(address).path))
        for link in links_of(address, answer):
            is_ours, target = _here_of(link.page, link.target)
            if not is_ours:
                (met.outward if link.tag == "a" else met.loaded).append(link)
            elif target not in met.answers and not _is_left_out(target):
                waiting.append(target)
    return met


def links_of(address: str, answer: HttpResponse) -> list[Link]:
    kind = answer["Content-Type"].partition(";")[0]
    if answer.has_header("Location"):
        return [Link(address, "redirect", answer["Location"], {})]
    if kind == "text/html":
        reader = Links(address)
        reader.feed(answer.content.decode())
        return reader.found
    if kind == "application/xml":
        return [Link(address, "loc", target, {}) for target in IN_XML.findall(answer.content.decode())]
    if kind == "application/json" and address.startswith("/api/"):
        # What an answer tells of sources is no link of ours.
        targets = IN_JSON.findall(answer.content.decode())
        return [Link(address, "json", target, {}) for target in targets if _here_of(address, target)[0]]
    return []


def _here_of(page: str, target: str) -> tuple[bool, str]:
    """Whether a link on a page stays on the site, and to which address it leads there."""
    site = settings.TRACKER_SITE_URL
    # Calendar programs take the same address by a name of their own.
    own = target.replace(f"webcal://{urlsplit(site).netloc}/", f"{site}/")
    whole = urldefrag(urljoin(f"{site}{page}", own)).url
    if not whole.startswith(f"{site}/"):
        return False, whole
    return True, whole.removeprefix(site)


def _name_of(path: str) -> str:
    """Return the name of an address; each language knows its own addresses alone."""
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            return resolve(path).view_name
        except Resolver404:
            return ""


def _is_left_out(address: str) -> bool:
    """Leave out what is not a page, and filters joined with others: there is no end to them."""
    is_joined = "/pledges/" in address and "&" in address
    return is_joined or address.startswith((settings.STATIC_URL, "/admin/"))
