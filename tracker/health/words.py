"""How the state of the watch is said, on pages, in the admin and in mails."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from pledges.readings import day


def minute(instant: datetime) -> str:
    """Return an instant to the minute, in UTC, in the language of the reader."""
    utc = instant.astimezone(UTC)
    return _("%(day)s, %(time)s UTC") % {"day": day(utc), "time": f"{utc:%H:%M}"}


def since_when(since: datetime | None) -> str:
    """Return since when a part is late; None means that it never ran."""
    return _("since %s") % minute(since) if since else _("never so far")
