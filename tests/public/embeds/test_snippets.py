"""What the pages offer to paste into other sites is what works there."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.public.embeds.reading import SITE, Read, oembed, page
from tests.support.founding import LAPSE, LAST_INSTANT, founding_case
from tests.support.records import make_pledge

pytestmark = pytest.mark.django_db


def snippets(client: Client, address: str) -> list[str]:
    read = page(client, address)
    areas = read.all("textarea")
    labels = [label["for"] for label in read.all("label")]
    assert [area["id"] for area in areas] == labels == ["card-snippet", "badge-snippet"]
    assert {area["dir"] for area in areas} == {"ltr"}
    assert all("readonly" in area for area in areas)
    return read.fields


def test_pledges_cases_and_bodies_offer_a_card_and_a_badge(client: Client) -> None:
    case = founding_case()
    for subject in (case.report, case.case, case.commission):
        address = f"{SITE}{subject.get_absolute_url()}"
        card, badge = snippets(client, subject.get_absolute_url())
        assert card == oembed(client, address)["html"]
        [link], [image] = Read(badge).all("a"), Read(badge).all("img")
        assert (link["href"], image["src"]) == (address, f"{address}badge.svg")
        for own in (str(image["src"]), str(Read(card).all("iframe")[0]["src"])):
            assert client.get(own.removeprefix(SITE)).status_code == 200


def test_what_is_pasted_stays_true_while_the_picture_changes(client: Client) -> None:
    report = founding_case().report
    pasted = []
    for now in (LAST_INSTANT, LAPSE, LAPSE + timedelta(days=99)):
        with time_machine.travel(now, tick=False):
            pasted.append(snippets(client, report.get_absolute_url()))
    assert pasted[0] == pasted[1] == pasted[2]
    assert Read(pasted[0][1]).all("img")[0]["alt"] == f"{report}: where it stands"


def test_markup_in_a_title_stays_words_twice(client: Client) -> None:
    bad = '"><img src=x onerror=alert(1)></textarea><script>alert(1)</script>'
    card, badge = snippets(client, make_pledge(title=bad).get_absolute_url())
    assert [tag for tag, _ in Read(card).tags] == ["iframe"]
    assert [tag for tag, _ in Read(badge).tags] == ["a", "img"]
    assert bad in str(Read(card).tags[0][1]["title"])


def test_other_pages_offer_none(client: Client) -> None:
    founding_case()
    for address in ("/", "/pledges/", "/overdue/", "/cases/", "/bodies/", "/about/"):
        assert not page(client, address).all("textarea"), address
