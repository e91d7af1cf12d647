"""Pages of lists: which rows, and the links to the pages beside them."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, Value
from django.http import HttpRequest

from pledges.models import Body, Case
from tracker.public import tally
from tracker.public.feeds import absolute
from tracker.public.filters import Filters, read_filters
from tracker.public.keyset import Load, Order, Page, Pick, PlaceError, Row, page

from .answer import Total
from .errors import Refusal, not_understood
from .queries import AskedList, AskedPledges


def read_page(
    asked: AskedList,
    rows: "QuerySet[Row]",
    order: Order,
    load: "Load[Row] | None" = None,
    pick: Pick | None = None,
) -> "Page[Row]":
    """Return the page that is asked for. Raises Refusal where the list has no such place."""
    after, before = asked.after or "", asked.before or ""
    try:
        return page(rows, order, load=load, pick=pick, after=after, before=before, size=asked.size)
    except PlaceError as trouble:
        problem = not_understood("after" if after else "before", after or before)
        raise Refusal(HTTPStatus.NOT_FOUND, problem) from trouble


def around(request: HttpRequest, found: "Page[Row]", counted: tally.Total) -> dict[str, Any]:
    """Return what every list says beside its items: the total of its rows, and the links."""
    return {
        "total": Total.of(counted),
        "next": _beside(request, after=found.after),
        "previous": _beside(request, before=found.before),
    }


def filters_of(asked: AskedPledges) -> Filters:
    """Return the filters of the page by what is asked. Raises Refusal for what the page would leave out."""
    known = _known_subjects(asked)
    names = ("case", "body", "action", "status", "timeliness", "words", "order")
    given = {name: value for name in names if (value := getattr(asked, name))}
    filters = read_filters(given, cases=known["case"], bodies=known["body"])
    left_out = [name for name in given if not getattr(filters, name)]
    if filters.problems and not left_out:
        # Of words that are too many, the page takes the first ones.
        left_out = ["words"]
    if left_out:
        raise Refusal(HTTPStatus.NOT_FOUND, *(not_understood(name, given[name]) for name in left_out))
    return filters


def _known_subjects(asked: AskedPledges) -> dict[str, dict[str, str]]:
    """Return the slugs of the case and the body that are asked for, where they are public. One statement."""
    cases = Case.objects.published().filter(slug=asked.case or "").order_by()
    bodies = Body.objects.published().filter(slug=asked.body or "").order_by()
    known: dict[str, dict[str, str]] = {"case": {}, "body": {}}
    if asked.case or asked.body:
        rows = cases.values_list(Value("case"), "slug", "title")
        for kind, slug, name in rows.union(bodies.values_list(Value("body"), "slug", "name"), all=True):
            known[kind][slug] = name
    return known


def _beside(request: HttpRequest, **place: str) -> str | None:
    if not any(place.values()):
        return None
    kept = {name: value for name, value in request.GET.items() if name not in ("after", "before")}
    return f"{absolute(request.path)}?{urlencode(kept | place)}"
