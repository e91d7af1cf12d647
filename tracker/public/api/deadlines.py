"""The deadline ledger and lateness as answers."""

from datetime import date

from pledges.models.choices import Agreement, DeadlineKind, NoDateReason, Precision
from pledges.readings import derivation_sentence
from tracker.public.ledger import LedgerLine
from tracker.public.standing import Standing

from .answer import Answer, Instant, Words, words
from .sources import SourceAnswer


class DeadlineAnswer(Answer):
    """One row of the deadline ledger. A move is a new row; none is ever overwritten."""

    number: int
    """Its place in the ledger, from 1."""
    kind: DeadlineKind
    """What sort of entry it is."""
    kind_label: str
    """The same in words, in the language asked for."""
    is_in_force: bool
    """Whether it is the last one: the date that counts."""
    phrase: Words | None
    """The words that set it, as said; null where there were none."""
    counted_from: date | None
    """The day from which they count."""
    counted_from_label: str
    """What happened on that day; empty where it is not named."""
    earliest: date | None
    """First day of what the words allow, where that is more than a day."""
    latest: date | None
    """The due date: the last day in time, in `time_zone`. Null where the words name no date."""
    precision: Precision | None
    """How exact the words are; null without a date."""
    no_date_reason: NoDateReason | None
    """Why there is no date; null with one."""
    derivation: str
    """How the date follows from the words, in the language asked for; or why there is none."""
    rule: str
    """The rule that gave the date; empty where a person set it."""
    rule_version: int | None
    """Version of that rule."""
    calendar_version: str
    """The calendar of working days that the rule counted by; empty where it needed none."""
    moved_days: int | None
    """Days from the date before; null where one of both is none."""
    time_zone: str
    """IANA name of the zone in which days end."""
    lapses_at: Instant | None
    """The first instant after the last day, in UTC."""
    announced_by: str
    """Who announced it; empty where not named."""
    announced_on: date
    """The day on which it was announced."""
    agreement: Agreement | None
    """Whether the body moved its date alone; null where not on record."""
    reason: str
    """Why it was set or moved; empty where no reason is on record."""
    source: SourceAnswer
    """Where it can be read."""
    recorded_at: Instant
    """When it was put on record."""

    @classmethod
    def of(cls, line: LedgerLine) -> "DeadlineAnswer":
        row = line.deadline
        kind = DeadlineKind(row.kind)
        return cls(
            number=row.position,
            kind=kind,
            kind_label=str(kind.label),
            is_in_force=line.is_in_force,
            phrase=words(row.phrase, row.phrase_language),
            counted_from=row.anchor_on,
            counted_from_label=row.anchor_label,
            earliest=row.earliest,
            latest=row.latest,
            precision=Precision(row.precision) if row.latest and row.precision else None,
            no_date_reason=NoDateReason(row.no_date_reason) if row.no_date_reason else None,
            derivation=derivation_sentence(row),
            rule=row.rule_id,
            rule_version=row.rule_version,
            calendar_version=row.calendar_version,
            moved_days=line.moved_days,
            time_zone=row.time_zone,
            lapses_at=row.lapses_at,
            announced_by=row.announced_by,
            announced_on=row.announced_on,
            agreement=Agreement(row.agreement) if row.agreement else None,
            reason=row.reason,
            source=SourceAnswer.of(row.source, row.source_locator),
            recorded_at=row.recorded_at,
        )


class LatenessAnswer(Answer):
    """Lateness in days, against the due date in force and against the first one."""

    due_on: date | None
    """The due date in force."""
    first_due_on: date | None
    """The first due date."""
    moves: int
    """How often those who set the date moved it. Corrections of this record are none."""
    slip_days: int | None
    """Days from the first date to the one in force; negative when it came nearer."""
    counted_until: date | None
    """The day to which lateness counts: of fulfilment, or today in the pledge's own time zone."""
    days: int | None
    """Days late against the date in force; negative while days are left, null where nothing is timed."""
    days_against_first: int | None
    """The same against the first date."""
    sentence: str
    """The figures in one line, in the language asked for; empty where no date was ever set."""

    @classmethod
    def of(cls, standing: Standing) -> "LatenessAnswer":
        late = standing.late
        return cls(
            due_on=late.current,
            first_due_on=late.first,
            moves=late.moves,
            slip_days=late.slip,
            counted_until=late.until,
            days=late.against_current,
            days_against_first=late.against_first,
            sentence=standing.sentence,
        )
