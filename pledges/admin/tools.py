"""Buttons on the page of a pledge that other apps add, so that the record needs not know them.

`@tool` registers a function that is asked at each view of a pledge's page.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpRequest

from pledges.models import Pledge


class Tool(NamedTuple):
    """A button: what it says and the address that it opens."""

    label: str
    url: str


Offered = Callable[[HttpRequest, Pledge], Tool | None]
_OFFERED: list[Offered] = []


def tool(offer: Offered) -> Offered:
    """Register a button; None as its answer means that it fits neither the pledge nor the person."""
    _OFFERED.append(offer)
    return offer


def tools_of(request: HttpRequest, pledge: Pledge) -> list[Tool]:
    """Return the buttons for the person who is signed in, in the order of registration."""
    offers = [offer(request, pledge) for offer in _OFFERED]
    return [offer for offer in offers if offer]
