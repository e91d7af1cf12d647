"""Every public page, in each language, is HTML as it should be.

Checked are the grammar, by html5lib at its strictest, and what `tests/support/html_rules.py` asks of ids,
references, headings, labels, lists, tables, languages, days, landmarks and roles. It is no full conformance
checker: the W3C's needs Java, which the tests must do without. It knows more attributes and values.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.conf import settings
from django.test import Client
from html5lib.html5parser import ParseError

from tests.public.addresses import all_addresses
from tests.public.conftest import make_many
from tests.support.every_page import every_card, every_page
from tests.support.html_rules import RULES
from tracker.public.keyset import PAGE_SIZE
from tracker.public.languages import in_language

pytestmark = pytest.mark.django_db
LANGUAGES = dict(settings.LANGUAGES)


def faults(html: str) -> list[str]:
    """Return what is wrong with a page, each with the name of its rule."""
    try:
        page: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    except ParseError as error:
        return [f"grammar: {error}"]
    return [f"{rule.__name__}: {fault}" for rule in RULES for fault in rule(page)]


def check(answer: Any, address: str) -> list[str]:
    return [f"{address}: {fault}" for fault in faults(answer.content.decode())]


def pages(client: Client, addresses: list[str]) -> Iterator[tuple[str, Any]]:
    for address in dict.fromkeys(addresses):
        answer = client.get(address)
        if answer["Content-Type"].startswith("text/html"):
            yield address, answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page(client: Client, language: str) -> None:
    wanted = [*every_page(language), *every_card()]
    addresses = [in_language(each, language) for each in wanted]
    if language == settings.LANGUAGE_CODE:
        addresses += all_addresses()
    found = [(address, check(answer, address)) for address, answer in pages(client, addresses)]
    assert [fault for _address, wrong in found for fault in wrong] == []
    assert len(found) >= len(wanted)


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_there_is_anything(client: Client, language: str) -> None:
    addresses = [in_language(each, language) for each in all_addresses()]
    found = [(address, check(answer, address)) for address, answer in pages(client, addresses)]
    assert [fault for _address, wrong in found for fault in wrong] == []
    assert len(found) > 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_that_were_filled_in_wrongly(client: Client, language: str) -> None:
    """The fields point at what is wrong with them."""
    (manage,) = [each for each in every_page(language) if "/manage/" in each]
    wish = re.search(r'name="wish" value="(\d+)"', client.get(manage).content.decode())
    assert wish
    for address, form in (
        ("/follow/", {"what": "all", "address": "reader@", "language": "xx"}),
        (manage, {"do": "change", "wish": wish[1]}),
    ):
        here = in_language(address, language)
        answer = client.post(here, form)
        assert answer.status_code == 422, here
        assert "_error" in answer.content.decode()
        assert check(answer, here) == []


def test_long_lists_and_the_leaves_between_their_pages(client: Client) -> None:
    case = make_many(PAGE_SIZE + 1)[0].case
    for address in ("/", "/pledges/", "/overdue/", "/corrections/", case.get_absolute_url()):
        answer = client.get(address)
        assert check(answer, address) == []
    following = re.search(r'rel="next"\s+href="([^"]+)"', client.get("/pledges/").content.decode())
    assert following
    assert check(client.get(f"/pledges/{following[1].replace('&amp;', '&')}"), "the second page") == []


GOOD = (
    "<!DOCTYPE html><html lang=en><head><title>Good</title></head>"
    "<body><main><h1>Good</h1>{}</main></body></html>"
)
BAD = {
    "grammar": "<p><b>not closed</p>",
    "unique_ids": "<p id=a></p><p id=a></p>",
    "references_lead_somewhere": "<label for=absent>x</label>",
    "links_have_an_address_and_a_name": "<a href=''>x</a>",
    "fields_have_labels": "<input name=x id=x>",
    "headings_in_order": "<h3>x</h3>",
    "nothing_interactive_in_another": "<details><summary><a href=/>x</a></summary></details>",
    "lists_and_tables_hold_their_own": "<ul><p>x</p></ul>",
    "every_cell_has_a_head": "<table><tbody><tr><td>x</td></tr></tbody></table>",
    "languages_are_real": "<p lang=English>x</p>",
    "days_are_real": "<time datetime=2025-02-30>x</time>",
    "landmarks": "<nav>x</nav>",
    "roles_are_known": "<p role=paragraph>x</p>",
    "pictures_have_words": "<img src=/x.png>",
}


def test_control_a_good_page_is_let_pass() -> None:
    assert (
        faults(GOOD.format('<p lang=ar dir=rtl id=a>x</p><a href="#a">x</a><time datetime=2025-04>x</time>'))
        == []
    )


@pytest.mark.parametrize("rule", BAD)
def test_control_each_rule_can_fail(rule: str) -> None:
    found = faults(GOOD.format(BAD[rule]))
    assert found
    assert {each.partition(":")[0] for each in found} == {rule}


def test_control_a_page_without_a_name() -> None:
    assert [
        each.partition(":")[0] for each in faults(GOOD.format("").replace("Good</title>", "</title>"))
    ] == ["page_is_named"]


def test_control_each_rule_has_one() -> None:
    assert {rule.__name__ for rule in RULES} == {*BAD, "page_is_named"} - {"grammar"}


@pytest.mark.parametrize("value", ["2025-13", "2026-11-27T08:44:48.556152+00:00", "8 April 2025", "None"])
def test_control_no_day(value: str) -> None:
    assert faults(GOOD.format(f"<time datetime='{value}'>x</time>"))
