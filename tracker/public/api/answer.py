"""What all answers have in common: exact fields, words with their language, instants, links, lists."""

from datetime import datetime
from typing import Annotated

from django.urls import reverse
from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from pledges.ledger.chain import instant
from pledges.models.worded import Worded
from tracker.public import tally
from tracker.public.feeds import absolute

# With microseconds, in UTC: the form that is hashed.
Instant = Annotated[
    datetime,
    PlainSerializer(instant, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Address = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]


class Answer(BaseModel):
    """The docstrings below the fields are what `openapi.json` and the page of the API say of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Words(Answer):
    """Words in the language in which they were said or written."""

    text: str
    """The words themselves."""
    language: str
    """Code of their language (BCP 47); `und` for one that has no code here, empty where none is on record."""


class OurWords(Words):
    """Words of those who keep the record, in the language asked for where they were translated into it."""

    original: Words | None
    """What they translate; null where they are the original themselves."""


class Total(Answer):
    """How many there are in all."""

    number: int
    """The count, or where it is capped, 10,000. Of words that more than 1,000 pledges have it is 1,000, and
    narrowed by the clock, the delivery or the action as many as a page may hold."""
    is_capped: bool
    """Whether there are more than `number`."""

    @classmethod
    def of(cls, total: "tally.Total") -> "Total":
        return cls(number=total.number, is_capped=total.is_capped)


class Listing(Answer):
    """One page of a list. Its links stay right while rows come and go."""

    total: Total
    """How many rows all pages have together."""
    next: Address | None
    """The following page; null on the last one."""
    previous: Address | None
    """The page before; null on the first one."""


def words(text: str, language: str) -> Words | None:
    return Words(text=text, language=language) if text else None


def ours(subject: Worded, field: str) -> OurWords | None:
    """Return a text of a subject, loaded by `in_active_language`; None for an empty one."""
    found = subject.words(field)
    if not found.text:
        return None
    return OurWords(
        text=found.text,
        language=found.language,
        original=words(found.original, found.original_language),
    )


def name_of(subject: Worded) -> OurWords:
    """Return what a subject is called. Raises ValueError for one without a name."""
    name = ours(subject, subject.worded[0])
    if name is None:
        raise ValueError(f"{subject.stream} is called nothing")
    return name


def api_address(name: str, *args: str | int) -> str:
    """Return the absolute address of an operation. It has no language of its own."""
    return absolute(reverse(f"api:{name}", args=args))


def site_address(name: str, *args: str | int) -> str:
    """Return the absolute address of a page, in the active language."""
    return absolute(reverse(f"public:{name}", args=args))
