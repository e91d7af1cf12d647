"""The first page: what is overdue now, what is due soon, what changed lately, and how many there are."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi

from pledges.models import Event, Pledge
from pledges.models.pledge_query import PledgeQuerySet
from pledges.wordings import in_active_language

from .chart_svg import chart
from .filters import Filters
from .keyset import MOST_LATE
from .listing import facets
from .moment import Moment
from .news import news, recent
from .outcomes import outcomes_by_year
from .standing import standings, with_standing
from .tally import tally, total_of

ROWS = 7
NEXT = timedelta(days=30)


def overview(request: HttpRequest) -> HttpResponse:
    moment = Moment.read()
    published = Pledge.objects.published()
    late, soon = _late_and_soon(published, moment)
    counts = tally(published, moment, by_year=True, are_any=bool(late or soon))
    told = news(recent(Event.objects.published()))
    in_active_language([*late, *soon], told=[item.pledge for item in told])
    context = {
        "moment": moment,
        "late": standings(late, moment),
        "soon": standings(soon, moment),
        "soon_days": NEXT.days,
        "news": told,
        "facets": facets(Filters(), counts)[:2],
        "chart": None
        if counts.is_capped
        else chart(outcomes_by_year(counts), this_year=moment.now.year, is_mirrored=get_language_bidi()),
        "total": total_of(counts, published),
        "late_total": total_of(counts, published.overdue(now=moment.now), timeliness="overdue"),
    }
    return render(request, "public/overview.html", context)


def _late_and_soon(published: PledgeQuerySet, moment: Moment) -> tuple[list[Pledge], list[Pledge]]:
    """Return the first that are overdue and the first that are due soon, as `with_standing` loads them."""
    overdue = published.overdue(now=moment.now)
    due_soon = published.due_within(NEXT, now=moment.now)
    first = [MOST_LATE.sort(rows)[:ROWS].values("pk") for rows in (overdue, due_soon)]
    late_keys, soon_keys = (Pledge.objects.filter(pk__in=keys).order_by().values("pk") for keys in first)
    found = MOST_LATE.sort(with_standing(Pledge.objects.filter(pk__in=late_keys.union(soon_keys, all=True))))
    late = [row for row in found if row.lapses_at and row.lapses_at <= moment.now]
    return late, [row for row in found if row not in late]
