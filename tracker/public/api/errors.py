"""Errors in one shape: where the trouble is, what it is, and how to mend it."""

import re
from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from ninja.errors import ValidationError

from .answer import Address, Answer, api_address, site_address

SHOWN = 60
MENDS = {
    "size": gettext_lazy("Write a whole number from 1 to 100."),
    "after": gettext_lazy("Take “next” and “previous” of another answer as they are."),
    "before": gettext_lazy("Take “next” and “previous” of another answer as they are."),
    "since": gettext_lazy("Write an instant with its zone, such as 2025-04-08T21:00:00Z."),
    "words": gettext_lazy("Write at most 8 words, 200 letters in all."),
    "reference": gettext_lazy("Write country, year and number, such as SY-2025-0003."),
    "slug": gettext_lazy("Take the slug that a list of this API gives."),
    "number": gettext_lazy("Write the number of a checkpoint, from 1."),
    "case": gettext_lazy("Take the slug of one of the cases that this API lists."),
    "body": gettext_lazy("Take the slug of one of the bodies that this API lists."),
}


class Problem(Answer):
    """One thing that stands in the way."""

    where: str
    """The part of the request: the name of a parameter, `path`, `method` or `network`."""
    what: str
    """What is wrong with it, in the language asked for."""
    mend: str
    """What to do about it, in the language asked for."""


class ErrorAnswer(Answer):
    """Why there is no answer. Every error has this shape."""

    status: int
    """The HTTP status code."""
    problems: list[Problem]
    """All that was found, at least one."""
    documentation: Address
    """The page on which this API is explained."""


class GoneAnswer(ErrorAnswer):
    """Why a pledge that was public is not any more."""

    off_on: date
    """The day on which it was taken off the public pages, in the pledge's own time zone."""
    reason: str
    """Why, in the words of those who keep the record."""


class Refusal(Exception):  # noqa: N818 - what a reader asked for is refused; nothing failed here
    """Raised where an operation can't answer."""

    def __init__(self, status: HTTPStatus, *problems: Problem) -> None:
        super().__init__(status, *problems)
        self.status, self.problems = status, problems


def refused(status: HTTPStatus, *problems: Problem) -> HttpResponse:
    return _response(ErrorAnswer(status=status, problems=list(problems), documentation=site_address("api")))


def gone(off_on: date, reason: str) -> HttpResponse:
    problem = Problem(
        where="reference",
        what=_("This pledge was taken off the public pages."),
        mend=_("Delete your copy of it, or say beside it since when and why it is not public."),
    )
    return _response(
        GoneAnswer(
            status=HTTPStatus.GONE,
            problems=[problem],
            documentation=site_address("api"),
            off_on=off_on,
            reason=reason,
        )
    )


def not_found(where: str) -> Refusal:
    problem = Problem(
        where=where,
        what=_("Nothing is published under this name."),
        mend=_("Take the names that the lists of this API give: %(address)s")
        % {"address": api_address("pledges")},
    )
    return Refusal(HTTPStatus.NOT_FOUND, problem)


def no_such_address(request: HttpRequest, **_kwargs: str) -> HttpResponse:
    """Answer for every address below the API that no operation has."""
    problem = Problem(
        where="path",
        what=_("This API has no address “%(value)s”.") % {"value": printable(request.path)},
        mend=_("Addresses have no slash at their end. All of them: %(address)s")
        % {"address": api_address("openapi-json")},
    )
    return refused(HTTPStatus.NOT_FOUND, problem)


def no_such_method(request: HttpRequest) -> HttpResponse:
    problem = Problem(
        where="method",
        what=_("This API can only be read."),
        mend=_("Use GET, HEAD or OPTIONS."),
    )
    return refused(HTTPStatus.METHOD_NOT_ALLOWED, problem)


def too_many(limit: int, seconds: int) -> HttpResponse:
    """Answer a network that asked too often; it may ask again after `seconds`."""
    problem = Problem(
        where="network",
        what=asked_too_often(limit),
        mend=ngettext(
            "Ask again in %(seconds)d second, and take larger pages.",
            "Ask again in %(seconds)d seconds, and take larger pages.",
            seconds,
        )
        % {"seconds": seconds},
    )
    response = refused(HTTPStatus.TOO_MANY_REQUESTS, problem)
    response["Retry-After"] = str(seconds)
    return response


def asked_too_often(limit: int) -> str:
    """Say what is wrong with a network that asked more than `limit` times within an hour."""
    asked = ngettext("More than %(limit)d request", "More than %(limit)d requests", limit) % {"limit": limit}
    return _("%(asked)s came from your network within this hour.") % {"asked": asked}


def not_understood(name: str, value: str, mend: str = "") -> Problem:
    return Problem(
        where=name,
        what=_("“%(value)s” was not understood.") % {"value": printable(value)},
        mend=mend or str(MENDS[name]),
    )


def printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in text[:SHOWN])


def on_refusal(request: HttpRequest, refusal: Any) -> HttpResponse:  # noqa: ANN401  (ninja's type)
    return refused(refusal.status, *refusal.problems)


def on_bad_values(request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401  (ninja's type)
    """Say of each value that the schemas refuse which ones they take."""
    if not isinstance(error, ValidationError):
        raise TypeError(error)
    # Each parameter that may be left out also complains that it was not.
    problems = [_problem(request, each) for each in error.errors if each["type"] != "none_required"]
    return refused(HTTPStatus.UNPROCESSABLE_ENTITY, *problems)


def _problem(request: HttpRequest, error: dict[str, Any]) -> Problem:
    facts = error.get("ctx", {})
    if error["type"] == "unknown_name":
        return Problem(
            where=str(facts["name"]),
            what=_("This address takes no “%(name)s”.") % {"name": facts["name"]},
            mend=_("Leave it out, or take one of: %(names)s.") % {"names": facts["names"]},
        )
    if error["type"] == "given_twice":
        return Problem(
            where=str(facts["name"]),
            what=_("“%(name)s” is given more than once.") % {"name": facts["name"]},
            mend=_("Give it once."),
        )
    # ("query", "size") for a parameter with a default; ("query", "asked", "status", …) without one.
    name = next(str(part) for part in error["loc"][1:] if part != "asked")
    path = request.resolver_match.kwargs if request.resolver_match else {}
    choices = ", ".join(re.findall("'([^']*)'", str(facts.get("expected", ""))))
    mend = _("Write one of: %(choices)s.") % {"choices": choices} if choices else ""
    return not_understood(name, str(path.get(name) or request.GET.get(name, "")), mend)


def _response(answer: ErrorAnswer) -> HttpResponse:
    return JsonResponse(answer.model_dump(mode="json"), status=answer.status)
