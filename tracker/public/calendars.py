"""The calendar of due dates: a month as a table, and a day with all that is due on it.

A pledge stands on the last day of the deadline in force, a day of its own time zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from django.db.models import Count, F, Subquery, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS

from pledges.deadlines.lapse import local_day
from pledges.deadlines.timeliness import Timeliness
from pledges.models import Pledge
from pledges.wordings import in_active_language

from .feeds import absolute
from .ical import MOST_ENTRIES
from .keyset import NEWEST
from .listing import read_page
from .moment import Moment
from .months import Dated, beside, first_weekday, last_day, month_of, weeks
from .standing import standings, with_standing

# More would stretch the whole week; the page of the day has all.
DAY_ROWS = 3


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of the table: the first pledges due on it with what the clock says, and how many there are."""

    on: date
    is_today: bool
    rows: tuple[tuple[Pledge, Timeliness], ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def this_month(request: HttpRequest) -> HttpResponse:
    """The month of today, in UTC."""
    moment = Moment.read()
    return _month(request, month_of(local_day(moment.now, "UTC")), moment)


def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    first = _day_or_none(year, month)
    return _month(request, first, Moment.read()) if first else _unknown(request)


def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    on = _day_or_none(year, month, day)
    if on is None:
        return _unknown(request)
    moment = Moment.read()
    rows = Pledge.objects.published().filter(due_on=on)
    page, problems = read_page(request, rows, NEWEST, with_standing)
    in_active_language(page)
    context = {
        "moment": moment,
        "on": on,
        "page": page,
        "problems": problems,
        "rows": standings(page, moment),
        "page_address": "?",
        "dated": _dated(on, on),
    }
    return render(request, "public/day.html", context)


def _day_or_none(year: int, month: int, day: int = 1) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "public/no_such_day.html", status=HTTPStatus.NOT_FOUND)


def _month(request: HttpRequest, month: date, moment: Moment) -> HttpResponse:
    dated = _dated(month, last_day(month))
    earlier, later = beside(month, dated)
    begins = first_weekday()
    days = _days(month, moment)
    feed = absolute(reverse("public:ical"))
    context = {
        "moment": moment,
        "month": month,
        "weekdays": [WEEKDAYS[(begins + number) % 7] for number in range(7)],
        "weeks": [[day and days[day] for day in week] for week in weeks(month, begins=begins)],
        "total": sum(each.count for each in days.values()),
        "dated": dated,
        "earlier": earlier,
        "later": later,
        "feed": feed,
        "subscribe": f"webcal:{feed.partition(':')[2]}",
        "most": MOST_ENTRIES,
    }
    return render(request, "public/month.html", context)


def _dated(first: date, last: date) -> Dated:
    """Return the due days of the whole public record, and those next to the days from `first` to `last`."""
    days = Pledge.objects.published().filter(due_on__isnull=False).values("due_on")
    rising, falling = days.order_by("due_on"), days.order_by("-due_on")
    # Each finds its day at once in the index of days; Min and Max would read all rows.
    found = days.values_list(
        Subquery(rising[:1]),
        Subquery(falling[:1]),
        Subquery(falling.filter(due_on__lt=first)[:1]),
        Subquery(rising.filter(due_on__gt=last)[:1]),
    ).first()
    return Dated(*found) if found else Dated(None, None, None, None)


def _days(month: date, moment: Moment) -> dict[date, Day]:
    """Return every day of a month; two statements, however many pledges are due."""
    due = Pledge.objects.published().filter(due_on__range=(month, last_day(month)))
    places = due.annotate(
        place=Window(RowNumber(), partition_by=F("due_on"), order_by="reference"),
        in_all=Window(Count("pk"), partition_by=F("due_on")),
    )
    # Keys alone, which an index has: to sort whole rows takes longer than to fetch the few that are shown.
    found = list(places.filter(place__lte=DAY_ROWS).order_by().values_list("pk", "due_on", "in_all"))
    counts = {on: count for _pk, on, count in found}
    shown = Pledge.objects.published().filter(pk__in=[pk for pk, _on, _count in found])
    first = list(shown.order_by("reference"))
    in_active_language(first)
    rows = _by_day(first)
    today = local_day(moment.now, "UTC")
    return {
        on: Day(
            on=on,
            is_today=on == today,
            rows=tuple((pledge, moment.timeliness(pledge)) for pledge in rows.get(on, ())),
            count=counts.get(on, 0),
        )
        for on in (month.replace(day=number) for number in range(1, last_day(month).day + 1))
    }


def _by_day(rows: Iterable[Pledge]) -> dict[date | None, list[Pledge]]:
    found: dict[date | None, list[Pledge]] = {}
    for pledge in rows:
        found.setdefault(pledge.due_on, []).append(pledge)
    return found
