"""The page of the data, and its files."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Value
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from tracker.public.feeds import absolute
from tracker.public.moment import Moment

from .columns import Table
from .dictionary import data_package, dictionary, notes
from .tables import TABLES
from .tables.events import select as public_events
from .writers import csv_file, json_lines, workbook

Writer = Callable[[Moment], Iterator[bytes]]
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "jsonl": "application/jsonl; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def data(request: HttpRequest) -> HttpResponse:
    counts = _counts()
    context = {
        "moment": Moment.read(),
        "tables": [(table, counts.get(table.name, 0)) for table in TABLES.values()],
        "notes": notes(),
        "licence": settings.TRACKER_DATA_LICENCE,
        "changed_at": _changed_at(),
        "address": absolute(reverse("public:data")),
    }
    return render(request, "public/data.html", context)


def csv(request: HttpRequest, name: str) -> HttpResponseBase:
    return _file(request, name, "csv", partial(csv_file, _table(name)))


def jsonl(request: HttpRequest, name: str) -> HttpResponseBase:
    return _file(request, name, "jsonl", partial(json_lines, _table(name)))


def xlsx(request: HttpRequest, name: str) -> HttpResponseBase:
    return _file(request, name, "xlsx", partial(workbook, [_table(name)]))


def record(request: HttpRequest) -> HttpResponseBase:
    """One workbook with every table."""
    return _file(request, "record", "xlsx", partial(workbook, TABLES.values()))


def dictionary_file(request: HttpRequest) -> HttpResponse:
    return _json(dictionary())


def package_file(request: HttpRequest) -> HttpResponse:
    return _json(data_package(_changed_at()))


def _file(request: HttpRequest, name: str, ending: str, write: Writer) -> HttpResponseBase:
    """Answer with a file, named after the day (UTC) of the last event, that is written while it is sent."""
    # Whoever asks for the headers alone doesn't make us read the whole record.
    content = () if request.method == "HEAD" else write(Moment.read())
    changed_at = _changed_at()
    day = f"-{changed_at.astimezone(UTC):%Y-%m-%d}" if changed_at else ""
    disposition = f'attachment; filename="{name}{day}.{ending}"'
    headers = {"Content-Disposition": disposition}
    return StreamingHttpResponse(content, content_type=CONTENT_TYPES[ending], headers=headers)


def _table(name: str) -> Table[Any]:
    if name not in TABLES:
        raise Http404(f"There is no table “{name}”. There are: {', '.join(TABLES)}.")
    return TABLES[name]


def _json(facts: dict[str, Any]) -> HttpResponse:
    return JsonResponse(facts, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _changed_at() -> datetime | None:
    """Return when the last public event was recorded."""
    last: datetime | None = public_events().aggregate(last=Max("recorded_at"))["last"]
    return last


def _counts() -> dict[str, int]:
    """Count the rows of every table. One statement."""
    counted = [
        table.select()
        .order_by()
        .values(table=Value(table.name))
        .annotate(count=Count("pk"))
        .values_list("table", "count")
        for table in TABLES.values()
    ]
    return dict(counted[0].union(*counted[1:], all=True))
