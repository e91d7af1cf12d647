"""Dates in working days, counted again by the present table of holidays. Proposes; moves nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language

from pledges.deadlines.explain import explain
from pledges.deadlines.resolving import recount
from pledges.deadlines.windows import Window
from pledges.models import Deadline, Pledge
from pledges.readings import explanation
from pledges.record.deadlines import calendar_of


@dataclass(frozen=True)
class Recounted:
    """A deadline in force that the present table of holidays would put on another day."""

    pledge: Pledge
    deadline: Deadline
    found: Window

    @property
    def sentence(self) -> str:
        """How the other date follows, in the active language."""
        return explain(self.found.explanation, get_language() or "en", self.pledge.time_zone)


def recounted() -> Iterator[Recounted]:
    """Yield the open pledges whose stored date a newer table of holidays would move."""
    counted = Pledge.objects.open().exclude(current_deadline__country="").exclude(current_deadline=None)
    for pledge in counted.select_related("current_deadline").order_by("reference"):
        deadline = pledge.current_deadline
        if deadline is None or not deadline.rule_id:
            continue
        found = recount(explanation(deadline), calendar_of(pledge))
        if found is not None:
            yield Recounted(pledge, deadline, found)
