"""The calendars of due dates: what an entry says, under a name that stays, readable by two other parsers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import time_machine
import vobject
from django.conf import LazySettings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from pledges import record
from pledges.models import Pledge
from tests.support import founding, records
from tests.support.founding import ARABIC, LAPSE, founding_case
from tests.support.records import make_draft, make_pledge, make_reviewer, make_source, make_user
from tracker.public.ical import nearest, text
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db
ALL = "/calendar.ics"
SITE = "http://127.0.0.1:8000"
HOSTILE = "a\r\nEND:VEVENT\nX-EVIL:1\rX:2\x0bX:3\x85X:4\u2028X:5 \x1b[2J\\n;,:\"'"


def read(client: Client, address: str = ALL) -> list[Any]:
    """Return the entries of a calendar, once the form is right and the other parser reads the same."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return entries(answer.content)


def entries(content: bytes) -> list[Any]:
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    for line in lines:
        assert len(line) <= 75, line
        assert not [each for each in line.decode() if each < " " or each in "\x7f\x85\u2028\u2029"], line
    calendar = icalendar.Calendar.from_ical(content)
    assert [component.errors for component in calendar.walk()] == [[]] * len(calendar.walk())
    found = calendar.walk("VEVENT")
    second = getattr(vobject.readOne(content.decode()), "vevent_list", [])
    assert [each.summary.value for each in second] == [str(each["SUMMARY"]) for each in found]
    assert [each.description.value for each in second] == [str(each["DESCRIPTION"]) for each in found]
    assert [each.dtstart.value for each in second] == [each.decoded("DTSTART") for each in found]
    return found


def one(client: Client, address: str = ALL) -> Any:
    (entry,) = read(client, address)
    return entry


def test_the_founding_case_as_an_entry(client: Client) -> None:
    case = founding_case()
    entry = one(client)
    assert str(entry["UID"]) == f"{case.report.reference}@127.0.0.1"
    assert entry.decoded("DTSTART") == date(2025, 4, 8)
    assert entry.decoded("DTEND") == date(2025, 4, 9)
    assert entry["DTSTART"].params["VALUE"] == "DATE"
    assert str(entry["SUMMARY"]) == f"Due: {case.report.reference} Hand in the commission's report"
    assert str(entry["URL"]) == f"{SITE}{case.report.get_absolute_url()}"
    assert (entry["SEQUENCE"], entry["STATUS"], entry["TRANSP"]) == (0, "CONFIRMED", "TRANSPARENT")
    assert entry.decoded("DTSTAMP") == entry.decoded("LAST-MODIFIED") == founding.MARCH
    assert str(entry["DESCRIPTION"]).split("\n\n") == [
        "Not due before the end of 8 April 2025.",
        "Delivery: No evidence yet",
        f"“\u2068{ARABIC}\u2069”",
        "— Presidency of Syria, decision no. 3",
        (
            "the decree, 9 March 2025 + “within 30 days” (rule within-period, version 1) = 8 April 2025, "
            "end of day in Damascus"
        ),
        f"{SITE}{case.report.get_absolute_url()}",
    ]


def test_an_extension_keeps_the_name_and_raises_the_sequence(client: Client) -> None:
    case = founding_case()
    before = one(client)
    founding.extend(case)
    after = one(client)
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after.decoded("DTSTART") == date(2025, 7, 10)
    assert after.decoded("LAST-MODIFIED") == founding.EXTENDED_AT
    assert "moved once, +93 days\n" in str(after["DESCRIPTION"])


def test_only_the_record_changes_the_bytes(client: Client) -> None:
    case = founding_case()

    def at(instant: datetime) -> bytes:
        with time_machine.travel(instant, tick=False):
            return client.get(ALL).content

    long_after = LAPSE + timedelta(days=400)
    assert at(founding.MARCH) == at(LAPSE - timedelta(microseconds=1)) == at(LAPSE) == at(long_after)
    before = at(LAPSE)
    sweep(now=LAPSE)
    assert at(LAPSE) == at(long_after) != before
    entry = one(client)
    assert str(entry["SUMMARY"]).startswith("Overdue: ")
    assert entry.decoded("DTSTAMP") == LAPSE
    assert (entry["UID"], entry["SEQUENCE"]) == (f"{case.report.reference}@127.0.0.1", 0)


def test_it_says_overdue_once_that_is_on_record_and_not_a_moment_before(client: Client) -> None:
    founding_case()
    sweep(now=LAPSE - timedelta(microseconds=1))
    assert str(one(client)["SUMMARY"]).startswith("Due: ")
    assert "Overdue" not in str(one(client)["DESCRIPTION"])
    sweep(now=LAPSE)
    assert str(one(client)["DESCRIPTION"]).startswith("Overdue: no evidence of delivery is on record.")


