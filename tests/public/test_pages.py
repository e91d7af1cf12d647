"""What a reader finds on the pages of the founding case, at each moment of it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from pledges import record
from tests.support import founding
from tests.support.founding import ARABIC, LAPSE, LAST_INSTANT, TRANSLATION, founding_case
from tests.support.records import make_draft, make_pledge, make_source, make_user
from tracker import edition
from tracker.public import moment
from tracker.public.scorecard import LEAST_FOR_SHARES
from tracker.public.tally import MOST_COUNTED
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client: Client) -> Callable[[str, datetime], str]:
    """Return the text of a page, as read at an instant; markup and runs of space are left out."""

    def text(address: str, at: datetime) -> str:
        with time_machine.travel(at, tick=False):
            answer = client.get(address)
        assert answer.status_code == 200
        without_tags = re.sub(r"<[^>]+>", " ", answer.content.decode())
        return " ".join(without_tags.replace("&#x27;", "'").split())

    return text


Read = Callable[[str, datetime], str]


def test_before_the_date_has_ended_nothing_is_late(read: Read) -> None:
    case = founding_case()
    assert "due today" in read(case.report.get_absolute_url(), LAST_INSTANT)
    assert "0 are overdue today" in read("/", LAST_INSTANT)
    assert "No published pledge is overdue today" in read("/overdue/", LAST_INSTANT)


def test_at_the_instant_at_which_the_date_has_ended_it_is_late(read: Read) -> None:
    case = founding_case()
    page = read(case.report.get_absolute_url(), LAPSE)
    assert "Overdue: no evidence of delivery is on record." in page
    assert "no check on record yet" in page
    assert "1 day late" in page
    assert "1 is overdue today" in read("/", LAPSE)
    assert case.report.title in read("/overdue/", LAPSE)


def test_the_last_date_and_the_first_are_both_counted(read: Read) -> None:
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    page = read(case.report.get_absolute_url(), founding.PRESENTED_AT + timedelta(days=300))
    assert "12 days late" in page
    assert "Moved once, +93 days; 12 days late against the last date, 105 against the first." in page
    assert "Fulfilled on 22 July 2025, after the due date." in page


def test_proof_is_on_the_page(client: Client) -> None:
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    html = client.get(case.report.get_absolute_url()).content.decode()
    quote = re.search(r"<blockquote[^>]*>.*?</blockquote>", html, re.DOTALL)
    assert quote
    assert 'lang="ar" dir="rtl"' in quote[0]
    assert ARABIC in quote[0]
    assert "Translation into English from Arabic" in html
    assert TRANSLATION in html
    assert "Presidency of Syria, decision no. 3" in html
    assert '<time datetime="2025-03-09">' in html
    for words in ("Article 4", "Official Gazette", "the decree", "within 30 days", "At the commission"):
        assert words in html, words
    assert html.index("https://archive.example/decree-3") < html.index("https://gazette.example/decree-3")
    assert "The decision obliges the commission to report, not to publish." in html


def test_every_move_stands_in_the_ledger(client: Client) -> None:
    case = founding_case()
    founding.extend(case)
    html = client.get(case.report.get_absolute_url()).content.decode()
    ledger = html[html.index('<table class="ledger"') : html.index("</table>")]
    assert ledger.count("<tr") == 3
    assert ledger.index("8 April 2025") < ledger.index("10 July 2025")
    assert "+93 days" in ledger
    assert "President of Syria" in ledger


def test_the_timeline_shows_objections_replies_and_what_a_judgement_rests_on(client: Client) -> None:
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    html = client.get(case.report.get_absolute_url()).content.decode()
    assert "Organisations object that the report is withheld." in html
    assert re.search(r'<p lang="ar" dir="rtl">تقول اللجنة', html)
    for number in re.findall(r'href="#(event-\d+)"', html):
        assert f'id="{number}"' in html
    assert 'href="#event-5"' in html
    assert "The findings were presented that day." in html


def test_words_that_are_not_verbatim_are_marked_and_not_quoted(client: Client) -> None:
    case = founding_case()
    reported = client.get(case.trials.get_absolute_url()).content.decode()
    assert "As reported, not word for word" in reported
    assert 'class="quote verbatim"' not in reported
    verbatim = client.get(case.report.get_absolute_url()).content.decode()
    assert "As reported, not word for word" not in verbatim
    assert 'class="quote verbatim"' in verbatim


def test_a_date_is_shown_no_more_exact_than_it_is_known(client: Client) -> None:
    case = founding_case()
    html = client.get(case.trials.get_absolute_url()).content.decode()
    assert '<time datetime="2025-03">March 2025</time>' in html
    assert "names no date; none is inferred" in html


def test_a_correction_is_shown_with_before_and_after(client: Client) -> None:
    case = founding_case()
    hidden = make_draft(title="Not for readers")
    record.amend_pledge(
        pledge=case.report,
        changes={"speaker": "The presidency", "follows": hidden},
        reason="The office was misnamed.",
        actor=make_user(),
        now=LAPSE,
    )
    html = client.get(case.report.get_absolute_url()).content.decode()
    before, after = "Presidency of Syria, decision no. 3", "The presidency"
    assert f'<del dir="auto">{before}</del> <ins dir="auto">{after}</ins>' in html
    assert "The office was misnamed." in html
    assert hidden.reference not in html


def test_a_pledge_not_looked_at_for_long_says_so(read: Read) -> None:
    case = founding_case()
    address = case.report.get_absolute_url()
    published = datetime(2025, 3, 9, 12, 0, tzinfo=UTC)
    assert "may be out of date" not in read(address, published + timedelta(days=89))
    assert "90 days without a check: this may be out of date" in read(address, published + timedelta(days=90))


def test_the_case_shows_its_pledges_as_a_chain(read: Read) -> None:
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    page = read(case.case.get_absolute_url(), founding.PRESENTED_AT)
    assert "1 No due date" in page
    assert "1 Met late" in page
    assert page.index(case.report.title) < page.index(case.trials.title)
    assert "moved once, +93 days; 12 days late against the last date, 105 against the first" in page
    assert "The findings were presented that day." in page


def test_the_body_lists_its_pledges_with_counts(read: Read) -> None:
    case = founding_case()
    page = read(case.presidency.get_absolute_url(), LAPSE)
    assert "2 pledges" in page
    assert "Overdue 1" in page
    assert "No evidence yet 2" in page
    assert case.presidency.name in read("/bodies/", LAPSE)
    assert "2 pledges · 1 overdue" in read("/bodies/", LAPSE)
    assert "Syria · 2 pledges · 1 overdue" in read("/cases/", LAPSE)


def test_the_overview_tells_what_the_log_says(read: Read) -> None:
    case = founding_case()
    sweep(now=LAPSE)
    page = read("/", LAPSE)
    assert "2 official pledges on record." in page
    assert "Became overdue" in page
    assert "The due date, 8 April 2025, ended with no public evidence" in page
    assert page.index("1 day late") < page.index("Recently changed")
    founding.extend(case)
    later = read("/", founding.EXTENDED_AT)
    assert "0 are overdue today" in later
    assert "From 8 April 2025 to 10 July 2025 (+93 days). Announced by: President of Syria." in later


def test_most_late_comes_first_and_due_soon_follows(read: Read) -> None:
    for title, day in (("Second", 6), ("First", 5), ("Soon", 20)):
        make_pledge(title=title, latest=date(2025, 4, day))
    page = read("/", LAPSE)
    assert (
        page.index("First")
        < page.index("Second")
        < page.index("Due within the next 30 days")
        < page.index("Soon ")
    )


@pytest.mark.parametrize("address", ["/", "/pledges/", "/overdue/", "/cases/", "/bodies/"])
def test_an_empty_record_says_what_will_stand_here(read: Read, address: str) -> None:
    page = read(address, LAPSE)
    assert "No " in page or "Nothing " in page
    assert "yet" in page or "today" in page


def test_methodology_is_told_with_the_settings_in_force(read: Read, settings: LazySettings) -> None:
    settings.TRACKER_LONG_OVERDUE_DAYS = 45
    page = read("/about/", LAPSE)
    assert "Overdue for 45 days or more." in page
    assert "What we never say" in page


def test_methodology_tells_the_rules_of_counting(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures are those that the pages count by."""
    page = read("/about/", LAPSE)
    assert f"Of fewer than {LEAST_FOR_SHARES} pledges" in page
    assert f"more than {MOST_COUNTED:,} pledges" in page
    monkeypatch.setattr("tracker.public.views.MOST_COUNTED", 77)
    assert "more than 77 pledges" in read("/about/", LAPSE)


