"""The best match comes first, on both databases alike, and its place in the list stays where it is."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.html import strip_tags

from pledges import record
from pledges.models import Pledge
from tests.support.records import (
    NOON_4_APRIL,
    make_body,
    make_case,
    make_pledge,
    make_reviewer,
    make_source,
    make_user,
)
from tracker.public import filters
from tracker.public.search import matching
from tracker.public.search.matching import find

pytestmark = pytest.mark.django_db
UNRANKED = "they are not ranked: the newest comes first"
EXPLAINED = "The best match comes first"


class Desk:
    """Publishes pledges that differ in nothing but what a test says of them."""

    def __init__(self) -> None:
        self.author = make_user()
        self.plain: dict[str, Any] = {
            "actor": self.author,
            "case": self.case("Plain case"),
            "bodies": [self.body("Plain body")],
            "source": make_source(actor=self.author),
            "quote": "nothing of the kind",
        }

    def case(self, title: str, **fields: Any) -> Any:
        return make_case(actor=self.author, title=title, **fields)

    def body(self, name: str) -> Any:
        return make_body(actor=self.author, name=name)

    def publish(self, title: str, **fields: Any) -> Pledge:
        return make_pledge(title=title, **(self.plain | fields))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def listed(client: Client, query: str) -> list[str]:
    """Return the titles of all pages of a list, following the links from the first one to the last."""
    titles: list[str] = []
    query = query or "?"
    while query:
        html = client.get(f"/pledges/{query}").content.decode()
        assert "not understood" not in html
        titles += re.findall(r"<h3><a [^>]*><bdi[^>]*>(.*?)</bdi>", html)
        query = unescape("".join(re.findall(r'rel="next"\s+href="([^"]*)"', html)))
    return titles


def said(client: Client, query: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(client.get(f"/pledges/{query}").content.decode()))


def in_every_place(desk: Desk) -> None:
    """The word in each place of a pledge: those where it counts most are recorded first, so listed last."""
    desk.publish("Open the harbour", made_on=date(2025, 3, 1))
    desk.publish("Said", quote="we shall open the harbour", made_on=date(2025, 3, 2))
    desk.publish("Translated", quote="سنفتح", quote_language="ar", quote_translation="harbour")
    desk.publish("Of the body", bodies=[desk.body("Harbour board")], made_on=date(2025, 3, 3))
    desk.publish("Of the case", case=desk.case("The harbour"), made_on=date(2025, 3, 4))
    desk.publish("Without it")


BY_PLACE = ["Open the harbour", "Translated", "Said", "Of the case", "Of the body"]


def test_a_title_counts_most_then_the_quote_then_case_and_body(client: Client, desk: Desk) -> None:
    in_every_place(desk)
    for words in ("harbour", "HARBOUR", "harbours", "harb"):
        assert listed(client, f"?words={words}") == BY_PLACE, words
    assert listed(client, "?words=harbour&order=best") == BY_PLACE


def test_control_the_other_orders_are_other_orders(client: Client, desk: Desk) -> None:
    in_every_place(desk)
    newest = ["Translated", "Of the case", "Of the body", "Said", "Open the harbour"]
    assert listed(client, "?words=harbour&order=newest") == newest
    assert sorted(listed(client, "?words=harbour&order=due")) == sorted(BY_PLACE)


def test_all_words_in_the_title_come_before_some(client: Client, desk: Desk) -> None:
    desk.publish("Open the harbour gates")
    desk.publish("Open the gates", quote="of the harbour")
    desk.publish("Open it", quote="the harbour and its gates")
    desk.publish("Open", quote="the gates", case=desk.case("Harbour"))
    expected = ["Open the harbour gates", "Open the gates", "Open it", "Open"]
    assert listed(client, "?words=harbour+gates") == listed(client, "?words=gates+harbour") == expected


def test_a_word_in_two_places_comes_before_one_in_the_better_alone(client: Client, desk: Desk) -> None:
    desk.publish("Twice: harbour", quote="the harbour")
    desk.publish("Once: harbour")
    # Saying a word more often makes nobody better.
    desk.publish("Harbour, harbour, harbour")
    assert listed(client, "?words=harbour") == [
        "Twice: harbour",
        "Harbour, harbour, harbour",
        "Once: harbour",
    ]


def test_other_languages_are_ranked_alike(client: Client, desk: Desk) -> None:
    desk.publish("نشر التقرير", original_language="ar")
    desk.publish("Publish", quote="سننشر تقريراً", quote_language="ar")
    desk.publish("Name", case=desk.case("قضية التقرير", slug="report"))
    assert listed(client, "?words=تقرير")[0] == "نشر التقرير"
    assert listed(client, "?words=التقرير")[-1] == "Name"


def test_what_matches_alike_comes_in_the_order_of_the_record(client: Client, desk: Desk) -> None:
    # Neither its date nor what came of it makes a pledge a better match.
    for number, day in enumerate((2, 3, 1)):
        desk.publish(f"Harbour {number}", made_on=date(2025, 3, day), latest=date(2025, 5, 9 - day))
    assert listed(client, "?words=harbour") == ["Harbour 2", "Harbour 1", "Harbour 0"]


def test_the_filters_narrow_what_is_ranked(client: Client, desk: Desk) -> None:
    in_every_place(desk)
    desk.publish("Legislate on the harbour", action="legislate")
    assert listed(client, "?words=harbour&action=legislate") == ["Legislate on the harbour"]
    assert listed(client, "?words=harbour&action=report") == BY_PLACE
    assert listed(client, f"?words=harbour&case={desk.plain['case'].slug}&action=report") == [
        title for title in BY_PLACE if title != "Of the case"
    ]


@pytest.mark.parametrize("query", ["", "?order=best"])
def test_without_words_none_is_better(client: Client, desk: Desk, query: str) -> None:
    desk.publish("Old", made_on=date(2025, 3, 1))
    desk.publish("New", made_on=date(2025, 3, 2))
    desk.publish("Middle", made_on=date(2025, 3, 1))
    assert listed(client, query) == ["New", "Middle", "Old"]
    assert EXPLAINED not in said(client, query)


@pytest.mark.parametrize("words", ["absent", "…", "%26"])
def test_what_nothing_has_is_no_trouble(client: Client, desk: Desk, words: str) -> None:
    desk.publish("Harbour")
    assert listed(client, f"?words={words}") == []
    assert EXPLAINED not in said(client, f"?words={words}")


def test_all_pages_hold_each_pledge_once_forward_and_back(client: Client, desk: Desk) -> None:
    for number in range(60):
        where = {0: {}, 1: {"quote": "the harbour"}, 2: {"case": desk.plain["case"]}}[number % 3]
        desk.publish(f"Harbour {number}", **where)
    titles = listed(client, "?words=harbour")
    assert len(titles) == len(set(titles)) == 60
    second = _link(client, "?words=harbour", "next")
    third = _link(client, second, "next")
    back = _link(client, third, "prev")
    assert _titles(client, back) == _titles(client, second) == titles[25:50]


def test_a_bookmarked_page_stays_right_while_others_come_and_go(client: Client, desk: Desk) -> None:
    made = [desk.publish(f"Harbour {number}") for number in range(30)]
    bookmark = _link(client, "?words=harbour", "next")
    before = _titles(client, bookmark)
    desk.publish("Another harbour", quote="harbour")
    desk.publish("Not of it")
    record.unpublish(pledge=made[-1], reason="Asked.", actor=make_reviewer(), now=NOON_4_APRIL)
    assert before
    assert _titles(client, bookmark) == before


@pytest.mark.parametrize(("count", "is_ranked"), [(2, True), (3, True), (4, False)])
def test_of_too_many_the_newest_come_first_and_the_page_says_so(
    client: Client,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    set_page_size: Callable[[int], None],
    count: int,
    *,
    is_ranked: bool,
) -> None:
    monkeypatch.setattr(matching, "FREQUENT", 3)
    monkeypatch.setattr(filters, "FREQUENT", 3)
    set_page_size(3)
    day = date(2025, 4, 1)
    # The oldest has the word in its title: the best match of all, where they are ranked.
    desk.publish("Harbour", made_on=day)
    for number in range(1, count):
        desk.publish(f"Said {number}", quote="the harbour", made_on=day + timedelta(days=number))
    for query in ("?words=harbour", "?words=harbour&order=best"):
        titles = listed(client, query)
        assert len(titles) == count
        assert titles[0 if is_ranked else -1] == "Harbour"
        text = said(client, query)
        assert (EXPLAINED in text, UNRANKED in text) == (is_ranked, not is_ranked)
        assert (f"{count} pledges" if is_ranked else "More than 3 pledges") in text
    for order in ("newest", "due"):
        assert len(listed(client, f"?words=harbour&order={order}")) == count


def test_many_matches_are_counted_where_a_case_or_a_body_narrows_them(
    client: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch, set_page_size: Callable[[int], None]
) -> None:
    monkeypatch.setattr(matching, "FREQUENT", 1)
    monkeypatch.setattr(filters, "FREQUENT", 1)
    set_page_size(1)
    case = desk.case("Ports")
    desk.publish("Harbour", case=case)
    desk.publish("Harbour of the north")
    assert "More than 1 pledge " in said(client, "?words=harbour")
    assert "More than" not in said(client, f"?words=harbour&case={case.slug}")
    assert "1 pledge " in said(client, f"?words=harbour&case={case.slug}")
    html = client.get(f"/pledges/?words=harbour&case={case.slug}").content.decode()
    assert 'class="count"' in html
    assert "status=refused" not in html
    assert "0 pledges" in said(client, f"?words=harbour&case={case.slug}&status=refused")
    assert "More than 1 pledge " in said(client, "?words=harbour&status=no_evidence")
    assert "No published pledge fits" in said(client, "?words=harbour&status=refused")


def test_a_rank_comes_from_the_words_and_the_pledge_alone(desk: Desk) -> None:
    first = desk.publish("Open the harbour", quote="harbour gates")

    def rank() -> int:
        found = find("harbour gates").ranked(Pledge.objects.published())
        return int(found.get(pk=first.pk).rank)  # type: ignore[attr-defined]  # annotated by `ranked`

    alone = rank()
    for _number in range(5):
        desk.publish("Harbour gates")
    assert rank() == alone == (4 + 2) + 2


def test_a_place_of_another_order_is_named_and_left_out(client: Client, desk: Desk) -> None:
    desk.publish("Harbour")
    for place in ("2025-04-04~SY-2025-0001", "1~x", "-1~1", "1", "9" * 20 + "~1"):
        answer = client.get("/pledges/", {"words": "harbour", "after": place})
        assert "was not understood and is left out" in answer.content.decode(), place
        assert answer.status_code == 200


def _link(client: Client, query: str, rel: str) -> str:
    html = client.get(f"/pledges/{query}").content.decode()
    return unescape(re.findall(rf'rel="{rel}"\s+href="([^"]*)"', html)[0])


def _titles(client: Client, query: str) -> list[str]:
    return re.findall(r"<h3><a [^>]*><bdi[^>]*>(.*?)</bdi>", client.get(f"/pledges/{query}").content.decode())


def test_a_sign_that_is_no_word_for_the_index_leaves_ranks_and_places(client: Client, desk: Desk) -> None:
    for number in range(3):
        desk.publish(f"Jobar harbour {number}")
    words = "jobar ❶" if connection.vendor == "postgresql" else "jobar"
    rows = find(words).ranked(Pledge.objects.published())
    assert {row.rank for row in rows.filter(title__startswith="Jobar")} == {4}  # type: ignore[attr-defined]
    first = client.get("/api/v1/pledges", {"words": words, "size": "1"}).json()
    assert first["total"]["number"] == 3
    assert "after=4~" in first["next"] or "after=4%7E" in first["next"]
    assert client.get(first["next"]).status_code == 200