def test_a_pledge_published_when_late_is_late_in_the_calendar(client: Client) -> None:
    make_pledge(latest=date(2025, 4, 8), now=LAPSE)
    assert str(one(client)["SUMMARY"]).startswith("Overdue: ")


@pytest.mark.parametrize(
    ("status", "effective_on", "label"),
    [
        ("in_progress", date(2025, 4, 8), "Due"),
        ("partly_fulfilled", date(2025, 4, 8), "Due"),
        ("fulfilled", date(2025, 4, 7), "Met on time"),
        ("fulfilled", date(2025, 4, 8), "Met on time"),
        ("fulfilled", date(2025, 4, 9), "Met late"),
        ("refused", date(2025, 4, 8), "Refused"),
        ("withdrawn", date(2025, 4, 8), "Withdrawn"),
        ("unverifiable", date(2025, 4, 8), "Unverifiable"),
    ],
)
def test_what_was_judged_stays_and_says_so(
    client: Client, status: str, effective_on: date, label: str
) -> None:
    pledge = make_pledge(latest=date(2025, 4, 8))
    user = make_user()
    now = (
        datetime(2025, 4, 9, 9, tzinfo=UTC) if effective_on > date(2025, 4, 8) else LAPSE - timedelta(hours=2)
    )
    update = record.add_update(
        pledge=pledge,
        kind="progress",
        happened_on=effective_on,
        text="It was said on the radio.",
        sources=[make_source(actor=user)],
        actor=user,
        now=now,
    )
    records.judge(
        pledge=pledge,
        status=status,
        effective_on=effective_on,
        reason="It was said on the radio.",
        updates=[update],
        actor=user,
        now=now,
    )
    entry = one(client)
    pledge.refresh_from_db()
    assert str(entry["SUMMARY"]).startswith(f"{label}: {pledge.reference}")
    assert f"Delivery: {pledge.get_status_display()}" in str(entry["DESCRIPTION"])
    assert entry["STATUS"] == "CONFIRMED"
    assert entry.decoded("DTSTART") == date(2025, 4, 8)


def test_without_a_date_there_is_no_entry_until_its_event_starts_the_clock(client: Client) -> None:
    make_pledge(latest=None)
    waiting = make_pledge(
        deadline=record.DeadlineTerms(
            phrase="30 days after the committee is formed", no_date_reason="event_tied"
        )
    )
    assert read(client) == []
    assert read(client, f"{waiting.get_absolute_url()}calendar.ics") == []
    record.record_trigger(
        pledge=waiting,
        happened_on=date(2025, 4, 5),
        source=make_source(actor=make_user()),
        reason="It was formed.",
        actor=make_user(),
        now=LAPSE,
    )
    entry = one(client)
    assert (entry.decoded("DTSTART"), entry["SEQUENCE"]) == (date(2025, 5, 5), 1)


def test_a_draft_is_in_none_and_what_is_taken_off_disappears(client: Client) -> None:
    pledge = make_pledge()
    draft = make_draft(case=pledge.case, bodies=list(pledge.bodies.all()))
    places = [
        ALL,
        *(f"{each.get_absolute_url()}calendar.ics" for each in (pledge.case, *pledge.bodies.all())),
    ]
    for place in places:
        assert [str(each["UID"]) for each in read(client, place)] == [f"{pledge.reference}@127.0.0.1"]
    assert client.get(f"{draft.get_absolute_url()}calendar.ics").status_code == 404
    record.unpublish(pledge=pledge, reason="A relative asked.", actor=make_reviewer(), now=LAPSE)
    assert read(client) == []
    for place in places[1:]:
        assert client.get(place).status_code == 404
    assert client.get(f"{pledge.get_absolute_url()}calendar.ics").status_code == 410


def test_each_subject_has_its_own(client: Client) -> None:
    case = founding_case()
    other = make_pledge()
    for subject in (case.report, case.case, case.commission):
        entry = one(client, f"{subject.get_absolute_url()}calendar.ics")
        assert case.report.reference in str(entry["UID"])
    assert other.reference in str(one(client, f"{other.case.get_absolute_url()}calendar.ics")["UID"])
    content = client.get(f"{case.case.get_absolute_url()}calendar.ics").content
    calendar = icalendar.Calendar.from_ical(content)
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "Due dates: Violence on the coast"
    assert calendar["URL"] == f"{SITE}{case.case.get_absolute_url()}"


