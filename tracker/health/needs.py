"""What the admin's index says of the watch: when it last looked, and what is late."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pledges.admin.needs import Need, need, note

from .state import Health, read_health
from .words import minute, since_when

_KEY = "tracker.health"


def health_of(request: HttpRequest, clock: Callable[[], datetime]) -> Health:
    """Return the state of the watch, asked once a request however many parts of a page show it."""
    if _KEY not in request.META:
        request.META[_KEY] = read_health(now=clock())
    health: Health = request.META[_KEY]
    return health


@note
def last_checked(request: HttpRequest, now: datetime) -> str:
    at = health_of(request, lambda: now).checked_at
    return _("Deadlines last checked: %s") % minute(at) if at else _("Deadlines were never checked so far.")


@need
def late_watch(request: HttpRequest, now: datetime) -> Need | None:
    late = health_of(request, lambda: now).late
    if not late or not request.user.has_perm("pledges.view_pledge"):
        return None
    url = reverse("readyz")
    items = tuple((url, str(part.label), since_when(since)) for part, since in late.items())
    title = _("The watch is late")
    return Need(title=title, count=len(late), url=url, items=items, is_urgent=True)
