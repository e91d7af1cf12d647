"""The badge and the card of a pledge, a case or a body. They read published rows only, and the clock once."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Body, Case, Pledge
from tracker.public.middleware import PUBLIC_POLICY
from tracker.public.moment import Moment
from tracker.public.standing import Standing, standing
from tracker.public.taken_off import taken_off
from tracker.public.tally import tally, total_of

from .badge import Badge, draw
from .subjects import Embed, missing, pledges_of, published
from .words import count_words, glance, late_of, with_instant, words_of

# Cards alone may stand in a frame, on any site. There is nothing in them to be clicked by mistake.
CARD_POLICY = PUBLIC_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


def badge(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    found = published(kind, key)
    if found is None:
        return missing(request, kind, key)
    moment = Moment.read()
    if isinstance(found, Pledge):
        drawn = _of_pledge(standing(found, moment), moment)
    else:
        drawn = _of_many(found, moment)
    return render(request, "public/embeds/badge.svg", {"badge": drawn}, content_type="image/svg+xml")


def _of_pledge(here: Standing, moment: Moment) -> Badge:
    words = words_of(here)
    return draw(
        here.pledge.reference,
        words,
        title=with_instant(here.pledge.label_here, words, moment),
        timeliness=here.timeliness,
    )


def _of_many(subject: Case | Body, moment: Moment) -> Badge:
    pledges = pledges_of(subject)
    counts = tally(pledges, moment)
    late = late_of(counts, pledges, moment)
    words = count_words(late, total_of(counts, pledges))
    return draw(
        subject.label_here,
        words,
        title=with_instant(subject.label_here, words, moment),
        timeliness=Timeliness.OVERDUE if late else None,
    )


@xframe_options_exempt
def card(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Answer with a page for a frame; what is not public, or no longer, has a card that says so."""
    found = published(kind, key)
    if found is None:
        is_off = kind == "pledge" and taken_off(key) is not None
        status = HTTPStatus.GONE if is_off else HTTPStatus.NOT_FOUND
        # Why it was taken off is told on our own page, not within somebody else's.
        answer = render(request, "public/embeds/absent.html", status=status)
    else:
        moment = Moment.read()
        context = {"moment": moment, "embed": Embed(found), **_facts(found, moment)}
        answer = render(request, f"public/embeds/{kind}.html", context)
    answer["Content-Security-Policy"] = CARD_POLICY
    return answer


def _facts(found: Pledge | Case | Body, moment: Moment) -> dict[str, Any]:
    if isinstance(found, Pledge):
        return {"pledge": found, "standing": standing(found, moment)}
    pledges = pledges_of(found)
    counts = tally(pledges, moment)
    words = count_words(late_of(counts, pledges, moment), total_of(counts, pledges))
    return {"subject": found, "words": words, "glance": glance(counts)}
