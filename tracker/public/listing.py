"""The list of pledges: its choices with their counts, and its pages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, QuerySet, Value
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Body, Case, Pledge
from pledges.models.choices import Action, Status
from pledges.models.pledge_query import PledgeQuerySet
from pledges.models.worded import Worded, Words
from pledges.punctuation import headed
from pledges.readings import TIMELINESS_LABELS

from .filters import NAMES, Filters, not_understood
from .keyset import PAGE_SIZE, Load, Order, Page, Pick, PlaceError, Row, Stretch, page
from .tally import Tally, Total, total

# A select of the first of more would hide the others; their own list is the place to choose one.
MOST_OFFERED = 100
# The order in which a reader asks; "overdue" includes the long overdue.
TIMELINESS_ORDER = (
    Timeliness.OVERDUE,
    Timeliness.LONG_OVERDUE,
    Timeliness.DUE_SOON,
    Timeliness.UPCOMING,
    Timeliness.AWAITING_TRIGGER,
    Timeliness.NO_DATE,
    Timeliness.MET_ON_TIME,
    Timeliness.MET_LATE,
    Timeliness.CLOSED,
)
FACETS = (
    ("timeliness", gettext_lazy("By the clock"), tuple((v, TIMELINESS_LABELS[v]) for v in TIMELINESS_ORDER)),
    ("status", gettext_lazy("By the evidence"), tuple((s, s.label) for s in Status)),
    ("action", gettext_lazy("By what was promised"), tuple((a, a.label) for a in Action)),
)


@dataclass(frozen=True, kw_only=True)
class Choice:
    value: str
    label: str
    address: str
    is_chosen: bool
    # None where there are too many to be counted.
    count: int | None
    share: int


@dataclass(frozen=True, kw_only=True)
class Facet:
    name: str
    label: str
    heading: str
    choices: tuple[Choice, ...]


def facets(filters: Filters, tally: Tally) -> list[Facet]:
    """Return the choices of each filter with the number of pledges that each would show.

    Choices that would show none are left out, unless chosen, and a filter that then has none; all are there
    where they were not all counted.
    """
    found = [
        Facet(
            name=name,
            label=str(NAMES[name]),
            heading=str(heading),
            choices=tuple(_choices(name, values, filters, tally)),
        )
        for name, heading, values in FACETS
    ]
    return [facet for facet in found if facet.choices]


def _choices(
    name: str, values: Iterable[tuple[str, object]], filters: Filters, tally: Tally
) -> Iterable[Choice]:
    others = {key: getattr(filters, key) for key in ("timeliness", "status", "action")}
    whole = tally.count(**(others | {name: ""})) or 1
    for value, label in values:
        count = tally.count(**(others | {name: value}))
        is_chosen = getattr(filters, name) == value
        if count or is_chosen or tally.is_capped:
            yield Choice(
                value=value,
                label=str(label),
                count=None if tally.is_capped else count,
                address=filters.address(**{name: "" if is_chosen else value}),
                is_chosen=is_chosen,
                share=round(100 * count / whole),
            )


def offered(*, case: str, body: str) -> tuple[dict[str, Case], dict[str, Body]]:
    """Return by slug the public cases and bodies that can be chosen: where these are too many, the given one.

    One statement.
    """
    asked = [*_offered(Case.objects.published(), case), *_offered(Body.objects.published(), body)]
    cases, bodies = {}, {}
    for kind, *values in asked[0].union(*asked[1:], all=True):
        if kind == "case":
            found = Case.from_db(None, _columns(Case), values)
            cases[found.slug] = found
        else:
            named = Body.from_db(None, _columns(Body), values)
            bodies[named.slug] = named
    return cases, bodies


def _offered(subjects: "QuerySet[Any]", slug: str) -> "Iterator[QuerySet[Any, Any]]":
    """Say which are offered, as rows with the same columns for both kinds: all, unless too many, and one."""
    model = subjects.model
    columns: tuple[Any, ...] = (Value(model._meta.model_name), *_columns(model))
    rows = subjects.order_by().values_list(*columns)
    yield rows.filter(~Exists(subjects.order_by()[MOST_OFFERED : MOST_OFFERED + 1]))
    if slug and "\0" not in slug:
        yield rows.filter(slug=slug)


def _columns(model: type[Case] | type[Body]) -> list[str]:
    """Return what a name and its translations are read from, in the order in which a row is read."""
    needed = {"id", "slug", "original_language", *model.worded}
    return [field.attname for field in model._meta.concrete_fields if field.attname in needed]


def by_name(subjects: Mapping[str, Worded]) -> list[tuple[str, Words]]:
    """Return slugs with names as the reader reads them, in their order."""
    names = [(slug, each.words(each.worded[0])) for slug, each in subjects.items()]
    return sorted(names, key=lambda each: each[1].text.casefold())


def read_page(
    request: HttpRequest,
    rows: "QuerySet[Row]",
    order: Order,
    load: "Load[Row] | None" = None,
    pick: Pick | None = None,
) -> tuple[Page[Row], tuple[str, ...]]:
    """Return the page that the address names, or the first one and what was wrong with its place."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        found = page(rows, order, load=load, pick=pick, after=after, before=before)
    except PlaceError:
        found = None
    if found is not None and (found.rows or not (after or before)):
        return found, ()
    return page(rows, order, load=load, pick=pick), (not_understood("page", after or before),)


def total_listed(
    filters: Filters, rows: PledgeQuerySet, page: Page[Pledge], pick: Pick | None, size: int = PAGE_SIZE
) -> Total:
    """Count the `rows` of a list, of which `page` is one page with at most `size` of them.

    Frequent words are known to be frequent. To count what further filters leave of them may take seconds, so
    no more than one page is counted.
    """
    if page.is_whole:
        return Total(len(page.rows))
    most = filters.most_counted
    if most is not None and not (filters.case or filters.body or filters.is_narrowed):
        return Total(most, is_capped=True)
    if most is None or not filters.is_narrowed:
        return total(rows, most)
    if page.is_first:
        return Total(len(page.rows), is_capped=True)
    if pick:
        rows = Pledge.objects.filter(pk__in=pick(Stretch(order=filters.keyset), size + 1))
    return total(rows, size)


def chosen(
    filters: Filters, cases: Mapping[str, Worded], bodies: Mapping[str, Worded]
) -> list[tuple[str, str]]:
    """Return each filter in force in words, with the address that takes it away."""
    labels = {
        "case": (_("Case"), cases[filters.case].name_here if filters.case else ""),
        "body": (_("Body"), bodies[filters.body].name_here if filters.body else ""),
        "words": (_("Words"), filters.words),
    }
    for name, _heading, values in FACETS:
        found = dict(values).get(getattr(filters, name), "")
        labels[name] = (str(NAMES[name]), str(found))
    return [
        (headed(label, value), filters.address(**{name: ""}))
        for name, (label, value) in labels.items()
        if value
    ]
