"""Signed links for readers without an account: what a mailed link may do, and for whom.

A link is `<subscriber>[-<object>].<signature>`, in letters and digits only, so that no mail program cuts
it off. The signature covers the subscriber's own secret: a new secret ends all links of one reader.
"""

import hmac
from enum import StrEnum
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.http import base36_to_int, int_to_base36

from .models import Subscriber

_SIGNATURE = 32  # hexadecimal digits: 128 bits


class Purpose(StrEnum):
    """What a link is good for. A link made for one purpose opens nothing else."""

    CONFIRM = "confirm"
    MANAGE = "manage"
    LEAVE = "leave"


def make(purpose: Purpose, subscriber_id: int, secret: str, about: int | None = None) -> str:
    """Return the token of one subscriber, whose `secret` it is; `about` names a further row."""
    name = (
        int_to_base36(subscriber_id)
        if about is None
        else f"{int_to_base36(subscriber_id)}-{int_to_base36(about)}"
    )
    return f"{name}.{_sign(purpose, name, secret)}"


def read(purpose: Purpose, token: str) -> tuple[Subscriber, int | None] | None:
    """Return the subscriber of a genuine `token` and what it is about; None for any other text.

    Somebody who was erased has no links any more.
    """
    name, _dot, signature = token.partition(".")
    subscriber, _dash, about = name.partition("-")
    try:
        number, further = base36_to_int(subscriber), base36_to_int(about) if about else None
    except ValueError:
        return None
    found = Subscriber.objects.filter(pk=number, erased_at=None).first() if number < 2**63 else None
    # Signed with an empty secret where there is nobody: how long it takes tells nothing.
    expected = _sign(purpose, name, found.secret if found else "")
    if not constant_time_compare(signature.lower(), expected) or found is None:
        return None
    return found, further


def _sign(purpose: Purpose, name: str, secret: str) -> str:
    signed = f"{name}.{secret}".encode()
    return hmac.digest(_key(settings.SECRET_KEY, purpose), signed, "sha256").hex()[:_SIGNATURE]


@lru_cache(maxsize=16)
def _key(secret_key: str, purpose: Purpose) -> bytes:
    return hmac.digest(secret_key.encode(), f"tracker.alerts.tokens.{purpose}".encode(), "sha256")
