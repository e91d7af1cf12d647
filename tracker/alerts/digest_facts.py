"""What a digest tells: its members that still hold, by case and by what happened."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.models import Case, Deadline, Event
from pledges.models.choices import EventKind

from .context import FollowUpFacts, NewsFacts, follow_up_facts, news_facts, say_here
from .models import Alert, AlertKind, AlertState, FollowUp
from .recheck import follow_up_untrue, is_wished, not_followed, reason_untrue

# In this order within a case.
SECTIONS = {
    "overdue": gettext_lazy("Overdue"),
    "soon": gettext_lazy("Due soon"),
    "moved": gettext_lazy("Deadline moved"),
    "replied": gettext_lazy("Answered by the body"),
    "assessed": gettext_lazy("Assessed"),
    "corrected": gettext_lazy("Corrected"),
    "stale": gettext_lazy("Not checked for long"),
}


@dataclass
class CaseNews:
    """What happened in one case: pairs of a heading and what stands under it."""

    case: Case
    sections: list[tuple[str, list[NewsFacts | FollowUpFacts]]] = field(default_factory=list)


def digest_members(digest: Alert, *, now: datetime) -> tuple[list[Alert], dict[int, str]]:
    """Return the members of `digest` that still hold, most late first, and for the others why not."""
    members = list(_with_facts(digest.members.filter(state=AlertState.FOLDED)))
    last_assessed = _last_assessed(members)
    highest = _highest(members)
    wishes = list(digest.subscriber.subscriptions.all()) if digest.subscriber else None
    untrue: dict[int, str] = {}
    for member in members:
        if member.event is not None:
            reason = reason_untrue(member.event, last_assessed)
            if not reason and wishes is not None and not is_wished(member.event, member.kind, wishes):
                reason = not_followed()
        elif member.follow_up is not None:
            reason = follow_up_untrue(member.follow_up, now=now) or _told_by_later(member.follow_up, highest)
        else:
            reason = ""
        if reason:
            untrue[member.pk] = reason
    return [member for member in members if member.pk not in untrue], untrue


def by_case(members: Iterable[Alert], *, now: datetime) -> list[CaseNews]:
    """Group what holds by case, in the order of its first member, and there by what happened."""
    grouped: dict[int, tuple[Case, dict[str, list[NewsFacts | FollowUpFacts]]]] = {}
    told = [(member, _facts(member, now)) for member in members]
    say_here(facts.pledge for _member, facts in told)
    for member, facts in told:
        case = facts.pledge.case
        _case, sections = grouped.setdefault(case.pk, (case, {}))
        sections.setdefault(_section(member), []).append(facts)
    return [
        CaseNews(case, [(str(words), found[name]) for name, words in SECTIONS.items() if name in found])
        for case, found in grouped.values()
    ]


def _facts(member: Alert, now: datetime) -> NewsFacts | FollowUpFacts:
    if member.event is not None:
        return news_facts(member.event, now=now)
    if member.follow_up is None:
        raise ValueError(f"alert {member.pk} tells of nothing")
    return follow_up_facts(member.follow_up, now=now)


def _section(member: Alert) -> str:
    if member.follow_up is None:
        return str(member.kind)
    if member.follow_up.stale_since is not None:
        return "stale"
    return "soon" if (member.follow_up.days or 0) < 0 else "overdue"


def _last_assessed(members: list[Alert]) -> dict[int, int]:
    """Return the last assessment of each pledge of which an assessment is told, in one statement."""
    pledges = {m.event.pledge_id for m in members if m.event and m.kind == AlertKind.ASSESSED}
    if not pledges:
        return {}
    events = Event.objects.filter(pledge__in=pledges, kind=EventKind.ASSESSED)
    return dict(events.order_by().values_list("pledge").annotate(Max("pk")))


def _highest(members: list[Alert]) -> dict[int, int]:
    """Return by deadline the highest rung that the digest tells of; T0 is 0."""
    highest: dict[int, int] = {}
    for member in members:
        follow_up = member.follow_up
        if follow_up is not None and follow_up.deadline_id is not None and follow_up.days is not None:
            known = highest.get(follow_up.deadline_id, follow_up.days)
            highest[follow_up.deadline_id] = max(known, follow_up.days)
        elif member.event is not None and member.kind == AlertKind.OVERDUE and member.event.deadline_id:
            highest[member.event.deadline_id] = max(highest.get(member.event.deadline_id, 0), 0)
    return highest


def _told_by_later(follow_up: FollowUp, highest: dict[int, int]) -> str:
    """Return that a later rung in the same mail tells it; one mail says each thing once."""
    if follow_up.deadline_id is None or follow_up.days is None:
        return ""
    later = highest.get(follow_up.deadline_id, follow_up.days) > follow_up.days
    return _("The same mail tells of something later.") if later else ""


def _with_facts(members: "QuerySet[Alert]") -> "QuerySet[Alert]":
    deadlines = Deadline.objects.order_by("position")
    return (
        members.select_related(
            "event__pledge__case",
            "event__pledge__current_deadline",
            "event__deadline",
            "follow_up__pledge__case",
            "follow_up__pledge__current_deadline",
            "follow_up__deadline",
        )
        .prefetch_related(
            "event__pledge__bodies",
            Prefetch("event__pledge__deadlines", deadlines),
            "follow_up__pledge__bodies",
            Prefetch("follow_up__pledge__deadlines", deadlines),
        )
        .order_by("event__deadline__lapses_at", "follow_up__deadline__lapses_at", "pk")
    )
