"""One page for every verb: reached from the list for many pledges, from a button for one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pledges.models import Pledge

from .base import actor_of
from .moment import now_of
from .refusals import refusal_in_words, show_refusal
from .verbs import VERBS, Verb

if TYPE_CHECKING:
    from .pledge import PledgeAdmin

# More addresses than this don't fit into one request line.
MOST_AT_ONCE = 200


@dataclass
class Outcome:
    done: list[Pledge] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    last_refusal: ValidationError | None = None


def verb_page(admin: "PledgeAdmin", request: HttpRequest, name: str) -> HttpResponse:
    """Show the form of a verb for the pledges of `?pk=`, and carry it out."""
    verb = VERBS.get(name)
    if verb is None:
        raise Http404(name)
    if not verb.permits(actor_of(request)):
        raise PermissionDenied
    pledges = _chosen(admin, request)
    if not pledges:
        messages.error(request, _("Choose at least one pledge."))
        return HttpResponseRedirect(reverse("admin:pledges_pledge_changelist"))
    form = verb(request.POST or None, admin=admin, request=request, pledges=pledges)
    outcome = Outcome()
    if request.method == "POST" and form.is_valid():
        outcome = _carry_out(form, request.POST, actor=actor_of(request), now=now_of(request))
        for pledge in outcome.done:
            messages.success(request, form.done_words(pledge))
        if not outcome.refused:
            return HttpResponseRedirect(_afterwards(pledges))
        pledges = [p for p in _chosen(admin, request) if p.pk in outcome.refused]
        if len(form.pledges) == 1 and outcome.last_refusal:
            show_refusal(form, outcome.last_refusal)
            outcome.refused = {}
    return _page(admin, request, form, pledges, outcome.refused)


def start_verb(name: str) -> Any:  # noqa: ANN401  (an admin action)
    """Return the admin action that opens the page of a verb for the chosen pledges."""
    verb = VERBS[name]

    def action(admin: "PledgeAdmin", request: HttpRequest, queryset: QuerySet[Pledge]) -> HttpResponse | None:
        keys = list(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(keys) > MOST_AT_ONCE:
            messages.error(request, _("Choose at most %d pledges at a time.") % MOST_AT_ONCE)
            return None
        return HttpResponseRedirect(verb_url(name, *keys))

    action.__name__ = name
    action.short_description = verb.label  # type: ignore[attr-defined]  # Django's way
    return action


def verb_url(name: str, *keys: int) -> str:
    query = QueryDict(mutable=True)
    query.setlist("pk", [str(key) for key in keys])
    return f"{reverse('admin:pledges_pledge_verb', args=[name])}?{query.urlencode()}"


def _chosen(admin: "PledgeAdmin", request: HttpRequest) -> list[Pledge]:
    keys = [key for key in request.GET.getlist("pk") if key.isdecimal()][:MOST_AT_ONCE]
    rows = admin.get_queryset(request).filter(pk__in=keys)
    return list(rows.select_related("source", *admin.list_select_related))


def _carry_out(form: Verb, posted: QueryDict, *, actor: User, now: datetime) -> Outcome:
    """Do it for each pledge on its own: one that is refused holds up no other."""
    outcome = Outcome()
    for pledge in form.pledges:
        seen = posted.get(f"seen-{pledge.pk}", "")
        try:
            form.apply(pledge, actor=actor, now=now, seen=int(seen) if seen.isdecimal() else 0)
        except (ValidationError, PermissionDenied) as refusal:
            words = refusal_in_words(refusal)
            outcome.refused[pledge.pk] = words
            outcome.last_refusal = refusal if isinstance(refusal, ValidationError) else ValidationError(words)
        else:
            outcome.done.append(pledge)
    return outcome


def _afterwards(pledges: list[Pledge]) -> str:
    if len(pledges) == 1:
        return reverse("admin:pledges_pledge_change", args=[pledges[0].pk])
    return reverse("admin:pledges_pledge_changelist")


def _page(
    admin: "PledgeAdmin",
    request: HttpRequest,
    form: Verb,
    pledges: list[Pledge],
    refused: dict[int, str],
) -> HttpResponse:
    shown: Any = form
    context = {
        **admin.admin_site.each_context(request),
        "title": form.label,
        "opts": admin.opts,
        "verb": form,
        "adminform": AdminForm(shown, form.fieldsets(), {}, model_admin=admin),
        "media": admin.media + form.media,
        "pledges": [(pledge, refused.get(pledge.pk, "")) for pledge in pledges],
        "now": now_of(request),
        "errors": form.errors or refused,
    }
    return TemplateResponse(request, "admin/pledges/verb.html", context)
