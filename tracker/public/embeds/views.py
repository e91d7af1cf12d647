"""The badge and the card of a pledge, a case or a body. They read published rows only, and the clock once."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Body, Case, Pledge
from pledges.models.choices import Status
from pledges.readings import TIMELINESS_LABELS
from tracker.health.words import minute
from tracker.public.listing import TIMELINESS_ORDER
from tracker.public.middleware import PUBLIC_POLICY
from tracker.public.moment import Moment
from tracker.public.standing import Standing, standing
from tracker.public.tally import Tally, tally

from .badge import Badge, draw
from .subjects import Embed, pledges_of, published

# Cards alone may stand in a frame, on any site. There is nothing in them to be clicked by mistake.
CARD_POLICY = PUBLIC_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


def badge(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    found = published(kind, key)
    if found is None:
        raise Http404(key)
    moment = Moment.read()
    if isinstance(found, Pledge):
        drawn = _of_pledge(standing(found, moment), moment)
    else:
        drawn = _of_many(found, tally(pledges_of(found), moment), moment)
    return render(request, "public/embeds/badge.svg", {"badge": drawn}, content_type="image/svg+xml")


def _of_pledge(here: Standing, moment: Moment) -> Badge:
    words = _words(here)
    return draw(
        here.pledge.reference,
        words,
        title=_title(here.pledge.label_here, words, moment),
        timeliness=here.timeliness,
    )


def _words(here: Standing) -> str:
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


def _of_many(subject: Case | Body, counts: Tally, moment: Moment) -> Badge:
    late, total = counts.count(timeliness=Timeliness.OVERDUE), counts.count()
    words = _("%(late)d of %(total)d overdue") % {"late": late, "total": total}
    timeliness = Timeliness.OVERDUE if late else None
    return draw(
        subject.label_here, words, title=_title(subject.label_here, words, moment), timeliness=timeliness
    )


def _title(name: str, words: str, moment: Moment) -> str:
    """Say all of it with its instant: copies of a picture are kept."""
    facts = {"name": name, "words": words, "at": minute(moment.now)}
    return _("%(name)s: %(words)s. As of %(at)s") % facts


@xframe_options_exempt
def card(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Answer with a page for a frame; what is not public, or no longer, has a card that says so."""
    found = published(kind, key)
    if found is None:
        answer = render(request, "public/embeds/absent.html", status=404)
    else:
        moment = Moment.read()
        context = {"moment": moment, "embed": Embed(found), **_facts(found, moment)}
        answer = render(request, f"public/embeds/{kind}.html", context)
    answer["Content-Security-Policy"] = CARD_POLICY
    return answer


def _facts(found: Pledge | Case | Body, moment: Moment) -> dict[str, Any]:
    if isinstance(found, Pledge):
        return {"pledge": found, "standing": standing(found, moment)}
    counts = tally(pledges_of(found), moment)
    return {
        "subject": found,
        "total": counts.count(),
        "late_total": counts.count(timeliness=Timeliness.OVERDUE),
        "glance": _glance(counts),
    }


def _glance(counts: Tally) -> list[tuple[str, str, int]]:
    """Return label, value and number of each timeliness that there is. Long overdue is overdue."""
    named = [value for value in TIMELINESS_ORDER if value is not Timeliness.LONG_OVERDUE]
    numbers = [
        (str(TIMELINESS_LABELS[value]), value.value, counts.count(timeliness=value)) for value in named
    ]
    return [each for each in numbers if each[2]]
