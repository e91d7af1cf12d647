"""What the picture of a shared page says. Copies of it travel: it names its instant."""

import re

from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Body, Case, Pledge
from pledges.models.pledge_query import PledgeQuerySet
from pledges.readings import day, isolated
from tracker.health.words import minute
from tracker.public.feeds import printable, site_title
from tracker.public.moment import Moment
from tracker.public.standing import Standing, standing
from tracker.public.tally import tally, total_of
from tracker.public.templatetags.public import grouped, plain_day

from .badge import CALM, FILLS
from .lettering import can_write, is_right_to_left, unbroken
from .sheet import Sheet
from .subjects import Subject, pledges_of
from .words import count_words, glance, late_of, words_of

# What turns the direction of writing around in one text would turn what stands beside it too.
STEERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
MOST_BODIES = 3


def of_subject(found: Subject, moment: Moment) -> Sheet:
    if isinstance(found, Pledge):
        return of_pledge(standing(found, moment), moment)
    kind = _("Case") if isinstance(found, Case) else found.get_kind_display()
    return _of_many(kind, _names(found), pledges_of(found), moment)


def of_site(moment: Moment) -> Sheet:
    names = [_("What was promised, and what is overdue")]
    return _of_many("", names, Pledge.objects.published(), moment)


def of_pledge(here: Standing, moment: Moment) -> Sheet:
    """Describe a pledge by its words, or by its title where we have no letters for them."""
    pledge = here.pledge
    quote = _first(pledge.quote)
    is_foreign = bool(quote) and pledge.quote_language != get_language()
    return Sheet(
        site=_first(site_title()),
        kind=pledge.reference,
        words=quote or _first(*_names(pledge), pledge.reference),
        marks=_marks(quote) if quote and pledge.is_verbatim else ("", ""),
        title=_first(*_names(pledge)) if is_foreign else "",
        who=_who(pledge, has_quote=bool(quote)),
        state=words_of(here),
        fill=FILLS.get(here.timeliness, CALM),
        due=_("Due: %(due)s.") % {"due": day(here.late.current)} if here.late.current else "",
        as_of=_as_of(moment),
        remarks=tuple(filter(None, (here.verdict, _moved(here)))),
        is_mirrored=get_language_bidi(),
    )


def _of_many(kind: str, names: list[str], pledges: PledgeQuerySet, moment: Moment) -> Sheet:
    counts = tally(pledges, moment)
    late = late_of(counts, pledges, moment)
    shares = (f"{grouped(count)} {label}" for label, _timeliness, count in glance(counts))
    return Sheet(
        site=_first(site_title()),
        kind=kind,
        words=_first(*names),
        state=count_words(late, total_of(counts, pledges)),
        fill=FILLS[Timeliness.OVERDUE] if late else CALM,
        as_of=_as_of(moment),
        remarks=(" · ".join(shares),),
        is_mirrored=get_language_bidi(),
    )


def _first(*texts: str) -> str:
    """Return the first text that we have letters for; a picture full of boxes says nothing."""
    clean = (" ".join(unbroken(STEERING.sub("", printable(text)))) for text in texts)
    return next((text for text in clean if text and can_write(text)), "")


def _names(subject: Pledge | Case | Body) -> list[str]:
    return [subject.name_here, getattr(subject, subject.worded[0])]


def _marks(quote: str) -> tuple[str, str]:
    return ("«", "»") if is_right_to_left(quote) else ("“", "”")


def _who(pledge: Pledge, *, has_quote: bool) -> str:
    """Return who said it, or for which bodies, and when; after them that the words are not exact."""
    form = pledge.get_quote_form_display() if has_quote and not pledge.is_verbatim else ""
    bodies = (_first(*_names(body)) for body in pledge.bodies.all()[:MOST_BODIES])
    speakers = [speaker] if (speaker := _first(pledge.speaker_here, pledge.speaker)) else list(bodies)
    parts = (*speakers, plain_day(pledge.made_on, pledge.made_on_precision), form)
    return " · ".join(isolated(part) for part in parts if part)


def _moved(here: Standing) -> str:
    return f"{capfirst(here.sentence)}." if here.late.moves else ""


def _as_of(moment: Moment) -> str:
    return _("As of %(at)s.") % {"at": isolated(minute(moment.now))}
