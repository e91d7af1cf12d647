"""The list of pledges: its choices with their counts, and its pages."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.deadlines.timeliness import Timeliness
from pledges.models.choices import Action, Status
from pledges.models.worded import Worded, Words
from pledges.readings import TIMELINESS_LABELS

from .filters import NAMES, Filters
from .tally import Tally

PAGE_SIZE = 25
OPTIONS_SHOWN = 300
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
    count: int
    address: str
    is_chosen: bool
    share: int


@dataclass(frozen=True, kw_only=True)
class Facet:
    name: str
    label: str
    heading: str
    choices: tuple[Choice, ...]


def facets(filters: Filters, tally: Tally) -> list[Facet]:
    """Return the choices of each filter with the number of pledges that each would show.

    Choices that would show none are left out, unless chosen.
    """
    return [
        Facet(
            name=name,
            label=str(NAMES[name]),
            heading=str(heading),
            choices=tuple(_choices(name, values, filters, tally)),
        )
        for name, heading, values in FACETS
    ]


def _choices(
    name: str, values: Iterable[tuple[str, object]], filters: Filters, tally: Tally
) -> Iterable[Choice]:
    others = {key: getattr(filters, key) for key in ("timeliness", "status", "action")}
    whole = tally.count(**(others | {name: ""})) or 1
    for value, label in values:
        count = tally.count(**(others | {name: value}))
        is_chosen = getattr(filters, name) == value
        if count or is_chosen:
            yield Choice(
                value=value,
                label=str(label),
                count=count,
                address=filters.address(**{name: "" if is_chosen else value}),
                is_chosen=is_chosen,
                share=round(100 * count / whole),
            )


def options(subjects: Mapping[str, Worded], value: str) -> list[tuple[str, Words]]:
    """Return what a select offers: the first of many, and always the one that is chosen; by name."""
    names = [(slug, each.words(each.worded[0])) for slug, each in list(subjects.items())[:OPTIONS_SHOWN]]
    if value and value not in dict(names):
        names.append((value, subjects[value].words(subjects[value].worded[0])))
    return sorted(names, key=lambda each: each[1].text.casefold())


def counted(rows: "QuerySet[Any]", known: int) -> "Paginator[Any]":
    """Return pages over rows that were counted already, sparing the statement that counts them."""
    pages = Paginator(rows, PAGE_SIZE)
    vars(pages)["count"] = known
    return pages


def page_of(
    pages: "Paginator[Any]", raw: str, problem: Callable[[str], str]
) -> "tuple[Page[Any], tuple[str, ...]]":
    """Return the page that `raw` names, or the first one and what was wrong."""
    if not raw:
        return pages.page(1), ()
    if raw.isascii() and raw.isdecimal() and len(raw) < 7 and 0 < int(raw) <= pages.num_pages:
        return pages.page(int(raw)), ()
    return pages.page(1), (problem(raw),)


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
        (f"{label}: {value}", filters.address(**{name: ""}))
        for name, (label, value) in labels.items()
        if value
    ]
