"""The public pages. They read published rows only, and the clock once."""

from django.conf import settings
from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    Q,
    prefetch_related_objects,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from pledges.corrected import as_corrected
from pledges.deadlines.timeliness import Timeliness
from pledges.entry_words import entry_here, told_here
from pledges.models import Body, Case, Deadline, Event, Pledge, Source
from pledges.models.pledge_query import PledgeQuerySet
from pledges.wordings import in_active_language

from .chains import beside, chains, glance, last_reason
from .cite import Citation, citation_of, forms
from .filters import Filters, read_filters
from .history import latest_assessment, record_changes, replies, source_ids, timeline
from .keyset import MOST_LATE, NEWEST, Order, Page, Pick
from .ledger import ledger_lines
from .listing import by_name, chosen, facets, offered, read_page, total_listed
from .moment import Moment
from .news import news, recent
from .scorecard import LEAST_FOR_SHARES, figures, scorecard
from .standing import Standing, standing, standings, with_standing
from .taken_off import gone
from .tally import (
    MOST_COUNTED,
    MOST_IN_ROW,
    Tally,
    Total,
    numbers_of,
    tally,
    total,
    total_of,
    with_numbers,
)
from .timeline_svg import drawing_of

CASE_ROWS = 50
BY_TITLE = Order(first="title", second="slug", read=str)
BY_NAME = Order(first="name", second="slug", read=str)


def pledges(request: HttpRequest) -> HttpResponse:
    moment = Moment.read()
    cases, bodies = offered(case=request.GET.get("case", ""), body=request.GET.get("body", ""))
    filters = read_filters(request.GET, cases=cases, bodies=bodies)
    published = Pledge.objects.published()
    subject = filters.apply_subject(published)
    rows = filters.apply(subject, moment)
    pick = filters.pick(published, moment)
    page, problems = read_page(request, filters.sortable(rows), filters.keyset, filters.loaded, pick)
    if problems:
        # No such place in the list, or none at all: to look for it may have taken as long as to count.
        counts, number = Tally((), is_capped=True), Total(len(page.rows), is_capped=not page.is_whole)
    else:
        counts, number = _counts(subject, rows, filters, moment, page, pick)
    in_active_language([*cases.values(), *bodies.values(), *page])
    context = {
        "moment": moment,
        "filters": filters,
        "problems": (*filters.problems, *problems),
        "chosen": chosen(filters, cases, bodies),
        "facets": facets(filters, counts),
        "total": number,
        "cases": by_name(cases),
        "bodies": by_name(bodies),
        "page": page,
        "rows": standings(page, moment),
        "page_address": filters.address(),
    }
    return render(request, "public/pledges.html", context)


def _counts(
    subject: PledgeQuerySet,
    rows: PledgeQuerySet,
    filters: Filters,
    moment: Moment,
    page: Page[Pledge],
    pick: Pick | None,
) -> tuple[Tally, Total]:
    """Count what the other filters would show of a subject, and the rows of the list.

    Of frequent words only what a case or a body alone narrows is told apart: more would be too slow.
    """
    most = filters.most_counted
    if most is not None and (filters.is_narrowed or not (filters.case or filters.body)):
        return Tally((), is_capped=True), total_listed(filters, rows, page, pick)
    counts = tally(subject, moment, most=most, are_any=bool(page.rows))
    if page.is_whole:
        return counts, Total(len(page.rows))
    if most is not None and counts.is_capped:
        return counts, Total(most, is_capped=True)
    chosen = {"timeliness": filters.timeliness, "status": filters.status, "action": filters.action}
    return counts, total_of(counts, rows, **chosen)


