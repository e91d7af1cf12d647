"""What may be said of an overdue pledge: that nothing was found, and as of which day somebody looked.

Never "broken": the clock shows only that a date has passed. The day is that of the last recorded check,
on the page and in the mail alike; publication is none, and neither is today.
"""

from datetime import date
from typing import Protocol

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models.choices import Status
from .readings import day

AS_OF = {
    Status.NO_EVIDENCE: _("Overdue: no public evidence of delivery found as of %s."),
    Status.IN_PROGRESS: _("Overdue: work is reported, but no public evidence of delivery found as of %s."),
    Status.PARTLY_FULFILLED: _("Overdue: delivered in part; no public evidence of the rest found as of %s."),
}
NEVER_CHECKED = _("Overdue: no evidence of delivery is on record. Nobody has recorded a search for it yet.")


class Judged(Protocol):
    """A pledge that is still open; `checked_on` is a day in its own time zone."""

    @property
    def status(self) -> str: ...
    @property
    def checked_on(self) -> date | None: ...


def overdue_sentence(pledge: Judged) -> str:
    """Say of an open pledge past its date what the record shows. Raises KeyError for a closed one."""
    words = AS_OF[Status(pledge.status)]
    if pledge.checked_on is None:
        return str(NEVER_CHECKED)
    return words % day(pledge.checked_on)


def advice(pledge: Judged, *, today: date) -> str:
    """Say what staff should do before they rely on `overdue_sentence`; empty when somebody looked today."""
    if pledge.checked_on is None:
        return gettext("Please look for evidence before you rely on this.")
    if pledge.checked_on < today:
        return gettext("Please look for newer evidence before you rely on this.")
    return ""
