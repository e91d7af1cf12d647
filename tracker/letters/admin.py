"""Letters in the admin: drafted from a pledge, edited, printed, and kept with what became of them."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.admin.base import actor_of
from pledges.admin.filters import Choice, RelatedChoice
from pledges.admin.moment import now_of
from pledges.admin.refusals import show_refusal
from pledges.deadlines.lapse import local_day
from pledges.models import Pledge
from tracker.alerts.models import FollowUp

from . import offers  # noqa: F401 - imported for what it registers
from .forms import FORMS, DraftForm, Edit, LetterForm
from .languages import SUBJECT, Voice
from .models import Letter, LetterQuerySet
from .pages import draft_page, letter_page
from .printing import blocks
from .writing import draft_letter

if TYPE_CHECKING:
    LetterAdminBase = admin.ModelAdmin[Letter]
else:
    LetterAdminBase = admin.ModelAdmin


class WaitingFilter(Choice):
    """The same questions as those of the index: see `offers`."""

    title = gettext_lazy("what it waits for")
    parameter_name = "waits"
    choices_offered = (
        ("unsent", gettext_lazy("Drafted and not sent for long")),
        ("unanswered", gettext_lazy("Sent and not answered for long")),
    )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        if not isinstance(queryset, LetterQuerySet) or not self.value():
            return queryset
        now = now_of(request)
        return queryset.unsent(now=now) if self.value() == "unsent" else queryset.unanswered(now=now)


@admin.register(Letter)
class LetterAdmin(LetterAdminBase):
    list_display = ("what", "about", "state", "drafted_on", "sent_on", "reply_on")
    list_filter = ("state", WaitingFilter, "language", ("body", RelatedChoice))
    list_select_related = ("pledge", "body")
    date_hierarchy = "drafted_at"
    ordering = ("-pk",)
    search_fields = ("subject", "text", "reply_text", "pledge__reference", "pledge__title", "body__name")
    search_help_text = gettext_lazy("Words, reference, title or body.")

    class Media:
        css = {"all": ("pledges/admin.css", "letters/admin.css")}
        js = ("pledges/admin.js",)

    @admin.display(description=gettext_lazy("subject, addressee and language"), ordering="subject")
    def what(self, letter: Letter) -> str:
        line = '<bdi class="title" lang="{}">{}</bdi><span class="under"><bdi>{}</bdi> · {}</span>'
        return format_html(line, letter.language, letter.subject, letter.body, letter.get_language_display())

    @admin.display(description=gettext_lazy("pledge"), ordering="pledge__reference")
    def about(self, letter: Letter) -> str:
        url = reverse("admin:pledges_pledge_change", args=[letter.pledge_id])
        return format_html('<a href="{}">{}</a>', url, letter.pledge.reference)

    @admin.display(description=gettext_lazy("drafted"), ordering="drafted_at")
    def drafted_on(self, letter: Letter) -> date:
        return local_day(letter.drafted_at, letter.pledge.time_zone)

    # --- pages

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:object_id>/print/", view(self.print_view), name="letters_letter_print"),
            path("<int:object_id>/do/<slug:name>/", view(self.do_view), name="letters_letter_do"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Draft the letter about the pledge of `?pledge=`, on the occasion of `&follow_up=`."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        pledge = _chosen(Pledge, request.GET.get("pledge", ""))
        if pledge is None:
            words = _("A letter is about one pledge: open it, and press “Draft a letter”.")
            messages.info(request, words)
            return HttpResponseRedirect(reverse("admin:pledges_pledge_changelist"))
        follow_up = _chosen(FollowUp, request.GET.get("follow_up", ""))
        form = DraftForm(request.POST or None, pledge=pledge)
        if request.method == "POST" and form.is_valid():
            try:
                letter = draft_letter(
                    pledge=pledge,
                    **form.cleaned_data,
                    follow_up=follow_up,
                    actor=actor_of(request),
                    now=now_of(request),
                )
            except ValidationError as refusal:
                show_refusal(form, refusal)
            else:
                self.log_addition(request, letter, _("Drafted."))
                messages.success(request, _("The letter is drafted. Read it before you send it."))
                return HttpResponseRedirect(reverse("admin:letters_letter_change", args=[letter.pk]))
        return draft_page(self, request, form, pledge)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not object_id.isdecimal():
            raise Http404(object_id)
        return self._carry_out(request, int(object_id), Edit)

    def do_view(self, request: HttpRequest, object_id: int, name: str) -> HttpResponse:
        if name not in FORMS:
            raise Http404(name)
        return self._carry_out(request, object_id, FORMS[name])

    def print_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The letter as a sheet of paper; one that was not sent carries the day of today."""
        letter = self._letter(request, object_id)
        day = letter.sent_on or local_day(now_of(request), letter.pledge.time_zone)
        facts = {
            "letter": letter,
            "blocks": blocks(letter.text),
            "day": Voice(letter.language, letter.pledge.time_zone).day(day),
            "subject_label": SUBJECT[letter.language],
            "sender": settings.TRACKER_SITE_NAME,
        }
        return TemplateResponse(request, "letters/print.html", facts)

    def _carry_out(self, request: HttpRequest, object_id: int, do: type[LetterForm]) -> HttpResponse:
        """Show one form of a letter, and write what it says. A form that fits no more shows the letter."""
        letter = self._letter(request, object_id)
        may_change = self.has_change_permission(request, letter)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        today = local_day(now_of(request), letter.pledge.time_zone)
        form = do(request.POST or None, letter=letter, today=today)
        if request.method == "POST" and form.is_valid():
            try:
                form.apply(actor=actor_of(request), now=now_of(request))
            except ValidationError as refusal:
                show_refusal(form, refusal)
            else:
                self.log_change(request, letter, str(form.done))
                messages.success(request, form.done)
                return HttpResponseRedirect(reverse("admin:letters_letter_change", args=[letter.pk]))
        return letter_page(self, request, letter, form if may_change else None)

    def _letter(self, request: HttpRequest, object_id: int) -> Letter:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).select_related(
            "pledge", "body", "follow_up", "drafted_by", "sent_by", "reply_update"
        )
        return get_object_or_404(rows, pk=object_id)

    # --- who may

    def has_delete_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return False


def _chosen(model: Any, key: str) -> Any:  # noqa: ANN401  (the model's)
    """Return the row that an address names, None where it names none. Raises Http404 for an unknown one."""
    if not key:
        return None
    if not key.isdecimal():
        raise Http404(key)
    return get_object_or_404(model, pk=key)