def test_they_come_in_the_order_of_their_dates(client: Client) -> None:
    for day in (9, 5, 7):
        make_pledge(latest=date(2025, 4, day))
    assert [each.decoded("DTSTART").day for each in read(client)] == [5, 7, 9]


def test_the_day_is_that_of_the_pledge_wherever_the_reader_is(client: Client) -> None:
    user = make_user()
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        make_pledge(bodies=[records.make_body(actor=user, time_zone=zone)], latest=date(2025, 5, 4))
    assert {each.decoded("DTSTART") for each in read(client)} == {date(2025, 5, 4)}


def test_only_words_that_were_said_so_are_quoted(client: Client) -> None:
    make_pledge(quote="We will do it", quote_form="reported")
    assert "As reported, not word for word: \u2068We will do it\u2069" in str(one(client)["DESCRIPTION"])


def test_a_long_quote_is_cut_and_says_so(client: Client) -> None:
    make_pledge(quote="word " * 1000)
    description = str(one(client)["DESCRIPTION"])
    assert "…\u2069”" in description
    assert len(description) < 2000


def test_it_speaks_the_language_of_the_site(client: Client, settings: LazySettings) -> None:
    founding_case()
    settings.LANGUAGE_CODE = "ar"
    description = str(one(client)["DESCRIPTION"])
    assert "لا دليل بعد" in description
    assert "8 نيسان/أبريل 2025، نهاية اليوم بتوقيت دمشق" in description


def test_the_name_of_an_entry_is_of_the_site(client: Client, settings: LazySettings) -> None:
    settings.TRACKER_SITE_URL = "https://pledges.example:8443"
    pledge = make_pledge()
    assert str(one(client)["UID"]) == f"{pledge.reference}@pledges.example"
    assert str(one(client)["URL"]) == f"https://pledges.example:8443{pledge.get_absolute_url()}"


def test_an_unchanged_calendar_is_not_sent_twice(client: Client) -> None:
    case = founding_case()
    tag = client.get(ALL)["ETag"]
    assert client.get(ALL, headers={"if-none-match": tag}).status_code == 304
    founding.extend(case)
    assert client.get(ALL, headers={"if-none-match": tag}).status_code == 200


def test_no_words_can_break_out_of_their_line(client: Client) -> None:
    user = make_user()
    case = records.make_case(actor=user, title=HOSTILE)
    pledge = make_pledge(title=HOSTILE, quote=HOSTILE, speaker=HOSTILE, phrase=HOSTILE, case=case)
    for address in (ALL, f"{pledge.case.get_absolute_url()}calendar.ics"):
        entry = one(client, address)
        assert "X-EVIL:1" in str(entry["SUMMARY"])
        assert str(entry["SUMMARY"]).endswith("[2J\\n;,:\"'")
        assert not [name for name in entry if name.startswith("X")]


@given(st.text(max_size=400))
def test_any_text_is_read_back_as_it_was_but_for_controls(raw: str) -> None:
    calendar, entry = icalendar.Calendar(), icalendar.Event()
    calendar.add("X-WR-CALNAME", text(raw))
    for name in ("SUMMARY", "DESCRIPTION"):
        entry.add(name, text(raw))
    entry.add("DTSTART", date(2025, 5, 4))
    calendar.add_component(entry)
    (again,) = entries(calendar.to_ical())
    assert str(again["SUMMARY"]) == str(text(raw))
    assert set(again) == {"SUMMARY", "DESCRIPTION", "DTSTART"}


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200))
def test_a_text_without_controls_is_kept_letter_for_letter(raw: str) -> None:
    assert str(text(raw)) == raw


@pytest.mark.parametrize(
    ("raw", "kept"),
    [("a\r\nb", "a\nb"), ("a\rb\x0bc\u2029d", "a\nb\nc\nd"), ("a\tb\x00\x7f", "a b"), ("\ud800x", "x")],
)
def test_breaks_become_plain_and_controls_are_left_out(raw: str, kept: str) -> None:
    assert str(text(raw)) == kept


TODAY = date(2025, 5, 10)


@pytest.mark.parametrize(
    ("most", "days"),
    [(1, {10}), (2, {10, 11}), (3, {10, 11, 8}), (4, {10, 11, 8, 14}), (9, {1, 8, 10, 11, 14, 30})],
)
def test_of_too_many_those_nearest_to_today_are_kept(most: int, days: set[int]) -> None:
    for day in (30, 1, 14, 8, 11, 10):
        make_pledge(latest=date(2025, 5, day))
    make_pledge(latest=None)
    keys = nearest(Pledge.objects.published(), today=TODAY, most=most)
    found = Pledge.objects.filter(pk__in=keys).values_list("due_on__day", flat=True)
    assert set(found) == days
