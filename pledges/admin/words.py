"""What the staff screens say about time and about events."""

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Event, Pledge, Update
from pledges.punctuation import in_clauses, listed
from pledges.readings import TIMELINESS_LABELS, counted_until, lateness, lateness_sentence
from pledges.wordings import is_wording


def timing_in_words(pledge: Pledge, *, now: datetime) -> str:
    """Say how late or how early, by the calendar of the pledge's own zone at `now`."""
    deadline = pledge.current_deadline
    if deadline is None:
        return _("No date")
    if deadline.latest is None:
        return deadline.get_no_date_reason_display()
    late = lateness([deadline], until=counted_until(pledge, now=now))
    words = lateness_sentence(late, is_met=pledge.met_on is not None)
    return words or str(TIMELINESS_LABELS[Timeliness.CLOSED])


def ledger_in_words(pledge: Pledge, *, now: datetime) -> str:
    """Say the same against the first date too, where the date was moved; reads the whole ledger."""
    late = lateness(pledge.deadlines.all(), until=counted_until(pledge, now=now))
    words = lateness_sentence(late, is_met=pledge.met_on is not None) if late.moves else ""
    return words or timing_in_words(pledge, now=now)


def tone_of(pledge: Pledge, *, now: datetime) -> str:
    """Return the CSS name of a pledge's timing: late, met or quiet."""
    if pledge.met_on and pledge.lapses_at:
        return "met"
    is_late = pledge.is_open and pledge.lapses_at is not None and pledge.lapses_at <= now
    return "late" if is_late else "quiet"


def changes_in_words(event: Event) -> str:
    """Say what an amending or translating event changed, before and after; empty for any other."""
    changes: dict[str, Any] = event.payload.get("changes", {})
    if is_wording(event):
        changes = {f"{event.payload['wording']} ({event.payload['language']})": event.payload}
    model = Update if "entry" in event.payload else Pledge
    line = _("%(field)s: from “%(before)s” to “%(after)s”")
    return in_clauses(
        line % {"field": _label(model, name), "before": _short(c["before"]), "after": _short(c["after"])}
        for name, c in changes.items()
    )


def event_in_words(event: Event) -> str:
    """Say in one line what an event holds, beyond its kind."""
    facts: dict[str, Any] = event.payload
    if "changes" in facts or is_wording(event):
        reason = facts.get("reason")
        return changes_in_words(event) + (f" ({reason})" if reason else "")
    if facts.get("latest"):
        line = _("due %s") % facts["latest"]
        return listed((line, facts.get("reason") or ""))
    return str(facts.get("reason") or facts.get("text") or facts.get("phrase") or "")


def _label(model: type[Model], name: str) -> str:
    labels = {field.name: field for field in model._meta.get_fields()}
    return str(getattr(labels.get(name), "verbose_name", name))


def _short(value: object, limit: int = 120) -> str:
    text = listed(map(str, value)) if isinstance(value, list) else str(value or "")
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
