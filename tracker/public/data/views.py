"""The page of the data, and its files."""

import io
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import compress_sequence
from django.utils.translation import gettext as _

from pledges.models import Event
from tracker.public.api.errors import asked_too_often
from tracker.public.api.throttle import wait
from tracker.public.feeds import absolute
from tracker.public.moment import Moment
from tracker.public.network import network_of
from tracker.public.packing import takes_gzip
from tracker.public.tally import Total, totals

from .columns import Table
from .dictionary import data_package, dictionary, notes
from .exports import Unpacked, export
from .tables import TABLES
from .tables.events import select as public_events
from .writers import CHUNK, CONTENT_TYPES, csv_file, json_lines, workbook

Writer = Callable[[Moment], Iterator[bytes]]
logger = logging.getLogger(__name__)
TRY_AGAIN = 60  # seconds


class Sent(FileResponse):
    """A file, sent in pieces of some size."""

    block_size = CHUNK


def data(request: HttpRequest) -> HttpResponse:
    counts = _counts()
    context = {
        "moment": Moment.read(),
        "tables": [(table, counts[table.name]) for table in TABLES.values()],
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
    """Answer with a file, named after the day (UTC) of the last event.

    It costs more than any page, so strangers can't have it at will: not again by adding to its address, no
    more often than the API answers a network, and not while another is being made.
    """
    if request.META.get("QUERY_STRING"):
        return HttpResponseRedirect(request.path)
    moment = Moment.read()
    seconds = wait(network_of(request), moment.now)
    if seconds:
        reason = asked_too_often(settings.TRACKER_API_HOURLY)
        return _not_now(request, HTTPStatus.TOO_MANY_REQUESTS, reason, seconds)
    is_packed = ending != "xlsx" and takes_gzip(request)
    headers, name = _headers(ending, is_packed=is_packed), f"{_dated(name)}.{ending}"
    kind = CONTENT_TYPES[ending]
    if request.method == "HEAD":
        # Whoever asks for the headers alone doesn't make us read the whole record, so how long it is they
        # don't say.
        answer = Sent(io.BytesIO(), as_attachment=True, filename=name, content_type=kind, headers=headers)
        del answer["Content-Length"]
        return answer
    try:
        file = export(request.path, partial(_written, ending, write, moment), moment.now)
    except OSError:
        logger.exception("no file of the data could be written; is the disk full?")
        file = None
    if file is None:
        reason = _("Another file is being made of the whole record. Please try again in a minute.")
        return _not_now(request, HTTPStatus.SERVICE_UNAVAILABLE, reason, TRY_AGAIN)
    content = file if is_packed or ending == "xlsx" else Unpacked(file)
    return Sent(content, as_attachment=True, filename=name, content_type=kind, headers=headers)


def _written(ending: str, write: Writer, moment: Moment) -> Iterator[bytes]:
    """Yield a file as it stands on disk: packed once for all, unless its kind is packed in itself."""
    content = write(moment)
    return content if ending == "xlsx" else compress_sequence(content)


def _headers(ending: str, *, is_packed: bool) -> dict[str, str]:
    # What is packed in itself is the same for everybody.
    told = {} if ending == "xlsx" else {"Vary": "Accept-Encoding"}
    return told | ({"Content-Encoding": "gzip"} if is_packed else {})


def _dated(name: str) -> str:
    changed_at = _changed_at()
    return f"{name}-{changed_at.astimezone(UTC):%Y-%m-%d}" if changed_at else name


def _not_now(request: HttpRequest, status: HTTPStatus, reason: str, seconds: int) -> HttpResponse:
    """Say why there is no file, and in how many seconds there may be one."""
    answer = render(request, "public/no_file.html", {"reason": reason}, status=status)
    answer["Retry-After"] = str(seconds)
    # A proxy that kept it would refuse all.
    answer["Cache-Control"] = "no-store"
    return answer


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


def _counts() -> dict[str, Total]:
    """Count the rows of every table so far. One statement; whatever is public has an event."""
    found = totals((table.select() for table in TABLES.values()), beside=Event.objects.all())
    return dict(zip(TABLES, found or [Total(0)] * len(TABLES), strict=True))
