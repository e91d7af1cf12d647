"""What letters add to other pages of the admin: buttons on a pledge, and what needs somebody on the index."""

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pledges.admin import Need, Tool, need, tool
from pledges.admin.needs import SHOWN
from pledges.deadlines.lapse import local_day
from pledges.models import Pledge
from pledges.readings import day

from .models import Letter, LetterQuerySet


@tool
def draft_a_letter(request: HttpRequest, pledge: Pledge) -> Tool | None:
    if not (request.user.has_perm("letters.add_letter") and pledge.is_published and pledge.is_open):
        return None
    return Tool(_("Draft a letter"), f"{reverse('admin:letters_letter_add')}?pledge={pledge.pk}")


@tool
def letters_about_it(request: HttpRequest, pledge: Pledge) -> Tool | None:
    if not request.user.has_perm("letters.view_letter"):
        return None
    count = Letter.objects.filter(pledge=pledge).count()
    url = f"{reverse('admin:letters_letter_changelist')}?q={pledge.reference}"
    return Tool(_("Letters (%d)") % count, url) if count else None


@need
def unsent(request: HttpRequest, now: datetime) -> Need | None:
    letters = Letter.objects.unsent(now=now).order_by("drafted_at", "pk")
    return _of_letters(request, _("Letters drafted more than 7 days ago and not sent"), letters, "unsent")


@need
def unanswered(request: HttpRequest, now: datetime) -> Need | None:
    letters = Letter.objects.unanswered(now=now).order_by("sent_on", "pk")
    return _of_letters(
        request, _("Letters sent more than 30 days ago, without a reply"), letters, "unanswered"
    )


def _of_letters(request: HttpRequest, title: str, letters: LetterQuerySet, waits: str) -> Need | None:
    count = letters.count() if request.user.has_perm("letters.view_letter") else 0
    if not count:
        return None
    items = tuple(
        (
            reverse("admin:letters_letter_change", args=[letter.pk]),
            f"{letter.pledge.reference} {letter.body}",
            day(letter.sent_on or local_day(letter.drafted_at, letter.pledge.time_zone)),
        )
        for letter in letters.select_related("pledge", "body")[:SHOWN]
    )
    url = f"{reverse('admin:letters_letter_changelist')}?waits={waits}"
    return Need(title=title, count=count, url=url, items=items)
