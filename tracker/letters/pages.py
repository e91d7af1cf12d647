"""The pages of a letter: to draft one, and to work on one."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin.helpers import AdminForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pledges.admin.moment import now_of
from pledges.admin.refusals import what_happened_since
from pledges.models import Pledge

from .forms import FORMS, Edit, LetterForm
from .models import Letter
from .printing import blocks

if TYPE_CHECKING:
    from .admin import LetterAdmin


def draft_page(admin: "LetterAdmin", request: HttpRequest, form: forms.Form, pledge: Pledge) -> HttpResponse:
    context = _context(admin, request, form, rows=(("body", "language"),))
    context |= {"title": _("Draft a letter"), "pledge": pledge, "now": now_of(request)}
    return TemplateResponse(request, "admin/letters/draft.html", context)


def letter_page(
    admin: "LetterAdmin", request: HttpRequest, letter: Letter, form: LetterForm | None
) -> HttpResponse:
    """The page of a letter with one of its forms; without any where none fits its state or the person."""
    # What was refused is said even where somebody was quicker and the form fits no more.
    fits = form if form and (letter.state in form.states or form.errors) else None
    is_editing = isinstance(fits, Edit)
    context = _context(admin, request, fits, rows=fits.rows if fits else ())
    context |= {
        "title": letter.subject if is_editing or fits is None else fits.label,
        "letter": letter,
        "original": letter,
        "is_editing": is_editing,
        "blocks": () if is_editing else blocks(letter.text),
        "verbs": _verbs(letter) if admin.has_change_permission(request, letter) else [],
        "public_reply_url": _public_reply_url(request, letter),
        "since": what_happened_since(letter.pledge, letter.pledge_position) if letter.is_draft else [],
    }
    return TemplateResponse(request, "admin/letters/letter.html", context)


def _verbs(letter: Letter) -> list[tuple[Any, str]]:
    return [
        (form.label, reverse("admin:letters_letter_do", args=[letter.pk, form.name]))
        for form in FORMS.values()
        if form is not Edit and letter.state in form.states
    ]


def _public_reply_url(request: HttpRequest, letter: Letter) -> str:
    """Return where the reply is put on the public record; empty where that is done, or too early."""
    is_due = letter.sent_on is not None and letter.reply_update is None
    if not (is_due and request.user.has_perm("pledges.add_update")):
        return ""
    known: dict[str, Any] = {"pk": letter.pledge_id, "kind": "reply", "by_body": letter.body_id}
    more = {"happened_on": letter.reply_on.isoformat()} if letter.reply_on else {}
    query = urlencode(known | more)
    return f"{reverse('admin:pledges_pledge_verb', args=['add_update'])}?{query}"


def _context(
    admin: "LetterAdmin", request: HttpRequest, form: forms.Form | None, *, rows: tuple[Any, ...]
) -> dict[str, Any]:
    shown: Any = form
    return {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "form": form,
        "adminform": AdminForm(shown, [(None, {"fields": [*rows]})], {}, model_admin=admin) if form else (),
        "media": admin.media + form.media if form else admin.media,
        "errors": form.errors if form else {},
    }
