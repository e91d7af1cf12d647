"""What the record says about time, in figures and in sentences. Pure: no queries, no clock.

Days are those of the pledge's own time zone. Sentences come in the active language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from babel import Locale
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pledges.deadlines import windows
from pledges.deadlines.explain import explain, place_of
from pledges.deadlines.lapse import local_day
from pledges.deadlines.timeliness import Timeliness, days_late
from pledges.deadlines.windows import Explanation, Note
from pledges.deadlines.wording import wording_for
from pledges.models.choices import DeadlineKind, NoDateReason, Precision
from pledges.punctuation import in_clauses, listed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TIMELINESS_LABELS = {
    Timeliness.NO_DATE: _("No due date"),
    Timeliness.AWAITING_TRIGGER: _("Waits for an event"),
    Timeliness.UPCOMING: _("Not due yet"),
    Timeliness.DUE_SOON: _("Due soon"),
    Timeliness.OVERDUE: _("Overdue"),
    Timeliness.LONG_OVERDUE: _("Long overdue"),
    Timeliness.MET_ON_TIME: _("Met on time"),
    Timeliness.MET_LATE: _("Met late"),
    Timeliness.CLOSED: pgettext_lazy("timeliness", "No longer timed"),
}
LATE = (Timeliness.OVERDUE, Timeliness.LONG_OVERDUE)
MET = (Timeliness.MET_ON_TIME, Timeliness.MET_LATE)


class LedgerRow(Protocol):
    """One row of a deadline ledger; `latest` is None where it sets no date."""

    @property
    def kind(self) -> str: ...
    @property
    def latest(self) -> date | None: ...


class DeadlineFacts(LedgerRow, Protocol):
    """What the derivation of a due date is told from."""

    @property
    def phrase(self) -> str: ...
    @property
    def anchor_on(self) -> date | None: ...
    @property
    def anchor_label(self) -> str: ...
    @property
    def precision(self) -> str: ...
    @property
    def no_date_reason(self) -> str: ...
    @property
    def announced_on(self) -> date: ...
    @property
    def phrase_language(self) -> str: ...
    @property
    def earliest(self) -> date | None: ...
    @property
    def rule_id(self) -> str: ...
    @property
    def rule_version(self) -> int | None: ...
    @property
    def rule_notes(self) -> list[str]: ...
    @property
    def country(self) -> str: ...
    @property
    def calendar_version(self) -> str: ...
    @property
    def time_zone(self) -> str: ...


class Timed(Protocol):
    """What a pledge is counted by."""

    @property
    def met_on(self) -> date | None: ...
    @property
    def is_open(self) -> bool: ...
    @property
    def time_zone(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """Lateness up to `until`, against the first due date and the one in force.

    `moves` counts changes of a date by those who set it; a correction of our own record is none.
    """

    first: date | None
    current: date | None
    moves: int
    until: date | None

    @property
    def slip(self) -> int | None:
        """Days from the first due date to the one in force; negative when it came nearer."""
        if self.first is None or self.current is None:
            return None
        return days_late(latest=self.first, until=self.current)

    @property
    def against_current(self) -> int | None:
        """Days late; negative while days are left, None where nothing is timed."""
        return self._late(self.current)

    @property
    def against_first(self) -> int | None:
        return self._late(self.first)

    def _late(self, latest: date | None) -> int | None:
        return days_late(latest=latest, until=self.until) if latest and self.until else None


def counted_until(pledge: Timed, *, now: datetime) -> date | None:
    """Return the day to which lateness counts: of fulfilment, or of `now`; None once closed."""
    if pledge.met_on is not None:
        return pledge.met_on
    return local_day(now, pledge.time_zone) if pledge.is_open else None


def lateness(ledger: Iterable[LedgerRow], *, until: date | None) -> Lateness:
    """Read a ledger, given in its order."""
    first = current = None
    moves = 0
    for row in ledger:
        is_correction = row.kind == DeadlineKind.CORRECTION
        if first is None or (is_correction and not moves):
            first = row.latest
        elif not is_correction and row.latest != current:
            moves += 1
        current = row.latest
    return Lateness(first=first, current=current, moves=moves, until=until)


def lateness_sentence(late: Lateness, *, is_met: bool) -> str:
    """Say the figures in one line, such as "moved once, +93 days; 12 days late against the last
    date, 105 against the first". Empty where no date was ever set."""
    return in_clauses((_moves(late), _days(late, is_met=is_met)))


def _moves(late: Lateness) -> str:
    if not late.moves:
        return ""
    times = ngettext("moved once", "moved %(count)d times", late.moves) % {"count": late.moves}
    if late.slip is None:
        return gettext("%(moved)s, now without a date") % {"moved": times}
    return gettext("%(moved)s, %(slip)s") % {"moved": times, "slip": moved_by(late.slip)}


def _days(late: Lateness, *, is_met: bool) -> str:
    if not late.moves:
        return "" if late.current is None else _against(late.against_current, is_met, _PLAIN)
    parts = [
        _against(late.against_current, is_met, _LAST),
        _against(late.against_first, is_met, _FIRST),
    ]
    if (late.against_current or 0) > 0 and (late.against_first or 0) > 0:
        parts[1] = gettext("%(days)d against the first") % {"days": late.against_first}
    return listed(parts)


