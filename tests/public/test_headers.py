"""What every public answer carries, and what none may: policy, privacy, no cookie, little weight."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from pledges import record
from pledges.models import Pledge
from tests.public.addresses import FEEDS, all_addresses, card_addresses, subject_addresses
from tests.public.data.files import FILES
from tests.support.founding import LAPSE, founding_case
from tests.support.records import make_reviewer
from tracker.public.middleware import PublicHeaders

pytestmark = pytest.mark.django_db
LIMIT = 40_000
PICTURE_LIMIT = 100_000


class Loaded(HTMLParser):
    """Collects what a browser would fetch by itself, and what a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script" and values == {"type": "application/ld+json"}:
            # Data about the page: no browser runs it, and no policy has anything against it.
            return
        if tag in {"script", "style", "iframe", "object", "embed", "base"} or "style" in values:
            self.refused.append(self.get_starttag_text() or tag)
        self.refused += [name for name in values if name.startswith("on")]
        if tag == "link" and values.get("rel") in {"stylesheet", "icon"}:
            self.addresses.append(values["href"] or "")
        self.addresses += [
            values[name] or "" for name in ("src", "srcset", "poster", "action") if name in values
        ]


def static_file(name: str) -> bytes:
    path = finders.find(name)
    assert isinstance(path, str)
    return Path(path).read_bytes()


def test_no_public_answer_sets_a_cookie_even_for_staff(client: Client) -> None:
    founding_case()
    for address in [*all_addresses(), "/pledges/?words=x", "/healthz"]:
        assert not client.get(address).cookies, address
    client.force_login(make_reviewer())
    for address in all_addresses():
        answer = client.get(address)
        assert not answer.cookies, address
        assert "Cookie" not in answer.get("Vary", ""), address


def test_every_public_answer_carries_the_policy(client: Client) -> None:
    founding_case()
    framed = card_addresses()
    for address in [*all_addresses(), "/healthz"]:
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self';"), address
        for rule in ("form-action 'self'", "base-uri 'none'"):
            assert rule in policy, address
        ancestors = "*" if address in framed else "'none'"
        assert policy.endswith(f"; frame-ancestors {ancestors}"), address
        assert headers.get("X-Frame-Options") == (None if address in framed else "DENY"), address
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert headers["Referrer-Policy"] == "no-referrer", address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert "geolocation=()" in headers["Permissions-Policy"], address


def test_programs_in_pages_of_other_sites_may_read_what_is_for_programs(client: Client) -> None:
    founding_case()
    record.take_checkpoint(now=LAPSE)
    feeds = [each for each in subject_addresses() if not each.endswith("/")]
    files = (*FILES, *FEEDS, *feeds, "/checkpoints/1.json", "/data/cases.csv?1")
    for address in files:
        for language in ("", "/ar"):
            answer = client.get(f"{language}{address}")
            assert answer.status_code in (200, 302), address
            assert answer["Access-Control-Allow-Origin"] == "*", address
    for address in ("/", "/data/", "/pledges/", "/follow/"):
        assert "Access-Control-Allow-Origin" not in client.get(address), address


def test_the_admin_has_a_policy_that_its_own_files_fit(client: Client) -> None:
    client.force_login(make_reviewer(is_superuser=True))
    answer = client.get("/admin/")
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_policy_is_outermost_so_that_files_and_redirects_carry_it(settings: LazySettings) -> None:
    assert settings.MIDDLEWARE[0] == "tracker.public.middleware.PublicHeaders"


def test_a_view_keeps_the_policy_that_it_sets_itself() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "sandbox"})

    answer = PublicHeaders(view)(RequestFactory().get("/embed"))
    assert answer["Content-Security-Policy"] == "sandbox"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_pages_load_nothing_from_elsewhere_and_nothing_the_policy_refuses(client: Client) -> None:
    founding_case()
    for address in all_addresses():
        answer = client.get(address)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        loaded = Loaded()
        loaded.feed(answer.content.decode())
        assert loaded.refused == [], address
        assert loaded.addresses, address
        assert [each for each in loaded.addresses if not re.match(r"^/(?!/)", each)] == [], address


def test_control_the_collector_sees_what_it_must() -> None:
    loaded = Loaded()
    loaded.feed(
        '<img src="https://x.example/p"><p style="color:red" onclick="f()"><script src="/a.js"></script>'
        '<script type="application/ld+json">{}</script>'
    )
    assert loaded.addresses == ["https://x.example/p", "/a.js"]
    assert len(loaded.refused) == 3
    loaded.feed('<script type="application/ld+json" src="/b.js"></script>')
    assert len(loaded.refused) == 4


def test_the_style_sheet_loads_nothing_and_has_no_physical_sides() -> None:
    css = re.sub(r"/\*.*?\*/", "", static_file("public/site.css").decode(), flags=re.DOTALL)
    assert "url(" not in css
    assert "@import" not in css
    physical = (
        r"[;{\s](?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|float)\s*:"
    )
    assert re.findall(physical, css) == []
    assert not re.search(r"\b(?:transition|animation)\b", css)


def test_answers_are_compressed_and_light(client: Client) -> None:
    founding_case()
    for address in all_addresses():
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        # What is very short would only grow, by what hides its length.
        is_picture = answer["Content-Type"] == "image/png"
        if answer.status_code == 200 and len(answer.content) >= 500 and not is_picture:
            assert answer["Content-Encoding"] == "gzip", address
        # No page loads its picture: those to whom it is sent do.
        assert len(answer.content) < (PICTURE_LIMIT if is_picture else LIMIT / 2), address


def test_a_full_list_page_with_its_style_sheet_stays_under_the_limit(
    client: Client, many: list[Pledge]
) -> None:
    assert len(many) >= 25
    files = sum(len(gzip.compress(static_file(name))) for name in ("public/site.css", "public/icon.svg"))
    for address in ("/", "/pledges/", "/overdue/", many[0].case.get_absolute_url()):
        page = client.get(address, headers={"accept-encoding": "gzip"}).content
        assert len(page) + files < LIMIT, address
