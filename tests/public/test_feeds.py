"""The feeds: what they tell, under names that stay, readable by a parser that is not ours."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import feedparser
import pytest
import time_machine
from django.test import Client

from pledges import record
from pledges.models import Event
from tests.support import founding
from tests.support.founding import LAPSE, founding_case
from tests.support.records import make_pledge, make_user
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def parsed(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.content, response_headers={"content-type": answer["Content-Type"]})
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def test_the_founding_case_as_a_feed(client: Client) -> None:
    case = founding_case()
    sweep(now=LAPSE)
    founding.extend(case)
    founding.present(case)
    reference = case.report.reference
    feed = parsed(client, f"{case.report.get_absolute_url()}feed.atom")
    titles = [entry.title for entry in feed.entries]
    assert f"Overdue: {reference} {case.report.title}" in titles
    assert f"Deadline moved: {reference} {case.report.title}" in titles
    assert f"Assessed: Fulfilled: {reference} {case.report.title}" in titles
    assert len(titles) == Event.objects.published().filter(pledge=case.report).count()


def test_the_latest_comes_first_with_the_instant_of_its_event(client: Client) -> None:
    case = founding_case()
    sweep(now=LAPSE)
    founding.extend(case)
    entries = parsed(client, "/feed.atom").entries
    assert [entry.updated for entry in entries[:2]] == [
        "2025-04-10T12:00:00+00:00",
        "2025-04-08T21:00:00+00:00",
    ]
    assert parsed(client, "/feed.atom").feed.updated == "2025-04-10T12:00:00+00:00"


def test_names_are_unique_absolute_and_stay(client: Client) -> None:
    case = founding_case()
    sweep(now=LAPSE)
    before = [entry.id for entry in parsed(client, "/feed.atom").entries]
    assert len(before) == len(set(before)) > 4
    assert all(each.startswith(f"{SITE}/pledges/SY-2025-") and "#event-" in each for each in before)
    record.amend_pledge(
        pledge=case.report, changes={"title": "Another"}, reason="Clearer.", actor=make_user(), now=LAPSE
    )
    after = [entry.id for entry in parsed(client, "/feed.atom").entries]
    assert after[1:] == before or set(before) < set(after)
    assert len(after) == len(before) + 1


def test_an_entry_leads_to_its_place_in_the_page(client: Client) -> None:
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    html = client.get(case.report.get_absolute_url()).content.decode()
    for entry in parsed(client, f"{case.report.get_absolute_url()}feed.atom").entries:
        assert f'id="{entry.link.partition("#")[2]}"' in html, entry.link


def test_an_entry_carries_the_words_and_the_derivation(client: Client) -> None:
    founding_case()
    sweep(now=LAPSE)
    (entry,) = parsed(client, "/overdue.atom").entries
    assert founding.ARABIC in entry.summary
    assert (
        "the decree, 9 March 2025 + “within 30 days” (rule within-period, version 1) = 8 April 2025"
        in entry.summary
    )
    assert "The due date, 8 April 2025, ended" in entry.summary


def test_the_overdue_feed_holds_nothing_else(client: Client) -> None:
    case = founding_case()
    assert parsed(client, "/overdue.atom").entries == []
    sweep(now=LAPSE)
    founding.extend(case)
    (entry,) = parsed(client, "/overdue.atom").entries
    assert entry.title.startswith("Overdue: ")


def test_each_subject_has_its_own(client: Client) -> None:
    case = founding_case()
    other = make_pledge()
    feeds = [
        parsed(client, f"{subject.get_absolute_url()}feed.atom") for subject in (case.case, case.commission)
    ]
    for feed in feeds:
        assert feed.entries
        assert all(other.reference not in entry.title for entry in feed.entries)
    assert any(case.trials.reference in entry.title for entry in feeds[0].entries)
    assert all(case.report.reference in entry.title for entry in feeds[1].entries)
    assert feeds[0].feed.links != feeds[1].feed.links
    assert feeds[0].feed.id == f"{SITE}{case.case.get_absolute_url()}feed.atom"


def test_text_that_xml_cannot_carry_is_left_out(client: Client) -> None:
    make_pledge(title="a \x0bb <i>&amp; ]]>", quote="words\x0c \uffff& <b>more</b>", latest=date(2025, 4, 8))
    entries = parsed(client, "/feed.atom").entries
    assert any("a b <i>&amp; ]]>" in entry.title for entry in entries)
    assert any("words & &lt;b&gt;more" in entry.summary.replace("&amp;", "&") for entry in entries)


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    with time_machine.travel(datetime(2025, 4, 4, tzinfo=UTC), tick=False):
        assert parsed(client, "/feed.atom").entries == []


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("verbatim", "<blockquote>a detailed report within one month</blockquote>"),
        ("reported", "<p>As reported, not word for word: a detailed report within one month</p>"),
    ],
)
def test_only_words_that_were_said_so_are_quoted(client: Client, form: str, shown: str) -> None:
    make_pledge(quote_form=form)
    entries = {entry.title.partition(":")[0]: entry.summary for entry in parsed(client, "/feed.atom").entries}
    for summary in entries.values():
        assert shown in summary
        assert summary.count("a detailed report within one month") == 1
    page = " ".join(client.get("/").content.decode().split())
    assert ("As reported, not word for word: </p>" in page) is (form == "reported")


@pytest.mark.parametrize(
    "address",
    [
        "/feed.atom",
        "/overdue.atom",
        "/corrections.atom",
        "/checkpoints.atom",
        "/ar/corrections.atom",
        "/calendar.ics",
    ],
)
def test_nothing_stays_the_same_whenever_it_is_asked_for(client: Client, address: str) -> None:
    with time_machine.travel(LAPSE, tick=False) as clock:
        first = client.get(address)
        clock.shift(timedelta(minutes=1))
        second = client.get(address)
        unchanged = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (second.content, second["ETag"]) == (first.content, first["ETag"])
    assert unchanged.status_code == 304
    if address.endswith(".atom"):
        feed = parsed(client, address)
        assert (feed.entries, feed.feed.updated) == ([], "1970-01-01T00:00:00+00:00")
