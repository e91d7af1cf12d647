"""How a subject stands, in the few words that a badge or a picture has room for."""

from django.utils.translation import gettext as _

from pledges.deadlines.timeliness import Timeliness
from pledges.models.choices import Status
from pledges.models.pledge_query import PledgeQuerySet
from pledges.readings import TIMELINESS_LABELS
from tracker.health.words import minute
from tracker.public.listing import TIMELINESS_ORDER
from tracker.public.moment import Moment
from tracker.public.standing import Standing
from tracker.public.tally import Tally, Total, total_of
from tracker.public.templatetags.public import grouped


def words_of(here: Standing) -> str:
    """Return what the clock says, and beside it what the evidence says where there is any."""
    if here.timeliness is Timeliness.CLOSED:
        return here.pledge.get_status_display()
    is_begun = here.pledge.is_open and here.pledge.status != Status.NO_EVIDENCE
    parts = (
        here.label,
        f"{here.days or ''} {here.days_unit}".strip(),
        here.pledge.get_status_display() if is_begun else "",
    )
    return " · ".join(part for part in parts if part)


def late_of(counts: Tally, pledges: PledgeQuerySet, moment: Moment) -> Total:
    """Return how many of `pledges` are overdue."""
    return total_of(counts, pledges.overdue(now=moment.now), timeliness=Timeliness.OVERDUE)


def count_words(late: Total, total: Total) -> str:
    facts = {"late": grouped(late.number), "total": grouped(total.number)}
    if late.is_capped:
        return _("More than %(number)s are overdue today.") % {"number": facts["late"]}
    if total.is_capped:
        return _("%(late)s of more than %(total)s overdue") % facts
    return _("%(late)s of %(total)s overdue") % facts


def with_instant(name: str, words: str, moment: Moment) -> str:
    """Say all of it with its instant: copies of a picture are kept."""
    facts = {"name": name, "words": words, "at": minute(moment.now)}
    return _("%(name)s: %(words)s. As of %(at)s") % facts


def glance(counts: Tally) -> list[tuple[str, str, int]]:
    """Return label, value and number of each timeliness that there is. Long overdue is overdue."""
    named = [value for value in TIMELINESS_ORDER if value is not Timeliness.LONG_OVERDUE]
    numbers = [
        (str(TIMELINESS_LABELS[value]), value.value, counts.count(timeliness=value)) for value in named
    ]
    return [each for each in numbers if each[2]]
