"""Answers as programs read them."""

import json
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

from django.test import Client

SITE = "http://127.0.0.1:8000"
SVG = "{http://www.w3.org/2000/svg}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINKED = "application/ld+json"


def xml(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314 - our own answer, and small


class Read(HTMLParser):
    """The links, the frames, the texts of fields and the data blocks of a page, as a browser finds them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.fields: list[str] = []
        self.data: list[Any] = []
        self._inside = ""
        self._text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "textarea"):
            self._inside, self._text = tag, ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside == "script":
            self.data.append(json.loads(self._text))
        elif tag == self._inside:
            self.fields.append(self._text)
        if tag == self._inside:
            self._inside = ""

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.tags if name == tag and wanted.items() <= found.items()]


def page(client: Client, address: str, *, status: int = 200) -> Read:
    answer = client.get(address)
    assert answer.status_code == status, address
    return Read(answer.content.decode())


def linked(client: Client, address: str) -> dict[str, Any]:
    """Return the one data block of a page."""
    read = page(client, address)
    [tag] = read.all("script")
    assert tag == {"type": LINKED}
    [found] = read.data
    assert found["@context"] == "https://schema.org"
    return dict(found)


def oembed(
    client: Client, url: str, asked: Mapping[str, str] | None = None, *, status: int = 200
) -> dict[str, Any]:
    """Ask for the frame of `url`, with what else is `asked`."""
    answer = client.get("/oembed", {"url": url, **(asked or {})})
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    return dict(answer.json())
