"""Pages of a long list that cost the same wherever they are: each begins after the last row of another.

A numbered page would have the database count and throw away everything before it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 25
SEPARATOR = "~"
LONGEST = 300
Row = TypeVar("Row", bound=Model)
# Managers of models have query sets of their own.
Load = Callable[[Any], "QuerySet[Row]"]
# Returns keys among which are those of so many first rows of a stretch; more do no harm.
Pick = Callable[["Stretch", int], Any]


class PlaceError(ValueError):
    """What should name a place in a list does not."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """By `first`, then by `second`, which is unique; both are columns or annotations that are never null.

    `read` and `read_second` turn text from an address into their values, and raise ValueError.
    """

    first: str
    second: str
    read: Callable[[str], Any]
    read_second: Callable[[str], Any] = str
    descending: bool = False

    def sort(self, rows: "QuerySet[Row]", *, backwards: bool = False) -> "QuerySet[Row]":
        sign = "-" if self.descending != backwards else ""
        return rows.order_by(f"{sign}{self.first}", f"{sign}{self.second}")

    def beyond(self, place: str, *, backwards: bool = False) -> Q:
        """Return the condition of lying after `place` in this order, or before it."""
        first, second = self.read_place(place)
        side = "lt" if self.descending != backwards else "gt"
        # The first condition follows from the others; it lets the database begin within its index.
        return Q(**{f"{self.first}__{side}e": first}) & (
            Q(**{f"{self.first}__{side}": first}) | Q(**{f"{self.second}__{side}": second})
        )

    def place_of(self, row: Model) -> str:
        return f"{_text(getattr(row, self.first))}{SEPARATOR}{_text(getattr(row, self.second))}"

    def read_place(self, place: str) -> tuple[Any, Any]:
        """Return what stands at a place; raises PlaceError where it can't be read."""
        first, separator, second = place[:LONGEST].rpartition(SEPARATOR)
        if not separator or "\0" in place:
            raise PlaceError(place)
        try:
            return self.read(first), self.read_second(second)
        except ValueError as trouble:
            raise PlaceError(place) from trouble


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """What lies beyond a place in a list, or all of the list where the place is empty."""

    order: Order
    place: str = ""
    backwards: bool = False

    @property
    def descends(self) -> bool:
        return self.order.descending != self.backwards

    def of(self, rows: "QuerySet[Row]") -> "QuerySet[Row]":
        """Return those of `rows` in it, from the place on."""
        if self.place:
            rows = rows.filter(self.order.beyond(self.place, backwards=self.backwards))
        return self.order.sort(rows, backwards=self.backwards)


def pick_from(rows: Collection[tuple[Any, int]]) -> Pick:
    """Pick from rows that are at hand, each given by what the list sorts it by first, and its key.

    All that share it come along: to tell which of them come before a place is left to the database, whose
    order of texts may be that of a language.
    """

    def pick(stretch: Stretch, most: int) -> list[int]:
        near = stretch.order.read_place(stretch.place)[0] if stretch.place else None
        ahead = sorted((first for first, _key in rows), reverse=stretch.descends)
        if near is not None:
            ahead = [first for first in ahead if (first < near if stretch.descends else first > near)]
        far = ahead[most - 1] if len(ahead) >= most else None
        low, high = (far, near) if stretch.descends else (near, far)
        return [
            key for first, key in rows if (low is None or low <= first) and (high is None or first <= high)
        ]

    return pick


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """Some rows; `before` and `after` name the places where the pages beside it begin, empty without one."""

    rows: list[Row]
    before: str
    after: str
    # Whether the list was asked for from its beginning.
    is_first: bool

    @property
    def is_whole(self) -> bool:
        """Whether all rows of the list are on it."""
        return self.is_first and not self.after

    def __iter__(self) -> "Any":  # noqa: ANN401  (an iterator of rows)
        return iter(self.rows)


def page(
    rows: "QuerySet[Row]",
    order: Order,
    *,
    load: "Load[Row] | None" = None,
    pick: Pick | None = None,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> "Page[Row]":
    """Return the page after one place, before another, or the first. One statement, and its prefetches.

    `load` adds to the rows of the page what is needed of them, and what `order` sorts by, if that is an
    annotation: what it joins is then not read for all that come into question. With `load`, `pick` may say
    which of `rows` come first, if it knows a quicker way than to go through them in their order.

    Raises PlaceError when a place can't be read. `after` is preferred when both are given.
    """
    backwards = bool(before and not after)
    place = before if backwards else after
    stretch = Stretch(order=order, place=place, backwards=backwards)
    chosen = stretch.of(rows)[: size + 1]
    if load:
        keys = pick(stretch, size + 1) if pick else chosen.values("pk")
        chosen = stretch.of(load(rows.model._default_manager.filter(pk__in=keys)))[: size + 1]
    found = list(chosen)
    has_more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_before, has_after = (has_more, True) if backwards else (bool(place), has_more)
    return Page(
        rows=found,
        before=order.place_of(found[0]) if found and has_before else "",
        after=order.place_of(found[-1]) if found and has_after else "",
        is_first=not place,
    )


def instant(text: str) -> datetime:
    """Read an aware instant that a database can hold: one whose day in UTC has a year of four digits."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(text)
    try:
        return read.astimezone(UTC)
    except OverflowError as trouble:
        raise ValueError(text) from trouble


def number(text: str) -> int:
    """Read a number that a database can hold."""
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise ValueError(text)
    return int(text)


NEWEST = Order(first="made_on", second="reference", read=date.fromisoformat, descending=True)
# Needs `with_due_at`.
DUE = Order(first="due_at", second="reference", read=instant)
MOST_LATE = Order(first="lapses_at", second="reference", read=instant)


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