Phrases = tuple[tuple["_StrPromise", "_StrPromise"], ...]
# Late, on the day itself, before it; each for an open pledge and for a fulfilled one.
_PLAIN: Phrases = (
    (_("%(days)s late"), _("%(days)s late")),
    (_("due today"), _("on the due date")),
    (_("%(days)s left"), _("%(days)s early")),
)
_LAST: Phrases = (
    (_("%(days)s late against the last date"), _("%(days)s late against the last date")),
    (_("due today by the last date"), _("on the last date")),
    (_("%(days)s left to the last date"), _("%(days)s before the last date")),
)
_FIRST: Phrases = (
    (_("%(days)s past the first date"), _("%(days)s past the first date")),
    (_("due today by the first date"), _("on the first date")),
    (_("%(days)s left to the first date"), _("%(days)s before the first date")),
)


def _against(days: int | None, is_met: bool, words: Phrases) -> str:
    if days is None:
        return ""
    row = words[0 if days > 0 else 1 if days == 0 else 2]
    return str(row[is_met]) % {"days": day_count(abs(days))}


def moved_by(days: int) -> str:
    """Say how far a date was moved: "+3 days" is later, "−3 days" nearer."""
    return (ngettext("%(days)+d day", "%(days)+d days", abs(days)) % {"days": days}).replace("-", "−")


def day_count(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def derivation_sentence(deadline: DeadlineFacts) -> str:
    """Say how a due date follows from the words, in the active language; or why there is none.

    A date by a rule: "said 4 April 2025 + “within one month” (rule within-period, version 1) = 4 May 2025,
    end of day in Damascus". One set by hand is no sum: "“within 30 days”, counted from 9 March 2025 (the
    decree); date set by a person: 8 April 2025, end of day in Damascus".
    """
    if deadline.latest is None:
        return _no_date(deadline)
    if deadline.rule_id:
        return explain(explanation(deadline), get_language() or "en", deadline.time_zone)
    facts = {"origin": _origin(deadline), "due": _due(deadline), "place": place(deadline.time_zone)}
    if not facts["origin"]:
        return gettext("%(due)s, end of day in %(place)s") % facts
    return gettext("%(origin)s; date set by a person: %(due)s, end of day in %(place)s") % facts


def explanation(deadline: DeadlineFacts) -> Explanation:
    """Return the stored parts of the sentence about a date that a rule gave."""
    return Explanation(
        deadline.phrase,
        deadline.phrase_language,
        deadline.anchor_on or deadline.announced_on,
        anchor_label=deadline.anchor_label,
        earliest=deadline.earliest or deadline.latest,
        latest=deadline.latest,
        precision=windows.Precision(deadline.precision),
        rule=deadline.rule_id,
        rule_version=deadline.rule_version or 0,
        notes=tuple(Note(note) for note in deadline.rule_notes),
        country=deadline.country,
        calendar_version=deadline.calendar_version,
    )


def _origin(deadline: DeadlineFacts) -> str:
    facts = {
        "phrase": isolated(deadline.phrase),
        "label": isolated(deadline.anchor_label),
        "anchor": day(deadline.anchor_on) if deadline.anchor_on else "",
    }
    if not deadline.phrase:
        return ""
    if not deadline.anchor_on:
        return gettext("“%(phrase)s”") % facts
    if not deadline.anchor_label:
        return gettext("“%(phrase)s”, counted from %(anchor)s") % facts
    return gettext("“%(phrase)s”, counted from %(anchor)s (%(label)s)") % facts


def _due(deadline: DeadlineFacts) -> str:
    last_days = {
        Precision.MONTH: _("%(day)s, the last day of that month"),
        Precision.QUARTER: _("%(day)s, the last day of that quarter"),
        Precision.HALF_YEAR: _("%(day)s, the last day of that half-year"),
        Precision.YEAR: _("%(day)s, the last day of that year"),
    }
    latest = deadline.latest
    if latest is None:
        raise ValueError("a deadline without a date has no due day")
    words = last_days.get(Precision(deadline.precision)) if deadline.precision else None
    return words % {"day": day(latest)} if words else day(latest)


def _no_date(deadline: DeadlineFacts) -> str:
    reasons = {
        NoDateReason.VAGUE: _("“%(phrase)s” names no date; none is inferred"),
        NoDateReason.EVENT_TIED: _("“%(phrase)s” waits for an event that is not on record yet"),
        NoDateReason.UNREADABLE: _("“%(phrase)s” allows more than one reading; none is chosen"),
    }
    if not deadline.phrase or deadline.no_date_reason not in reasons:
        return gettext("no time was stated; none is inferred")
    return reasons[NoDateReason(deadline.no_date_reason)] % {"phrase": isolated(deadline.phrase)}


def day(value: date) -> str:
    """Return a day as readers of the active language write it: in French the first of a month is "1er"."""
    words = date_format(value, "DATE_FORMAT")
    first = wording_for(get_language() or "en").first_of_month
    return first + words[1:] if value.day == 1 and words.startswith("1 ") else words


def place(zone: str) -> str:
    """Return the city a time zone is named after, such as Damascus for Asia/Damascus."""
    return place_of(zone, Locale.parse(get_language() or "en", sep="-"))


def isolated(text: str) -> str:
    """Keep words of another direction from reordering the sentence around them."""
    return f"\u2068{text}\u2069" if text else ""
