"""Pledges as answers, as a list shows them."""

from datetime import date

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Pledge
from pledges.models.choices import Action, Precision, QuoteForm, Status
from tracker.public.standing import Standing

from .answer import (
    Address,
    Answer,
    Instant,
    Listing,
    OurWords,
    Words,
    api_address,
    name_of,
    site_address,
    words,
)
from .deadlines import LatenessAnswer
from .subjects import BodyName, CaseName


class Quote(Words):
    """What was said."""

    form: QuoteForm
    """Whether these are the exact words."""
    form_label: str
    """The same in words, in the language asked for."""
    translation: Words | None
    """For readers of another language; null where there is none."""

    @classmethod
    def of(cls, pledge: Pledge) -> "Quote":
        form = QuoteForm(pledge.quote_form)
        return cls(
            text=pledge.quote,
            language=pledge.quote_language,
            form=form,
            form_label=str(form.label),
            translation=words(pledge.quote_translation, pledge.translation_language),
        )


class PledgeName(Answer):
    """A pledge, named within another answer."""

    reference: str
    """Its stable public name. It never changes."""
    title: OurWords
    """What was promised, in short."""
    address: Address
    """Where the whole of it is."""

    @classmethod
    def name(cls, pledge: Pledge) -> "PledgeName":
        return PledgeName(
            reference=pledge.reference,
            title=name_of(pledge),
            address=api_address("pledge", pledge.reference),
        )


class PledgeLinks(Answer):
    """Where there is more."""

    page: Address
    """Its page, in the language asked for."""
    events: Address
    """What happened to it, in this API."""
    feed: Address
    """Its Atom feed."""
    calendar: Address | None
    """Its due date as a calendar file; null without a due date."""

    @classmethod
    def of(cls, pledge: Pledge) -> "PledgeLinks":
        reference = pledge.reference
        return cls(
            page=site_address("pledge", reference),
            events=api_address("pledge_events", reference),
            feed=site_address("feed_pledge", reference),
            # RFC 5545 knows no calendar without an entry.
            calendar=site_address("ical_pledge", reference) if pledge.lapses_at else None,
        )


class PledgeRow(PledgeName):
    """An official commitment and where it stands."""

    quote: Quote
    """The words."""
    speaker: str
    """Office or name of who said it, as the source says; empty where not named."""
    made_on: date
    """The day on which it was made, no more exact than the next field says."""
    made_on_precision: Precision
    """How exact that day is."""
    action: Action
    """What was promised."""
    action_label: str
    """The same in words, in the language asked for."""
    case: CaseName
    """What it answers."""
    bodies: list[BodyName]
    """Who is responsible."""
    timeliness: Timeliness
    """What the clock says now. It never judges: overdue means that no full delivery is on record."""
    timeliness_label: str
    """The same in words, in the language asked for."""
    verdict: str
    """What may be said of it now, in a sentence, in the language asked for."""
    status: Status
    """What a person judged from evidence."""
    status_label: str
    """The same in words, in the language asked for."""
    lateness: LatenessAnswer
    """Due dates and lateness."""
    lapses_at: Instant | None
    """The instant from which it is overdue unless delivered: the end of its last day, in UTC."""
    met_on: date | None
    """The day on which it was fulfilled."""
    checked_on: date | None
    """The day on which somebody last looked for evidence; null where no search is on record."""
    published_at: Instant | None
    """When it was published here."""
    links: PledgeLinks
    """Its page, its events, its feed and its calendar."""

    @classmethod
    def of(cls, standing: Standing) -> "PledgeRow":
        pledge = standing.pledge
        action, status = Action(pledge.action), Status(pledge.status)
        return PledgeRow(
            **dict(PledgeName.name(pledge)),
            quote=Quote.of(pledge),
            speaker=pledge.speaker,
            made_on=pledge.made_on,
            made_on_precision=Precision(pledge.made_on_precision),
            action=action,
            action_label=str(action.label),
            case=CaseName.of(pledge.case),
            bodies=[BodyName.of(body) for body in pledge.bodies.all()],
            timeliness=standing.timeliness,
            timeliness_label=standing.label,
            verdict=standing.verdict,
            status=status,
            status_label=str(status.label),
            lateness=LatenessAnswer.of(standing),
            lapses_at=pledge.lapses_at,
            met_on=pledge.met_on,
            checked_on=pledge.checked_on,
            published_at=pledge.published_at,
            links=PledgeLinks.of(pledge),
        )


class PledgeList(Listing):
    """Pledges in the order asked for."""

    items: list[PledgeRow]
    """The pledges of this page."""
