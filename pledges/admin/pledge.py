"""The staff screens of pledges."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q, QuerySet, Value
from django.forms import Field, model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from pledges import record
from pledges.models import Pledge
from pledges.punctuation import listed
from pledges.readings import day
from pledges.record.links import LINKS

from .actions import start_verb, verb_page, verb_url
from .base import RecordedAdmin, RecordedForm, actor_of
from .filters import CheckFilter, PublicationFilter, RelatedChoice, TimingFilter, WhoseFilter
from .forms import (
    ADD_FIELDSETS,
    CHANGE_FIELDSETS,
    CORRECTION,
    AddPledgeForm,
    add_form,
    change_form,
)
from .inputs import InOrderField, InOrderSelect
from .moment import now_of
from .tools import tools_of
from .verbs import VERBS
from .wordings import translations_urls
from .words import ledger_in_words, timing_in_words, tone_of

# What the next pledge of the same statement has in common with the last.
SAME_STATEMENT = ("case", "source", "speaker", "made_on", "made_on_precision", "quote_language")


@admin.register(Pledge)
class PledgeAdmin(RecordedAdmin[Pledge]):
    change_form_template = "admin/pledges/pledge_form.html"
    list_display = (
        "reference",
        "what",
        "due",
        "action",
        "status",
        "publication",
        "assignee",
    )
    list_display_links = ("reference", "what")
    list_filter = (
        TimingFilter,
        CheckFilter,
        WhoseFilter,
        PublicationFilter,
        "status",
        "action",
        ("case", RelatedChoice),
        ("bodies", RelatedChoice),
    )
    list_select_related = ("case", "assignee", "current_deadline")
    list_per_page = 50
    date_hierarchy = "made_on"
    ordering = ("-made_on", "-reference")
    search_fields = (
        "reference",
        "title",
        "quote",
        "quote_translation",
        "bodies__name",
        "case__title",
        "source__title",
        "source__publisher",
        "source__url",
    )
    search_help_text = _("Reference, title, words, body, case or source.")
    autocomplete_fields = ("bodies", "case", "source", "other_sources", "follows", "parent")
    actions = tuple(start_verb(name) for name, verb in VERBS.items() if verb.is_for_many)
    actions_on_bottom = True

    # --- reading

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pledge]:
        as_of = Value(now_of(request), output_field=models.DateTimeField())
        return super().get_queryset(request).prefetch_related("bodies").annotate(as_of=as_of)

    @admin.display(description=_("title, bodies and case"), ordering="title")
    def what(self, pledge: Pledge) -> str:
        bodies = listed(str(body) for body in pledge.bodies.all())
        line = '<bdi class="title">{}</bdi><span class="under"><bdi>{}</bdi> · <bdi>{}</bdi></span>'
        return format_html(line, pledge.title, bodies, pledge.case)

    @admin.display(description=_("due"), ordering="lapses_at")
    def due(self, pledge: Pledge) -> str:
        now: datetime = getattr(pledge, "as_of")  # noqa: B009  (annotated by get_queryset)
        line = '{} <span class="timing {}">{}</span>'
        words, tone = timing_in_words(pledge, now=now), tone_of(pledge, now=now)
        return format_html(line, day(pledge.due_on) if pledge.due_on else "", tone, words)

    # --- writing

    def record(self, form: RecordedForm[Pledge], *, actor: User, now: datetime) -> Pledge:
        if not isinstance(form, AddPledgeForm):
            raise TypeError(type(form))
        return record.record_pledge(**form.values(), **form.first_deadline(), actor=actor, now=now)

    def amend(self, subject: Pledge, form: RecordedForm[Pledge], *, actor: User, now: datetime) -> None:
        record.amend_pledge(
            pledge=subject,
            changes=form.changes(),
            reason=form.cleaned_data.get("reason", ""),
            actor=actor,
            now=now,
            seen_position=form.seen,
        )
        if "assignee" in form.changed_data:
            record.assign(pledge=subject, assignee=form.cleaned_data["assignee"], actor=actor, now=now)

    # --- forms

    def get_fieldsets(self, request: HttpRequest, obj: Pledge | None = None) -> Any:  # noqa: ANN401
        if obj is None:
            return ADD_FIELDSETS
        return CHANGE_FIELDSETS if obj.published_at is None else (*CHANGE_FIELDSETS, CORRECTION)

    def get_form(
        self,
        request: HttpRequest,
        obj: Pledge | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:  # noqa: ANN401  (Django's)
        kwargs["form"] = add_form(self, request) if obj is None else change_form(obj)
        return super().get_form(request, obj, change=change, **kwargs)

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        # Also those of deadlines, updates and assessments, whose fields the verbs show.
        return (*self.autocomplete_fields, "sources")

    def formfield_for_dbfield(
        self,
        db_field: "models.Field[Any, Any]",
        request: HttpRequest,
        **kwargs: Any,
    ) -> Field | None:
        if db_field.name == "bodies":
            kwargs["form_class"] = InOrderField
            kwargs["widget"] = InOrderSelect(db_field, self.admin_site)
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "assignee":
            field.queryset = assignees(request)
            field.widget.can_add_related = field.widget.can_change_related = False
            field.widget.can_view_related = False
        if db_field.name in LINKS:
            field.widget.can_add_related = field.widget.can_change_related = False
        if db_field.name == "bodies":
            field.help_text = _("The first one’s country and time zone count.")
        made: Field | None = field
        return made

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"assignee": request.user.pk, **super().get_changeform_initial_data(request)}

    def response_add(
        self, request: HttpRequest, obj: Pledge, post_url_continue: str | None = None
    ) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST:
            return HttpResponseRedirect(f"{request.path}?{self._same_statement(obj)}")
        return response

    def _same_statement(self, pledge: Pledge) -> str:
        query = QueryDict(mutable=True)
        known = model_to_dict(pledge, SAME_STATEMENT)
        query.update({name: str(value) for name, value in known.items()})
        query["bodies"] = ",".join(str(body.pk) for body in pledge.bodies.all())
        return query.urlencode()

    # --- pages

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.verb_view)
        return [
            path("do/<slug:name>/", view, name="pledges_pledge_verb"),
            *translations_urls(self),
            *super().get_urls(),
        ]

    def verb_view(self, request: HttpRequest, name: str) -> HttpResponse:
        return verb_page(self, request, name)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Pledge | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context |= self._about(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _about(self, request: HttpRequest, pledge: Pledge) -> dict[str, Any]:
        user, now = actor_of(request), now_of(request)
        verbs = [v for v in VERBS.values() if v.permits(user) and v.fits(pledge)]
        return {
            "verbs": [(verb.label, verb_url(verb.name, pledge.pk)) for verb in verbs],
            "tools": tools_of(request, pledge),
            "may_correct_updates": VERBS["correct_update"].permits(user),
            "timing": ledger_in_words(pledge, now=now),
            "tone": tone_of(pledge, now=now),
            "deadlines": pledge.deadlines.select_related("source", "recorded_by"),
            "updates": pledge.updates.select_related("recorded_by").prefetch_related("sources"),
            "assessments": pledge.assessments.select_related("recorded_by").prefetch_related(
                "sources", "updates"
            ),
            "events": pledge.events.select_related("actor").order_by("-position"),
            "mails_url": _url("admin:alerts_alert_changelist", query=f"q={pledge.reference}"),
            "same_statement_url": f"{_url('admin:pledges_pledge_add')}?{self._same_statement(pledge)}",
        }

    def get_view_on_site_url(self, obj: Pledge | None = None) -> str | None:
        return _url("public:pledge", obj.reference) if obj and obj.is_published else None

    # --- who may

    def get_actions(self, request: HttpRequest) -> Any:  # noqa: ANN401  (Django's)
        user, actions = actor_of(request), super().get_actions(request)
        return {name: a for name, a in actions.items() if VERBS[name].permits(user)}


def assignees(request: HttpRequest) -> QuerySet[User]:
    """Who may be chosen: active staff, and the present assignee, or saving would take the pledge from
    somebody unasked."""
    match = request.resolver_match
    able = Q(is_active=True, is_staff=True)
    present = Q(pledges__pk=match.kwargs.get("object_id") if match else None)
    return User.objects.filter(able | present).distinct().order_by("username")


def _url(name: str, *args: str, query: str = "") -> str | None:
    """Return an address by name; None where the part that has it is not installed."""
    try:
        return reverse(name, args=args) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return None
