"""What can be asked: the parameters of each list, with what they take. All else is refused by name."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from django.http import HttpRequest
from ninja import Schema
from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from pledges.deadlines.timeliness import Timeliness
from pledges.models.choices import PUBLIC_EVENT_KINDS, Action, EventKind, Status
from tracker.public.filters import MOST_LETTERS, MOST_WORDS
from tracker.public.keyset import LONGEST, PAGE_SIZE, SEPARATOR, instant

LARGEST = 100
# Those of the settings; a test compares.
Language = Literal["en", "ar", "fr", "es"]
Absent = SkipJsonSchema[None]


def _public_kind(value: str) -> EventKind:
    if value not in PUBLIC_EVENT_KINDS:
        expected = ", ".join(f"'{each.value}'" for each in PUBLIC_EVENT_KINDS)
        raise PydanticCustomError("enum", "not public", {"expected": expected})
    return EventKind(value)


def _instant(value: object) -> datetime:
    """Read an aware instant. Raises ValueError; pydantic's own reader would take bare numbers too."""
    return instant(str(value).upper())


# What these forbid is refused with 422. What they allow is looked for, and answered 404 if it isn't there.
SLUG = "^[-a-zA-Z0-9_]+$"
PLACE = rf"^[^\x00]+{SEPARATOR}[^\x00]+$"
# Spelled out: what is a space to one reader of a schema is none to another.
SPACE, LETTER = r"[ \t\n\r\f\v]", r"[^ \t\n\r\f\v]"
WORDS = rf"^{SPACE}*{LETTER}+({SPACE}+{LETTER}+){{0,{MOST_WORDS - 1}}}{SPACE}*$"
Slug = Annotated[str, Field(min_length=1, pattern=SLUG)]
PublicKind = Annotated[
    EventKind,
    BeforeValidator(_public_kind),
    WithJsonSchema({"type": "string", "enum": [each.value for each in PUBLIC_EVENT_KINDS]}),
]
Place = Annotated[
    str, Field(min_length=3, max_length=LONGEST, pattern=PLACE, json_schema_extra={"format": "place"})
]
Since = Annotated[datetime, BeforeValidator(_instant)]


class Asked(Schema):
    """What every address takes."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    lang: Language | Absent = None
    """Language of labels and sentences, and of links to pages. Without it, the site's own."""

    @model_validator(mode="after")
    def _is_understood(self, info: ValidationInfo) -> Self:
        request: HttpRequest = (info.context or {})["request"]
        names = list(type(self).model_fields)
        for name, values in request.GET.lists():
            facts: dict[str, Any] = {"name": name[:LARGEST], "names": ", ".join(names)}
            if name not in names:
                raise PydanticCustomError("unknown_name", "unknown name", facts)
            if len(values) > 1:
                raise PydanticCustomError("given_twice", "given twice", facts)
        return self


class AskedList(Asked):
    """What every list takes."""

    size: int = Field(PAGE_SIZE, ge=1, le=LARGEST)
    """Rows a page."""
    after: Place | Absent = None
    """The place after which the page begins, as `next` has it."""
    before: Place | Absent = None
    """The place before which the page ends, as `previous` has it. Where both are given, `after` counts."""


class AskedPledges(AskedList):
    """What the list of pledges takes: the filters of the page, by the same names."""

    case: Slug | Absent = Field(None, json_schema_extra={"format": "case"})
    """Slug of a case: only pledges that answer it."""
    body: Slug | Absent = Field(None, json_schema_extra={"format": "body"})
    """Slug of a body: only pledges for which it is responsible."""
    action: Action | Absent = None
    """Only pledges of this action."""
    status: Status | Absent = None
    """Only pledges that were judged so."""
    timeliness: Timeliness | Absent = None
    """Only pledges of which the clock says this; `overdue` includes `long_overdue`."""
    words: Annotated[str, Field(min_length=1, max_length=MOST_LETTERS, pattern=WORDS)] | Absent = Field(
        None, json_schema_extra={"format": "words"}
    )
    """Only pledges that have each of these words; where none has, words that begin like that. At most 8."""
    order: Literal["best", "newest", "due"] | Absent = None
    """`best`, as without it: the best match first. A word counts most in a title, less in what was said, and
    least in the name of a case or a body. Where more than 1,000 match, where there are no words, and with
    `newest`: the newest pledge first. `due`: by due date. The links of a list by `best` are refused once more
    than 1,000 match; those of the other orders stay right for ever."""


class AskedEvents(AskedList):
    """What the list of all events takes."""

    kind: PublicKind | Absent = None
    """Only events of this kind."""
    since: Since | Absent = None
    """Only events that were put on record at this instant or later."""