def overdue(request: HttpRequest) -> HttpResponse:
    moment = Moment.read()
    rows = Pledge.objects.published().overdue(now=moment.now)
    page, problems = read_page(request, rows, MOST_LATE, with_standing)
    in_active_language(page)
    context = {
        "moment": moment,
        "total": total(rows),
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
        return gone(request, reference)
    near = beside(found)
    prefetch_related_objects(near, "bodies", Prefetch("deadlines", Deadline.objects.select_related("source")))
    in_active_language(near, told=[found])
    stated = as_corrected(Event.objects.published().filter(pledge=found).order_by("position"))
    events = [told_here(event, found) for event in stated]
    here = standing(found, moment)
    beside_it = standings(near, moment) if len(near) > 1 else []
    further, named = _sources(found, source_ids(events))
    happenings = timeline(events, named)
    ledger, assessment = ledger_lines(found.deadlines.all()), latest_assessment(happenings)
    context = {
        "moment": moment,
        "pledge": found,
        "standing": here,
        "further_sources": further,
        "awaited": _awaited(here, beside_it),
        "ledger": ledger,
        "drawing": drawing_of(here, ledger, closed_on=assessment.on if assessment else None),
        "timeline": happenings,
        "assessment": assessment,
        "replies": replies(happenings, found.bodies.all()),
        "record_changes": record_changes(events),
        "chains": chains(beside_it, {}),
        "citations": forms(_citation(found, moment)),
    }
    return render(request, "public/pledge.html", context)


def _sources(pledge: Pledge, named: set[int]) -> tuple[list[Source], dict[int, Source]]:
    """Return the further sources of a pledge, and with them by key those that are `named`; one statement."""
    links = Pledge.other_sources.through.objects.filter(pledge=pledge)
    rows = Source.objects.annotate(is_further=Exists(links.filter(source=OuterRef("pk"))))
    found = list(rows.filter(Q(pk__in=named) | Q(is_further=True)))
    further = [each for each in found if getattr(each, "is_further")]  # noqa: B009  (annotated above)
    return further, {each.pk: each for each in found}


def _citation(pledge: Pledge, moment: Moment) -> Citation:
    return citation_of(
        pledge,
        moment,
        site=settings.TRACKER_SITE_NAME,
        address=f"{settings.TRACKER_SITE_URL}{pledge.get_absolute_url()}",
        language=get_language() or "en",
    )


def _awaited(here: Standing, beside_it: list[Standing]) -> Standing | None:
    """Return where the pledge stands that promised the event for which this one waits."""
    if here.timeliness is not Timeliness.AWAITING_TRIGGER:
        return None
    return next((each for each in beside_it if each.pledge.pk == here.pledge.follows_id), None)


def cases(request: HttpRequest) -> HttpResponse:
    moment = Moment.read()
    rows = with_numbers(Case.objects.published(), moment, MOST_IN_ROW)
    page, problems = read_page(request, rows, BY_TITLE)
    in_active_language(page)
    context = {"moment": moment, "page": page, "problems": problems, "page_address": "?"}
    return render(request, "public/cases.html", context)


def case(request: HttpRequest, slug: str) -> HttpResponse:
    moment = Moment.read()
    counted = with_numbers(Case.objects.published(), moment, MOST_COUNTED)
    found = get_object_or_404(counted.prefetch_related("sources"), slug=slug)
    published = Pledge.objects.published().filter(case=found)
    # Its chains name neither case nor bodies.
    told_of = published.prefetch_related("deadlines").annotate(last_reason=last_reason())
    rows = list(told_of.order_by("made_on", "reference")[:CASE_ROWS])
    stands = standings(rows, moment)
    number = numbers_of(found).pledges
    # Of more, those that are shown are no whole: counted at a glance they would be taken for one.
    is_whole = number.number <= CASE_ROWS
    told = news(recent(Event.objects.published().filter(pledge__case=found)))
    in_active_language([found, *rows], told=[*rows, *(item.pledge for item in told)])
    found_reasons = ((row, getattr(row, "last_reason")) for row in rows)  # noqa: B009  (annotated above)
    reasons = {row.pk: entry_here(row, reason) for row, reason in found_reasons if reason}
    context = {
        "moment": moment,
        "case": found,
        "chains": chains(stands, reasons),
        "glance": glance(stands),
        "total": number,
        "is_whole": is_whole,
        "news": told,
    }
    return render(request, "public/case.html", context)


def bodies(request: HttpRequest) -> HttpResponse:
    moment = Moment.read()
    rows = with_numbers(Body.objects.published(), moment, MOST_IN_ROW)
    page, problems = read_page(request, rows, BY_NAME)
    in_active_language(page)
    context = {"moment": moment, "page": page, "problems": problems, "page_address": "?"}
    return render(request, "public/bodies.html", context)


def body(request: HttpRequest, slug: str) -> HttpResponse:
    moment = Moment.read()
    found = get_object_or_404(Body.objects.published(), slug=slug)
    published = Pledge.objects.published().filter(bodies=found)
    # By its key the database would know how many it has, and go through the newest of all until it found some
    # of them: they may all be old.
    listed = Pledge.objects.published().filter(bodies__slug=found.slug)
    counted = figures(published, moment)
    page, problems = read_page(request, listed, NEWEST, _still_published, counted.pick)
    told = news(recent(Event.objects.published().filter(pledge__bodies=found)))
    in_active_language([found, *page], told=[item.pledge for item in told])
    context = {
        "moment": moment,
        "body": found,
        "total": total_of(counted.tally, published),
        "card": scorecard(counted),
        "facets": facets(Filters(body=found.slug), counted.tally)[:2],
        "page": page,
        "problems": problems,
        "rows": standings(page, moment),
        "page_address": "?",
        "news": told,
    }
    return render(request, "public/body.html", context)


def _still_published(rows: PledgeQuerySet) -> PledgeQuerySet:
    """Load rows for a list, without what was taken off since it was counted."""
    return with_standing(rows.published())


def about(request: HttpRequest) -> HttpResponse:
    context = {
        "due_soon_days": settings.TRACKER_DUE_SOON_DAYS,
        "long_overdue_days": settings.TRACKER_LONG_OVERDUE_DAYS,
        "stale_days": settings.TRACKER_STALE_DAYS,
        "least_for_shares": LEAST_FOR_SHARES,
        "most_counted": MOST_COUNTED,
        "most_in_row": MOST_IN_ROW,
    }
    return render(request, "public/about.html", context)
