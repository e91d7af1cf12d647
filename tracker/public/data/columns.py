"""What a table of the public data is. One declaration feeds every file and the data dictionary."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker.public.moment import Moment

Row = TypeVar("Row")
Fields = dict[str, str]
Value = str | int | bool | date | datetime | Sequence[str] | Sequence[int] | Sequence[Fields] | None
# How many rows are in memory at once.
BATCH = 500


class Type(StrEnum):
    """What stands in a column, by the names of Frictionless Data."""

    TEXT = "string"
    NUMBER = "integer"
    YES_NO = "boolean"
    DAY = "date"
    INSTANT = "datetime"
    LIST = "list"
    JSON = "array"

    @property
    def label(self) -> Promise:
        return LABELS[self]


LABELS = {
    Type.TEXT: _("text"),
    Type.NUMBER: _("whole number"),
    Type.YES_NO: _("true or false"),
    Type.DAY: _("day"),
    Type.INSTANT: _("instant in UTC"),
    Type.LIST: _("list"),
    Type.JSON: _("list"),
}


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its name, what it means, how it is read from a row, and which codes it may hold.

    `items` is what stands in a list.
    """

    name: str
    meaning: Promise
    read: Callable[[Row], Value]
    type: Type = Type.TEXT
    codes: Sequence[tuple[str, str | Promise]] = ()
    items: Type = Type.TEXT


@dataclass(frozen=True, kw_only=True)
class Table(Generic[Row]):
    """One table: `select` names the published rows behind it, `read` makes of them what columns read.

    `key` names the columns that tell its rows apart.
    """

    name: str
    title: Promise
    meaning: Promise
    key: tuple[str, ...]
    select: Callable[[], "QuerySet[Any]"]
    read: Callable[["QuerySet[Any]", Moment], Iterable[Row]]
    columns: tuple[Column[Row], ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def rows(self, moment: Moment) -> Iterator[list[Value]]:
        """Yield the values of each row, in the order of the columns, as the record stands at `moment`."""
        for row in self.read(self.select(), moment):
            yield [column.read(row) for column in self.columns]
