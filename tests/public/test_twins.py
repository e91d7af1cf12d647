"""One test for all: a draft twin of everything, and every public answer searched for its words."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from pledges import record
from pledges.models import Pledge
from tests.public.surfaces import PREFIXES, said, surfaces
from tests.public.test_drafts import MARK
from tests.public.twins import WITHOUT_WORDS, make_twins, make_whole_draft, publish, without_twin
from tests.support import founding
from tests.support.founding import LAPSE, founding_case
from tracker.public.models import SearchEntry
from tracker.watch.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_lapse", "undrawn")]
EXAMPLE = "Such as SY-2025-0003."
# What names no pledge, case or body, published or not, and why.
SILENT = {
    r"/(about|api|data|follow|follow/asked|no-such-page|safety)/": "is about the site",
    r"/share\.png": "has figures of the site alone",
    r"/(pledges|cases|bodies)/[^/?]+": "leads to the address that was asked for, with its slash",
    r"/checkpoints(/1)?/|/checkpoints\.atom|/checkpoints/1\.json": "tells of hashes",
    r"/corrections/|/corrections\.atom": "tells of what was mended since it was public",
    r"/data/(dictionary|datapackage)\.json": "tells of columns",
    r"/robots\.txt|/\.well-known/security\.txt|/healthz|/readyz": "is for programs that ask about the site",
    r"/sitemap\.xml|/sitemap-pages-1\.xml|/sitemap-pledges-1\.xml": "names addresses, pledges by reference",
    r"/oembed": "was asked for nothing",
    r"/api/v1/(checkpoints.*|openapi\.json)": "tells of hashes, or of the API itself",
}


@pytest.fixture
def at_the_lapse() -> Iterator[None]:
    """When the twin is overdue, in the month in which it was due."""
    with time_machine.travel(LAPSE, tick=False):
        yield


def everything(client: Client) -> dict[str, str]:
    return {address: said(client, address) for address in surfaces()}


def test_no_answer_tells_of_a_twin_that_is_a_draft(client: Client) -> None:
    base = founding_case()
    founding.extend(base)
    founding.present(base)
    twin = make_twins(base)
    sweep(now=LAPSE)
    record.take_checkpoint(now=LAPSE)
    assert without_twin() == []
    drafts = Pledge.objects.filter(publication="draft")
    assert drafts.count() == 2
    # The explanation of the API has a reference as an example.
    answers = {address: text.replace(EXAMPLE, "") for address, text in everything(client).items()}
    hidden = "|".join([MARK, *(each.reference for each in drafts)])
    assert [address for address, text in answers.items() if re.search(hidden, text)] == []
    assert not SearchEntry.objects.filter(pledge__in=drafts).exists()
    hidden_pages = [each.get_absolute_url() for each in (*drafts, twin.case, *twin.bodies.all())]
    forms = ("", "feed.atom", "calendar.ics", "badge.svg", "card/", "share.png")
    asked = [f"{prefix}{page}{form}" for prefix in PREFIXES for page in hidden_pages for form in forms]
    asked += [f"/api/v1{page.rstrip('/')}" for page in hidden_pages]
    assert {address for address in asked if client.get(address).status_code != 404} == set()


def test_control_every_answer_tells_of_a_twin_once_it_is_published(client: Client) -> None:
    twin = publish(make_whole_draft())
    sweep(now=LAPSE)
    record.take_checkpoint(now=LAPSE)
    silent = [address for address, text in everything(client).items() if MARK not in text]
    assert [address for address in silent if not is_silent(address)] == []
    assert twin.reference in said(client, "/sitemap-pledges-1.xml")


def is_silent(address: str) -> bool:
    bare = re.sub(r"^/(ar|fr|es)(?=/)", "", address)
    return any(re.fullmatch(pattern, bare) for pattern in SILENT)


def test_control_a_model_that_nobody_thought_of_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    make_whole_draft()
    monkeypatch.delitem(WITHOUT_WORDS, "alerts.Rung")
    assert {"alerts.Rung", "letters.Letter"} <= set(without_twin())
    assert "pledges.Pledge" not in without_twin()


def test_control_what_is_searched_is_the_whole_answer(client: Client) -> None:
    publish(make_whole_draft())
    assert "ETag" not in said(client, "/no-such-page/")
    assert "Content-Disposition: attachment" in said(client, "/data/record.xlsx")
    assert MARK in said(client, "/data/pledges.xlsx")
    assert "Content-Security-Policy" in said(client, "/")
