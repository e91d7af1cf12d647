"""One pledge as an answer, with all that is public about it."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, Q

from pledges.corrected import as_corrected
from pledges.models import Body, Deadline, Event, Pledge, Source
from pledges.models.choices import Status
from pledges.models.pledge_query import PledgeQuerySet
from pledges.wordings import in_active_language
from tracker.public.history import Happening, latest_assessment, replies, source_ids, timeline
from tracker.public.ledger import ledger_lines
from tracker.public.moment import Moment
from tracker.public.standing import standing

from .answer import Answer, OurWords, Words, ours, words
from .deadlines import DeadlineAnswer
from .pledges import PledgeName, PledgeRow
from .sources import SourceAnswer
from .subjects import BodyName


class AssessmentAnswer(Answer):
    """What a person concluded from evidence: the assessment that stands."""

    number: int
    """Number of its entry in the log."""
    status: Status
    """What was concluded."""
    status_label: str
    """The same in words, in the language asked for."""
    on: date
    """As of which day; for a fulfilled pledge, the day on which it was fulfilled."""
    reason: str
    """Why."""
    is_confirmed: bool
    """Whether a second person confirmed it."""
    rests_on: list[int]
    """Numbers of the entries that are its evidence."""
    sources: list[SourceAnswer]
    """Where the evidence can be read."""

    @classmethod
    def of(cls, told: Happening, status: Status) -> "AssessmentAnswer":
        return cls(
            number=told.number,
            status=status,
            status_label=str(status.label),
            on=told.on,
            reason=told.text,
            is_confirmed=told.is_confirmed,
            rests_on=list(told.rests_on),
            sources=[SourceAnswer.of(source) for source in told.sources],
        )


class ReplyAnswer(Answer):
    """What a responsible body answered, in its own words."""

    number: int
    """Number of its entry in the log."""
    body: BodyName
    """Who answered."""
    on: date
    """When."""
    text: Words | None
    """The words."""
    translation: Words | None
    """For readers of another language; null where there is none."""
    sources: list[SourceAnswer]
    """Where they can be read."""

    @classmethod
    def of(cls, body: Body, told: Happening) -> "ReplyAnswer":
        return cls(
            number=told.number,
            body=BodyName.of(body),
            on=told.on,
            text=words(told.text, told.language),
            translation=words(told.translation, told.translation_language),
            sources=[SourceAnswer.of(source) for source in told.sources],
        )


class Fingerprint(Answer):
    """Head of the pledge's chain of events. Who keeps it can show later that nothing was rewritten."""

    stream: str
    """Name of the chain, as a checkpoint commits to it."""
    number: int
    """Number of its last entry, public or not."""
    hash: str
    """Hash of that entry, which covers all before it."""


class PledgeAnswer(PledgeRow):
    """An official commitment with all that is public about it."""

    note: OurWords | None
    """What a fair reader must know; null where there is nothing."""
    time_zone: str
    """IANA name. Its days decide when the pledge is late."""
    days_unchecked: int
    """Days without a check for evidence, once they are too many; 0 before."""
    sources: list[SourceAnswer]
    """Where the words can be read: the source itself, then further ones."""
    deadlines: list[DeadlineAnswer]
    """The deadline ledger, from the first date to the one in force."""
    assessment: AssessmentAnswer | None
    """The assessment that stands; null where nobody judged yet."""
    replies: list[ReplyAnswer]
    """What the responsible bodies answered, the last reply first."""
    follows: PledgeName | None
    """The pledge that this one follows."""
    part_of: PledgeName | None
    """The wider pledge of which this one is a step."""
    followed_by: list[PledgeName]
    """The pledges that follow this one."""
    parts: list[PledgeName]
    """The steps of this one."""
    fingerprint: Fingerprint
    """Head of its chain of events."""


def with_all(pledges: PledgeQuerySet) -> PledgeQuerySet:
    """Load in four statements what `read` needs of a pledge itself."""
    ledger = Prefetch("deadlines", Deadline.objects.select_related("source"))
    related = pledges.select_related("case", "source", "follows", "parent")
    return related.prefetch_related("bodies", "other_sources", ledger)


def read(pledge: Pledge, moment: Moment) -> PledgeAnswer:
    """Read a published pledge, loaded by `with_all`; four statements more."""
    events = as_corrected(Event.objects.published().filter(pledge=pledge).order_by("position"))
    told = timeline(events, Source.objects.in_bulk(source_ids(events)))
    here = standing(pledge, moment)
    after = Pledge.objects.published().filter(Q(follows=pledge) | Q(parent=pledge)).order_by("reference")
    in_active_language([pledge, *after, *filter(None, (pledge.follows, pledge.parent))])
    further = [SourceAnswer.of(source) for source in pledge.other_sources.all()]
    return PledgeAnswer(
        **dict(PledgeRow.of(here)),
        note=ours(pledge, "note"),
        time_zone=pledge.time_zone,
        days_unchecked=here.days_unchecked,
        sources=[SourceAnswer.of(pledge.source, pledge.source_locator), *further],
        deadlines=[DeadlineAnswer.of(line) for line in ledger_lines(pledge.deadlines.all())],
        assessment=_assessment(told, events),
        replies=[ReplyAnswer.of(body, reply) for body, reply in replies(told, pledge.bodies.all())],
        follows=_public_name(pledge.follows),
        part_of=_public_name(pledge.parent),
        followed_by=[PledgeName.name(each) for each in after if each.follows_id == pledge.pk],
        parts=[PledgeName.name(each) for each in after if each.parent_id == pledge.pk],
        fingerprint=Fingerprint(stream=pledge.stream, number=pledge.head_position, hash=pledge.head_hash),
    )


def _assessment(told: Iterable[Happening], events: Iterable[Event]) -> AssessmentAnswer | None:
    found = latest_assessment(told)
    if found is None:
        return None
    payload = next(each.payload for each in events if each.position == found.number)
    return AssessmentAnswer.of(found, Status(payload["status"]))


def _public_name(pledge: Pledge | None) -> PledgeName | None:
    return PledgeName.name(pledge) if pledge and pledge.is_published else None
