"""The operations of the API: one for each address. They read published rows only, and the clock once."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import P, PathEx, Query, Router

from pledges.models import Body, Case, Checkpoint, Event, Pledge
from pledges.wordings import in_active_language
from tracker.public.checkpoints import LATEST as LATEST_CHECKPOINT
from tracker.public.corrections import LATEST as LATEST_EVENT
from tracker.public.keyset import Order, number
from tracker.public.listing import total_listed
from tracker.public.moment import Moment
from tracker.public.standing import standings
from tracker.public.taken_off import taken_off
from tracker.public.tally import MOST_COUNTED, MOST_IN_ROW, total, with_numbers
from tracker.public.views import BY_NAME, BY_TITLE

from . import events as event_answers
from . import whole_pledge
from .checkpoints import CheckpointAnswer, CheckpointList
from .errors import ErrorAnswer, GoneAnswer, gone, not_found
from .events import EventList
from .lists import around, filters_of, read_page
from .pledges import PledgeList, PledgeRow
from .queries import SLUG, Asked, AskedEvents, AskedList, AskedPledges
from .subjects import BodyAnswer, BodyList, CaseAnswer, CaseList, CaseRow
from .whole_pledge import PledgeAnswer

router = Router()
BY_NUMBER = Order(first="position", second="pk", read=number, read_second=number)
ALWAYS: dict[Any, Any] = {304: None, 404: ErrorAnswer, 405: ErrorAnswer, 422: ErrorAnswer, 429: ErrorAnswer}
PLEDGE = ALWAYS | {410: GoneAnswer}
Reference = PathEx[str, P(pattern="^[A-Z]{2}-[0-9]{4}-[0-9]{4,}$", description="Such as SY-2025-0003.")]
Slug = PathEx[str, P(pattern=SLUG, description="Address name, as the lists give it.")]
Number = PathEx[int, P(ge=1, description="Number of the checkpoint.")]


@router.get("/pledges", response={200: PledgeList} | ALWAYS, url_name="pledges", summary="All pledges")
def pledges(request: HttpRequest, asked: Query[AskedPledges]) -> PledgeList:
    """The published pledges, narrowed and sorted as on the page of all pledges."""
    moment = Moment.read()
    filters = filters_of(asked)
    published = Pledge.objects.published()
    rows = filters.apply(filters.apply_subject(published), moment)
    pick = filters.pick(published, moment)
    found = read_page(asked, filters.sortable(rows), filters.keyset, filters.loaded, pick)
    in_active_language(found)
    items = [PledgeRow.of(each) for each in standings(found, moment)]
    counted = total_listed(filters, rows, found, pick, asked.size)
    return PledgeList(items=items, **around(request, found, counted))


@router.get(
    "/pledges/{reference}",
    response={200: PledgeAnswer} | PLEDGE,
    url_name="pledge",
    summary="One pledge",
)
def pledge(request: HttpRequest, reference: Reference, asked: Query[Asked]) -> PledgeAnswer | HttpResponse:
    """All that is public about a pledge: words, sources, every due date, lateness, evidence, replies."""
    found = whole_pledge.with_all(Pledge.objects.published()).filter(reference=reference).first()
    if found is None:
        return _missing_pledge(reference)
    return whole_pledge.read(found, Moment.read())


@router.get(
    "/pledges/{reference}/events",
    response={200: EventList} | PLEDGE,
    url_name="pledge_events",
    summary="What happened to one pledge",
)
def pledge_events(
    request: HttpRequest, reference: Reference, asked: Query[AskedList]
) -> EventList | HttpResponse:
    """The log of one pledge, in the order in which it was recorded."""
    found = Pledge.objects.published().filter(reference=reference).first()
    if found is None:
        return _missing_pledge(reference)
    return _events(request, asked, Event.objects.published().filter(pledge=found), BY_NUMBER)


@router.get("/events", response={200: EventList} | ALWAYS, url_name="events", summary="All that happened")
def events(request: HttpRequest, asked: Query[AskedEvents]) -> EventList:
    """What happened to all published pledges, the newest entry first."""
    rows = Event.objects.published()
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.since:
        rows = rows.filter(recorded_at__gte=asked.since)
    return _events(request, asked, rows, LATEST_EVENT)


@router.get("/cases", response={200: CaseList} | ALWAYS, url_name="cases", summary="All cases")
def cases(request: HttpRequest, asked: Query[AskedList]) -> CaseList:
    """The cases that published pledges answer, by title."""
    rows = Case.objects.published()
    found = read_page(asked, with_numbers(rows, Moment.read(), MOST_IN_ROW), BY_TITLE)
    in_active_language(found)
    items = [CaseRow.row(each) for each in found]
    return CaseList(items=items, **around(request, found, total(rows)))


@router.get("/cases/{slug}", response={200: CaseAnswer} | ALWAYS, url_name="case", summary="One case")
def case(request: HttpRequest, slug: Slug, asked: Query[Asked]) -> CaseAnswer:
    """A case with its sources. Its pledges are in the list of pledges, with `case=` this slug."""
    rows = with_numbers(Case.objects.published(), Moment.read(), MOST_COUNTED)
    found = rows.prefetch_related("sources").filter(slug=slug).first()
    if found is None:
        raise not_found("slug")
    in_active_language([found])
    return CaseAnswer.whole(found)


@router.get("/bodies", response={200: BodyList} | ALWAYS, url_name="bodies", summary="All bodies")
def bodies(request: HttpRequest, asked: Query[AskedList]) -> BodyList:
    """The bodies that published pledges name, by name."""
    rows = Body.objects.published()
    found = read_page(asked, with_numbers(rows, Moment.read(), MOST_IN_ROW), BY_NAME)
    in_active_language(found)
    items = [BodyAnswer.whole(each) for each in found]
    return BodyList(items=items, **around(request, found, total(rows)))


@router.get("/bodies/{slug}", response={200: BodyAnswer} | ALWAYS, url_name="body", summary="One body")
def body(request: HttpRequest, slug: Slug, asked: Query[Asked]) -> BodyAnswer:
    """A responsible body. Its pledges are in the list of pledges, with `body=` this slug."""
    rows = with_numbers(Body.objects.published(), Moment.read(), MOST_COUNTED)
    found = rows.filter(slug=slug).first()
    if found is None:
        raise not_found("slug")
    in_active_language([found])
    return BodyAnswer.whole(found)


@router.get(
    "/checkpoints",
    response={200: CheckpointList} | ALWAYS,
    url_name="checkpoints",
    summary="All checkpoints",
)
def checkpoints(request: HttpRequest, asked: Query[AskedList]) -> CheckpointList:
    """The fingerprints of the whole public record, the newest first."""
    rows = Checkpoint.objects.all()
    found = read_page(asked, rows, LATEST_CHECKPOINT)
    items = [CheckpointAnswer.of(each) for each in found]
    return CheckpointList(items=items, **around(request, found, total(rows)))


@router.get(
    "/checkpoints/{number}",
    response={200: CheckpointAnswer} | ALWAYS,
    url_name="checkpoint",
    summary="One checkpoint",
)
def checkpoint(request: HttpRequest, number: Number, asked: Query[Asked]) -> CheckpointAnswer:
    """One fingerprint of the whole public record."""
    found = Checkpoint.objects.filter(number=number).first()
    if found is None:
        raise not_found("number")
    return CheckpointAnswer.of(found)


def _events(request: HttpRequest, asked: AskedList, rows: "QuerySet[Event]", order: Order) -> EventList:
    found = read_page(asked, rows.select_related("pledge"), order)
    return EventList(items=event_answers.read(found), **around(request, found, total(rows)))


def _missing_pledge(reference: str) -> HttpResponse:
    """Say what became of a pledge that was public. Raises Refusal where there never was one."""
    event = taken_off(reference)
    if event is None:
        raise not_found("reference")
    return gone(event.happened_on, event.payload["reason"])
