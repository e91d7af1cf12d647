"""The clock of the staff screens: read once a request."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

_KEY = "pledges.now"


def now_of(request: HttpRequest) -> datetime:
    """Return the aware instant (UTC) of this request, the same at every call."""
    if _KEY not in request.META:
        request.META[_KEY] = timezone.now()
    now: datetime = request.META[_KEY]
    return now