@pytest.mark.parametrize(
    ("language", "number"),
    [("", "10,000"), ("/ar", "10\u00a0000"), ("/fr", "10\u00a0000"), ("/es", "10\u00a0000")],
)
def test_large_numbers_are_written_as_in_the_language(client: Client, language: str, number: str) -> None:
    assert MOST_COUNTED == 10_000
    assert number in client.get(f"{language}/about/").content.decode()


def test_methodology_tells_who_decides_and_what_nobody_can_know(read: Read) -> None:
    page = read("/about/", LAPSE)
    for told in (
        "until the last second before midnight there",
        "takes a second person",
        "Each entry carries the fingerprint of the one before it",
        "What this record can't know",
        "Objections by others and replies of a body",
    ):
        assert told in page


@pytest.mark.parametrize(
    "address",
    [
        "/nothing",
        "/pledges/XX-2025-0001/",
        "/pledges/%00/",
        "/pledges/sy-2025-0001/",
        "/pledges/SY-2025-٠٠٠١/",
        "/cases/none/",
        "/bodies/none/",
        "/cases/none/feed.atom",
    ],
)
def test_an_unknown_address_helps_on(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert b"Search all pledges" in answer.content


def test_a_failure_shows_a_calm_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("no clock")

    monkeypatch.setattr(moment.Moment, "read", fail)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert b"Nothing in the record is changed or lost" in answer.content
    assert b"no clock" not in answer.content


def test_the_clock_is_read_once_a_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    case = founding_case()
    readings = []

    def now() -> datetime:
        readings.append(LAPSE)
        return LAPSE

    monkeypatch.setattr(timezone, "now", now)
    # An edition that is to begin reads it too, to have a name that was never used.
    monkeypatch.setattr(edition, "current_with", lambda _key: ("", None))
    for address in ("/", "/pledges/", "/overdue/", "/cases/", "/bodies/", case.report.get_absolute_url()):
        readings.clear()
        assert client.get(address).status_code == 200
        assert len(readings) == 1, address


def test_writing_methods_are_refused(client: Client) -> None:
    assert client.post("/").status_code == 405
    assert client.head("/").status_code == 200


def test_markup_in_the_record_is_shown_as_words(client: Client) -> None:
    bad = "<script>alert(1)</script>"
    source = make_source(actor=make_user(), title=bad, publisher=bad)
    pledge = make_pledge(title=bad, quote=bad, speaker=bad, note=bad, source=source)
    for address in (pledge.get_absolute_url(), "/", "/pledges/", "/feed.atom", f"/pledges/?words={bad}"):
        assert b"<script>" not in client.get(address).content, address


def test_a_reply_stands_in_the_bodys_own_words_and_what_was_done_beside_the_objection(
    client: Client,
) -> None:
    case = founding_case()
    source = make_source(actor=make_user())
    stamp: dict[str, Any] = {
        "pledge": case.report,
        "happened_on": date(2025, 3, 9),
        "sources": [source],
        "actor": source.created_by,
        "now": LAPSE,
    }
    body = case.report.bodies.order_by("pk")[0]
    record.add_update(
        **stamp, kind="reply", text="ننفي ذلك", language="ar", translation="We deny this.", by_body=body
    )
    objection = record.add_update(**stamp, kind="dispute", text="The date is wrong.")
    record.add_update(**stamp, kind="note", text="The date was corrected.", answers=objection)
    html = " ".join(client.get(case.report.get_absolute_url()).content.decode().split())
    assert '<blockquote class="reply" lang="ar" dir="rtl"> <p>ننفي ذلك</p> </blockquote>' in html
    assert '<blockquote class="reply" lang="en" dir="ltr"><p>We deny this.</p></blockquote>' in html
    text = re.sub(r"<[^>]+>", " ", html)
    assert re.search(r"The date is wrong\..*What was done about it:\s+entry 6", text)
    assert re.search(r"The date was corrected\..*About:\s+entry 5", text)


def test_a_pledge_shows_the_whole_chain_that_it_is_a_part_of(read: Read) -> None:
    case = founding_case()
    stamp: dict[str, Any] = {"case": case.report.case, "now": LAPSE}
    second = make_pledge(title="Publish the report in full", follows=case.report, **stamp)
    third = make_pledge(title="Prosecute who is named in it", follows=second, **stamp)
    make_draft(title="A draft that follows", follows=second, **stamp)
    alone = make_pledge(title="Stands alone")
    for pledge in (case.report, second, third):
        chain = read(pledge.get_absolute_url(), LAPSE).partition("Part of a chain")[2]
        titles = [case.report.title, second.title, third.title]
        assert [chain.index(title) for title in titles] == sorted(chain.index(title) for title in titles)
        assert "Overdue" in chain
        assert "A draft" not in chain
    assert "Part of a chain" not in read(alone.get_absolute_url(), LAPSE)
