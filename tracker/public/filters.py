"""The filters of the pledge list: read from an address, applied to pledges, written back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.deadlines.timeliness import Timeliness
from pledges.models.choices import Action, Status
from pledges.models.pledge_query import PledgeQuerySet

from .keyset import DUE, NEWEST, Order, Pick
from .moment import Moment
from .search.matching import BEST, FREQUENT, Found, find
from .search.nearby import Nearby
from .standing import with_standing

MOST_WORDS = 8
MOST_LETTERS = 200
NAMES = {
    "case": gettext_lazy("Case"),
    "body": gettext_lazy("Body"),
    "action": gettext_lazy("Action"),
    "status": gettext_lazy("Delivery"),
    "timeliness": gettext_lazy("Timeliness"),
    "order": gettext_lazy("Order"),
    "page": gettext_lazy("Page"),
}
BEST_MATCH = "best"
# Those of a list that holds all there is, however much.
ORDERS = {
    "newest": gettext_lazy("Newest pledge first"),
    "due": gettext_lazy("By due date"),
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Checked values; an empty one filters nothing. `problems` says what was not understood."""

    case: str = ""
    body: str = ""
    action: str = ""
    status: str = ""
    timeliness: str = ""
    words: str = ""
    order: str = ""
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        return replace(self, order="") == Filters()

    @property
    def is_narrowed(self) -> bool:
        """Whether not all pledges of the subject are listed."""
        return bool(self.action or self.status or self.timeliness)

    @property
    def is_ranked(self) -> bool:
        """Whether the best match comes first, as a reader of words expects. Without words none is better."""
        return self.wants_best and not self.found.is_frequent

    @property
    def wants_best(self) -> bool:
        return bool(self.words) and self.order in ("", BEST_MATCH)

    @property
    def most_counted(self) -> int | None:
        """How many matches of frequent words are counted, None of others: it takes as long as to rank."""
        return FREQUENT if self.found.is_frequent else None

    @property
    def keyset(self) -> Order:
        if self.is_ranked:
            return BEST
        return DUE if self.order == "due" else NEWEST

    @property
    def whole_orders(self) -> list[dict[str, str]]:
        """The orders of a whole list, each with its address."""
        return [
            {"name": name, "label": str(label), "address": self.address(order=name)}
            for name, label in ORDERS.items()
        ]

    @cached_property
    def found(self) -> Found:
        """What has the words, asked for once."""
        return find(self.words)

    def address(self, **changes: str) -> str:
        """Return the query of the address that shows these filters with `changes` made."""
        names = ("case", "body", "action", "status", "timeliness", "words", "order")
        values = {name: getattr(self, name) for name in names} | changes
        return "?" + urlencode({name: value for name, value in values.items() if value})

    def apply_subject(self, pledges: PledgeQuerySet) -> PledgeQuerySet:
        """Narrow by case, body and words: what the counts beside the other filters are of."""
        if self.case:
            pledges = pledges.filter(case__slug=self.case)
        if self.body:
            pledges = pledges.filter(bodies__slug=self.body)
        return self.found.among(pledges)

    def apply(self, pledges: PledgeQuerySet, moment: Moment) -> PledgeQuerySet:
        """Narrow what `apply_subject` left by the other filters."""
        if self.action:
            pledges = pledges.filter(action=self.action)
        if self.status:
            pledges = pledges.filter(status=self.status)
        if self.timeliness == Timeliness.OVERDUE:
            pledges = pledges.overdue(now=moment.now)
        elif self.timeliness:
            value = Timeliness(self.timeliness)
            pledges, first = moment.timely(pledges, value), moment.first_due(value)
            if first and self.order == "due":
                pledges = pledges.due_from(first)
        return pledges

    def sortable(self, pledges: PledgeQuerySet) -> PledgeQuerySet:
        """Make what `apply` left ready for `keyset`."""
        if self.is_ranked:
            return self.found.ranked(pledges)
        return pledges.with_due_at() if self.order == "due" else pledges

    def pick(self, pledges: PledgeQuerySet, moment: Moment) -> Pick | None:
        """Return how the first ones of `pledges` that pass are found, where that needs more than an index.

        What a case or a body has is few enough to be gone through.
        """
        if not self.found.is_frequent or self.case or self.body:
            return None
        rows = self.apply(pledges, moment)
        return Nearby(whole=self.sortable(pledges), rows=self.sortable(rows), found=self.found).pick

    def loaded(self, pledges: PledgeQuerySet) -> PledgeQuerySet:
        """Load what a list shows of those on its page, with what `keyset` sorts them by."""
        return with_standing(self.sortable(pledges))


def read_filters(
    data: Mapping[str, str], *, cases: Mapping[str, object], bodies: Mapping[str, object]
) -> Filters:
    """Read the filters from `data`; what is not understood is left out and named in `problems`."""
    allowed: dict[str, Mapping[str, object] | list[str]] = {
        "case": cases,
        "body": bodies,
        "action": Action.values,
        "status": Status.values,
        "timeliness": list(Timeliness),
        "order": [BEST_MATCH, *ORDERS],
    }
    values, problems = {}, []
    for name, choices in allowed.items():
        value = data.get(name, "").strip()
        if not value:
            continue
        if value in choices:
            values[name] = value
        else:
            problems.append(not_understood(name, value))
    words, trouble = _read_words(data.get("words", ""))
    return Filters(**values, words=words, problems=(*problems, *trouble))


def not_understood(name: str, value: str) -> str:
    shown = "".join(letter if letter.isprintable() else "�" for letter in value[:60])
    return _("%(filter)s: “%(value)s” was not understood and is left out.") % {
        "filter": NAMES[name],
        "value": shown,
    }


def _read_words(raw: str) -> tuple[str, list[str]]:
    words = "".join(letter if letter.isprintable() else " " for letter in raw).split()
    kept = " ".join(words[:MOST_WORDS])[:MOST_LETTERS].strip()
    if kept == " ".join(words):
        return kept, []
    return kept, [_("Words: only the first %(count)d words are searched.") % {"count": len(kept.split())}]
