"""The public pages. They read published rows only, and the clock once."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from pledges.corrected import as_corrected
from pledges.deadlines.timeliness import Timeliness
from pledges.models import Body, Case, Deadline, Event, Pledge, Source
from pledges.models.choices import OPEN_STATUSES, EventKind, Publication
from pledges.models.pledge_query import PledgeQuerySet
from pledges.wordings import in_active_language

from .chains import beside, chains, glance
from .filters import Filters, not_understood, read_filters
from .history import latest_assessment, record_changes, replies, source_ids, timeline
from .ledger import ledger_lines
from .listing import PAGE_SIZE, chosen, counted, facets, options, page_of
from .moment import Moment
from .news import news
from .standing import Standing, standing, standings, with_standing
from .tally import tally

OVERVIEW_ROWS = 7
NEWS_ROWS = 8
CASE_ROWS = 100


def overview(request: HttpRequest) -> HttpResponse:
    moment = Moment.read()
    published = Pledge.objects.published()
    related = published.select_related("case", "current_deadline")
    late = list(_most_late_first(related, moment)[:OVERVIEW_ROWS])
    due_soon = related.due_within(moment.due_soon, now=moment.now).order_by("lapses_at", "id")
    soon = list(due_soon[:OVERVIEW_ROWS])
    prefetch_related_objects([*late, *soon], "bodies", "deadlines")
    counts = tally(published, moment)
    told = news(_recent(Event.objects.published()))
    in_active_language([*late, *soon, *(item.pledge for item in told)])
    context = {
        "moment": moment,
        "late": standings(late, moment),
        "soon": standings(soon, moment),
        "news": told,
        "facets": facets(Filters(), counts)[:2],
        "total": counts.count(),
        "late_total": counts.count(timeliness="overdue"),
    }
    return render(request, "public/overview.html", context)


def pledges(request: HttpRequest) -> HttpResponse:
    moment = Moment.read()
    cases = {each.slug: each for each in Case.objects.published()}
    bodies = {each.slug: each for each in Body.objects.published()}
    filters = read_filters(request.GET, cases=cases, bodies=bodies)
    narrowed = filters.apply_subject(Pledge.objects.published())
    counts = tally(narrowed, moment)
    known = counts.count(timeliness=filters.timeliness, status=filters.status, action=filters.action)
    rows = with_standing(filters.apply_choices(narrowed, moment))
    page, problems = page_or_first(request, counted(rows, known))
    in_active_language([*cases.values(), *bodies.values(), *page])
    context = {
        "moment": moment,
        "filters": filters,
        "problems": (*filters.problems, *problems),
        "chosen": chosen(filters, cases, bodies),
        "facets": facets(filters, counts),
        "cases": options(cases, filters.case),
        "bodies": options(bodies, filters.body),
        "page": page,
        "rows": standings(page, moment),
        "page_address": filters.address(),
    }
    return render(request, "public/pledges.html", context)


def overdue(request: HttpRequest) -> HttpResponse:
    moment = Moment.read()
    rows = with_standing(_most_late_first(Pledge.objects.published(), moment))
    page, problems = page_or_first(request, Paginator(rows, PAGE_SIZE))
    in_active_language(page)
    context = {
        "moment": moment,
        "page": page,
        "problems": problems,
        "rows": standings(page, moment),
        "page_address": "?",
        "long_overdue_days": settings.TRACKER_LONG_OVERDUE_DAYS,
    }
    return render(request, "public/overdue.html", context)


def pledge(request: HttpRequest, reference: str) -> HttpResponse:
    moment = Moment.read()
    rows = Pledge.objects.published().select_related("case", "current_deadline", "source")
    found = rows.filter(reference=reference).first()
    if found is None:
        return _taken_off(request, reference)
    near = beside(found)
    prefetch_related_objects(near, "bodies", Prefetch("deadlines", Deadline.objects.select_related("source")))
    in_active_language(near)
    events = as_corrected(Event.objects.published().filter(pledge=found).order_by("position"))
    here = standing(found, moment)
    beside_it = standings(near, moment) if len(near) > 1 else []
    further, named = _sources(found, source_ids(events))
    happenings = timeline(events, named)
    context = {
        "moment": moment,
        "pledge": found,
        "standing": here,
        "further_sources": further,
        "awaited": _awaited(here, beside_it),
        "ledger": ledger_lines(found.deadlines.all()),
        "timeline": happenings,
        "assessment": latest_assessment(happenings),
        "replies": replies(happenings, found.bodies.all()),
        "record_changes": record_changes(events),
        "chains": chains(beside_it, {}),
    }
    return render(request, "public/pledge.html", context)


def _sources(pledge: Pledge, named: set[int]) -> tuple[list[Source], dict[int, Source]]:
    """Return the further sources of a pledge, and with them by key those that are `named`; one statement."""
    links = Pledge.other_sources.through.objects.filter(pledge=pledge)
    rows = Source.objects.annotate(is_further=Exists(links.filter(source=OuterRef("pk"))))
    found = list(rows.filter(Q(pk__in=named) | Q(is_further=True)))
    further = [each for each in found if getattr(each, "is_further")]  # noqa: B009  (annotated above)
    return further, {each.pk: each for each in found}


def _awaited(here: Standing, beside_it: list[Standing]) -> Standing | None:
    """Return where the pledge stands that promised the event for which this one waits."""
    if here.timeliness is not Timeliness.AWAITING_TRIGGER:
        return None
    return next((each for each in beside_it if each.pledge.pk == here.pledge.follows_id), None)


def _taken_off(request: HttpRequest, reference: str) -> HttpResponse:
    """Say at the address of a pledge that was public that, since when and why it is not; no more."""
    off = Event.objects.filter(
        kind=EventKind.UNPUBLISHED,
        pledge__reference=reference,
        pledge__publication=Publication.UNPUBLISHED,
    )
    event = off.order_by("position").last()
    if event is None:
        raise Http404(reference)
    return render(request, "public/taken_off.html", {"event": event}, status=HTTPStatus.GONE)


def cases(request: HttpRequest) -> HttpResponse:
    moment = Moment.read()
    page, problems = page_or_first(
        request, Paginator(_with_counts(Case.objects.published(), moment), PAGE_SIZE)
    )
    in_active_language(page)
    context = {"moment": moment, "page": page, "problems": problems, "page_address": "?"}
    return render(request, "public/cases.html", context)


def case(request: HttpRequest, slug: str) -> HttpResponse:
    moment = Moment.read()
    found = get_object_or_404(Case.objects.published().prefetch_related("sources"), slug=slug)
    published = Pledge.objects.published().filter(case=found)
    rows = list(with_standing(published).order_by("made_on", "reference")[:CASE_ROWS])
    stands = standings(rows, moment)
    events = Event.objects.published().filter(pledge__case=found)
    told = news(_recent(events))
    in_active_language([found, *rows, *(item.pledge for item in told)])
    context = {
        "moment": moment,
        "case": found,
        "chains": chains(stands, _last_reasons(events)),
        "glance": glance(stands),
        "total": published.count() if len(rows) == CASE_ROWS else len(rows),
        "news": told,
    }
    return render(request, "public/case.html", context)


def bodies(request: HttpRequest) -> HttpResponse:
    moment = Moment.read()
    page, problems = page_or_first(
        request, Paginator(_with_counts(Body.objects.published(), moment), PAGE_SIZE)
    )
    in_active_language(page)
    context = {"moment": moment, "page": page, "problems": problems, "page_address": "?"}
    return render(request, "public/bodies.html", context)


def body(request: HttpRequest, slug: str) -> HttpResponse:
    moment = Moment.read()
    found = get_object_or_404(Body.objects.published(), slug=slug)
    published = Pledge.objects.published().filter(bodies=found)
    counts = tally(published, moment)
    rows = with_standing(published).order_by("-made_on", "-reference")
    page, problems = page_or_first(request, counted(rows, counts.count()))
    told = news(_recent(Event.objects.published().filter(pledge__bodies=found)))
    in_active_language([found, *page, *(item.pledge for item in told)])
    context = {
        "moment": moment,
        "body": found,
        "facets": facets(Filters(body=found.slug), counts)[:2],
        "page": page,
        "problems": problems,
        "rows": standings(page, moment),
        "page_address": "?",
        "news": told,
    }
    return render(request, "public/body.html", context)


def about(request: HttpRequest) -> HttpResponse:
    context = {
        "due_soon_days": settings.TRACKER_DUE_SOON_DAYS,
        "long_overdue_days": settings.TRACKER_LONG_OVERDUE_DAYS,
        "stale_days": settings.TRACKER_STALE_DAYS,
    }
    return render(request, "public/about.html", context)


def page_or_first(request: HttpRequest, pages: "Paginator[Any]") -> tuple[Any, tuple[str, ...]]:
    return page_of(pages, request.GET.get("page", ""), lambda raw: not_understood("page", raw))


def _most_late_first(rows: PledgeQuerySet, moment: Moment) -> PledgeQuerySet:
    return rows.overdue(now=moment.now).order_by("lapses_at", "id")


def _recent(events: "QuerySet[Event]") -> "QuerySet[Event]":
    """The latest news; what was on record when a pledge was published is told by its page."""
    quiet = events.exclude(kind__in=(EventKind.CHECKED, EventKind.TRANSLATED))
    told = Q(kind=EventKind.PUBLISHED) | Q(recorded_at__gt=F("pledge__published_at"))
    return quiet.filter(told).select_related("pledge").order_by("-recorded_at", "-pk")[:NEWS_ROWS]


def _last_reasons(events: "QuerySet[Event]") -> dict[int, str]:
    """Return by pledge the reason of its last assessment."""
    told = events.filter(kind=EventKind.ASSESSED).order_by("pk")
    return {event.pledge_id: event.payload["reason"] for event in told if event.pledge_id}


def _with_counts(subjects: Any, moment: Moment) -> Any:  # noqa: ANN401  (querysets of two models)
    """Annotate bodies or cases, in their own order, with their published and overdue pledges."""
    shown = Q(pledges__publication=Publication.PUBLISHED)
    late = shown & Q(pledges__status__in=OPEN_STATUSES, pledges__lapses_at__lte=moment.now)
    rows = subjects.annotate(
        pledge_count=Count("pledges", filter=shown, distinct=True),
        late_count=Count("pledges", filter=late, distinct=True),
    )
    return rows.order_by(*subjects.model._meta.ordering)
