"""The calendar pages: what stands on which day, how a reader turns them, and what a bad address says."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pledges import record
from tests.support import founding
from tests.support.founding import LAPSE, founding_case
from tests.support.records import make_body, make_draft, make_pledge, make_reviewer, make_user
from tracker.public.calendars import DAY_ROWS

pytestmark = pytest.mark.django_db
APRIL = "/calendar/2025/04/"
MAY = "/calendar/2025/05/"
Read = Callable[..., str]


@pytest.fixture
def read(client: Client) -> Read:
    """Return the HTML of a page as read at an instant, with runs of space made one."""

    def html(address: str, at: datetime = LAPSE, status: int = 200) -> str:
        with time_machine.travel(at, tick=False):
            answer = client.get(address)
        assert answer.status_code == status
        return " ".join(answer.content.decode().split())

    return html


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#x27;", "'").split())


def cell(html: str, day: date) -> str:
    """Return the cell of a day on which something is due."""
    cells = re.findall(r"<td.*?</td>", html)
    (found,) = [each for each in cells if f'datetime="{day.isoformat()}"' in each]
    return str(found)


def table(html: str) -> list[list[str]]:
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    return [re.findall(r"<td.*?</td>", row) for row in re.findall(r"<tr.*?</tr>", body)]


def turns(html: str) -> list[tuple[str, str]]:
    """Return the months that a page leads on to."""
    return re.findall(r'rel="(prev|next)" href="([^"]+)"', html)


@pytest.mark.parametrize(
    ("offset", "state"),
    [(timedelta(microseconds=-1), "Due soon"), (timedelta(0), "Overdue"), (timedelta(30), "Long overdue")],
)
def test_a_pledge_stands_on_its_due_day_with_its_state(read: Read, offset: timedelta, state: str) -> None:
    case = founding_case()
    day = cell(read(APRIL, LAPSE + offset), date(2025, 4, 8))
    assert f'<a href="{case.report.get_absolute_url()}">' in day
    said = "Tuesday 8 April 2025 8 Hand in the commission's report"
    assert words(day).endswith(f"{said} {state} No evidence yet")


def test_a_moved_date_is_shown_where_it_is_now(read: Read) -> None:
    case = founding_case()
    make_pledge(latest=date(2025, 4, 20))
    founding.extend(case)
    assert case.report.reference not in read(APRIL)
    assert case.report.get_absolute_url() not in read(APRIL)
    assert case.report.get_absolute_url() in cell(read("/calendar/2025/07/"), date(2025, 7, 10))


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2025, 4, 30, 23, 59, 59, 999999, tzinfo=UTC), "April 2025"),
        (datetime(2025, 5, 1, 0, 0, tzinfo=UTC), "May 2025"),
    ],
)
def test_the_month_without_a_name_is_that_of_today_in_utc(read: Read, at: datetime, month: str) -> None:
    assert f"Due in {month}" in words(read("/calendar/", at))


def test_the_day_is_that_of_the_pledge_in_every_zone(read: Read) -> None:
    user = make_user()
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        make_pledge(bodies=[make_body(actor=user, time_zone=zone)], latest=date(2025, 4, 30))
    assert words(cell(read(APRIL), date(2025, 4, 30))).count("Release a detailed report") == 2
    # 30 April has ended on Kiritimati, 14 hours before UTC, and goes on in Los Angeles.
    day = cell(read(APRIL, datetime(2025, 4, 30, 10, 0, tzinfo=UTC)), date(2025, 4, 30))
    assert re.findall("Overdue|Due soon", day) == ["Overdue", "Due soon"]


def test_today_is_marked_and_no_other_day(read: Read) -> None:
    make_pledge(latest=date(2025, 4, 20))
    html = read(APRIL, datetime(2025, 4, 20, 12, tzinfo=UTC))
    assert html.count('aria-current="date"') == 1
    assert 'aria-current="date"' in cell(html, date(2025, 4, 20))
    assert 'aria-current="date"' not in read(APRIL, datetime(2025, 5, 20, 12, tzinfo=UTC))


def test_it_is_a_table_for_those_who_hear_it(read: Read) -> None:
    make_pledge(latest=date(2025, 4, 20))
    html = read(APRIL)
    assert '<table class="month"> <caption>1 pledge</caption>' in html
    heads = re.findall(r'<th scope="col">(\w+)</th>', html)
    assert heads == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    rows = table(html)
    assert {len(row) for row in rows} == {7}
    # 20 April 2025 is a Sunday.
    assert "2025-04-20" in rows[2][6]


def test_an_arabic_week_begins_on_saturday(read: Read, settings: LazySettings) -> None:
    make_pledge(latest=date(2025, 4, 19))
    settings.LANGUAGE_CODE = "ar"
    html = read(APRIL)
    heads = re.findall(r'<th scope="col">(\w+)</th>', html)
    assert (heads[0], heads[-1]) == ("السبت", "الجمعة")
    assert [row for row in table(html) if "2025-04-19" in row[0]]
    assert "السبت 19 نيسان/أبريل 2025" in words(html)


def test_a_full_day_shows_the_first_and_leads_to_all(read: Read) -> None:
    pledges = [make_pledge(title=f"Report {n}", latest=date(2025, 4, 20)) for n in range(DAY_ROWS + 2)]
    single = make_pledge(title="Alone", latest=date(2025, 4, 21))
    html = read(APRIL)
    day = cell(html, date(2025, 4, 20))
    assert [each.get_absolute_url() in day for each in pledges] == [True] * DAY_ROWS + [False, False]
    assert f"all {DAY_ROWS + 2} of this day" in day
    assert "of this day" not in cell(html, date(2025, 4, 21))
    assert f"{DAY_ROWS + 3} pledges" in words(html)
    all_of_it = read(reverse("public:day", args=[2025, 4, 20]))
    assert all(each.get_absolute_url() in all_of_it for each in pledges)
    assert single.get_absolute_url() not in all_of_it


def test_a_day_as_full_as_a_day_may_be_shows_no_rest(read: Read) -> None:
    for _ in range(DAY_ROWS):
        make_pledge(latest=date(2025, 4, 20))
    assert "of this day" not in read(APRIL)


def test_months_turn_from_the_first_due_date_to_the_last(read: Read) -> None:
    make_pledge(latest=date(2025, 4, 20))
    make_pledge(latest=date(2025, 6, 2))
    make_draft(latest=date(2026, 1, 1))
    assert turns(read(APRIL)) == [("next", MAY)]
    assert turns(read(MAY)) == [("prev", APRIL), ("next", "/calendar/2025/06/")]
    assert turns(read("/calendar/2031/01/")) == [("prev", "/calendar/2025/06/")]


def test_an_empty_month_leads_to_the_nearest_dates(read: Read) -> None:
    make_pledge(latest=date(2025, 4, 20))
    make_pledge(latest=date(2025, 6, 2))
    html = read(MAY)
    assert "<table" not in html
    expected = "No published pledge is due in this month. The last due date before it: 20 April 2025 . "
    assert expected + "The next one after it: 2 June 2025 ." in words(html)
    assert f'<a href="{APRIL}"><time datetime="2025-04-20">' in html


@pytest.mark.parametrize("address", ["/calendar/", MAY, "/calendar/0001/01/", "/calendar/9999/12/"])
def test_a_record_without_dates_has_empty_months(read: Read, address: str) -> None:
    make_pledge(latest=None)
    html = read(address)
    assert "No published pledge is due in this month." in html
    assert "The last due date" not in html
    assert turns(html) == []


def test_a_draft_and_what_is_taken_off_stand_nowhere(read: Read) -> None:
    make_draft(latest=date(2025, 4, 19))
    pledge = make_pledge(latest=date(2025, 4, 20))
    record.unpublish(pledge=pledge, reason="A relative asked.", actor=make_reviewer(), now=LAPSE)
    assert "No published pledge is due in this month." in read(APRIL)
    for day in ("19", "20"):
        assert "No published pledge is due on this day." in read(f"{APRIL}{day}/")


@pytest.mark.parametrize(
    "address",
    [
        "/calendar/2025/13/",
        "/calendar/2025/00/",
        "/calendar/0000/05/",
        "/calendar/2025/02/29/",
        "/calendar/2025/04/31/",
        "/calendar/2025/99/99/",
    ],
)
def test_what_is_no_month_and_no_day_says_so_and_how_to_write_one(read: Read, address: str) -> None:
    html = read(address, status=404)
    assert f'<code dir="ltr">{address}</code> is neither.' in html
    assert "2025/05 is May 2025" in html
    assert '<a href="/calendar/">' in html


@pytest.mark.parametrize("address", ["/calendar/25/04/", "/calendar/2025/", "/calendar/2025/٠٤/"])
def test_what_looks_like_no_month_at_all_is_not_found(read: Read, address: str) -> None:
    assert "Search all pledges" in read(address, status=404)


@pytest.mark.parametrize(
    ("short", "address"),
    [
        ("/calendar/2025/4/", APRIL),
        ("/ar/calendar/2025/4/", f"/ar{APRIL}"),
        ("/calendar/2025/4/7/", f"{APRIL}07/"),
        ("/calendar/2025/4/20/", f"{APRIL}20/"),
        ("/calendar/2025/04/7/", f"{APRIL}07/"),
        ("/calendar/2025/0/", "/calendar/2025/00/"),
    ],
)
def test_a_month_or_day_of_one_digit_leads_to_its_address(client: Client, short: str, address: str) -> None:
    answer = client.get(short)
    assert (answer.status_code, answer["Location"]) == (302, address)


def test_the_leap_day_is_a_day(read: Read) -> None:
    assert "Due on 29 February 2024" in words(read("/calendar/2024/02/29/"))


def test_a_day_turns_to_the_next_with_a_date(read: Read) -> None:
    for day in (date(2025, 4, 20), date(2025, 4, 27), date(2025, 6, 2)):
        make_pledge(latest=day)
    html = words(read("/calendar/2025/04/27/"))
    assert "Previous: 20 April 2025 Next: 2 June 2025" in html
    assert "Sunday" in html


def test_a_day_has_pages(read: Read) -> None:
    for _ in range(26):
        make_pledge(latest=date(2025, 4, 20))
    first = read("/calendar/2025/04/20/")
    assert first.count('class="entry"') == 25
    html = read("/calendar/2025/04/20/" + unescape(re.findall(r'rel="next"\s+href="([^"]*)"', first)[0]))
    assert html.count('class="entry"') == 1
    assert "“three” was not understood" in read("/calendar/2025/04/20/?after=three")


def test_it_says_how_to_subscribe(read: Read, settings: LazySettings) -> None:
    settings.TRACKER_SITE_URL = "https://pledges.example"
    html = read("/calendar/")
    assert '<a href="webcal://pledges.example/calendar.ics">' in html
    assert '<code dir="ltr">https://pledges.example/calendar.ics</code>' in html
    assert "500 due dates nearest to today" in html


def test_calendars_are_linked_from_where_they_are_looked_for(read: Read) -> None:
    case = founding_case()
    for subject in (case.report, case.case, case.presidency):
        assert f'href="{subject.get_absolute_url()}calendar.ics"' in read(subject.get_absolute_url())
    assert "calendar.ics" not in read(case.trials.get_absolute_url())
    assert 'href="/calendar/"' in read("/about/")


@pytest.mark.parametrize("address", [APRIL, "/calendar/2025/04/20/", "/calendar.ics"])
def test_at_most_eight_statements_whatever_the_rows(client: Client, address: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    make_pledge(latest=date(2025, 4, 20))
    one = asked()
    for number in range(12):
        make_pledge(latest=date(2025, 4, 20 + number % 3))
    assert asked() == one <= 8
