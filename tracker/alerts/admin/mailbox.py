"""The mailbox: every alert with its text, its state and what went wrong. Read-only but for "try again"."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from pledges.admin import Need, need
from pledges.admin.moment import now_of
from tracker.alerts.bounces import settle_bounces
from tracker.alerts.mails import Parts, compose
from tracker.alerts.models import RETRYABLE, Alert, AlertKind, AlertState
from tracker.alerts.recheck import reason_to_cancel
from tracker.alerts.retry import try_again

if TYPE_CHECKING:
    AlertAdminBase = admin.ModelAdmin[Alert]
else:
    AlertAdminBase = admin.ModelAdmin

# What came back to nobody's notice: mail to a reader of the public is stopped by itself, staff must be asked.
WAITING_BOUNCES = "bounced_at__isnull=False&bounce_settled_at__isnull=True&subscriber__isnull=True"
# A mail's styles are inline; scripts, pictures and forms it has none.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@admin.register(Alert)
class AlertAdmin(AlertAdminBase):
    list_display = ("pk", "how", "kind", "reader", "about", "created_at", "sent_at", "attempts")
    list_filter = ("state", "kind", "via", "bounce")
    list_select_related = ("event__pledge", "follow_up__pledge", "subscriber")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    search_fields = ("recipient", "event__pledge__reference", "event__pledge__title", "message_id")
    search_help_text = gettext_lazy("Address, reference or title.")
    actions = ("send_again", "settle_bounces")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("reader", "subject_line", "text_part", "html_part")}),
        (
            pgettext_lazy("of a mail", "Delivery"),
            {
                "fields": (
                    "state",
                    "cancel_reason",
                    "last_error",
                    "attempts",
                    "first_tried_at",
                    "claimable_at",
                    "may_have_arrived",
                    "sent_at",
                    "via",
                    "message_id",
                    "bounced_at",
                    "bounce",
                    "bounced_for",
                    "bounce_settled_at",
                )
            },
        ),
        (gettext_lazy("What it is about"), {"fields": ("kind", "about", "digest", "user", "created_at")}),
    )
    readonly_fields = tuple(name for _title, part in fieldsets for name in part["fields"])

    class Media:
        css = {"all": ("alerts/admin.css",)}

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def how(self, alert: Alert) -> str:
        """The state; of what came back, also why."""
        words = {"state": alert.get_state_display(), "why": alert.get_bounce_display()}
        return _("%(state)s, came back: %(why)s") % words if alert.bounce else words["state"]

    @admin.display(description=gettext_lazy("to"), ordering="recipient")
    def reader(self, alert: Alert) -> str:
        """An address of staff; of the public, the number alone."""
        if alert.subscriber is None:
            return alert.recipient
        return _("subscriber %d") % alert.subscriber.pk

    @admin.display(description=gettext_lazy("about"), ordering="event__pledge__reference")
    def about(self, alert: Alert) -> str:
        if alert.kind in (AlertKind.CONFIRMATION, AlertKind.WATCHDOG):
            return ""
        told = alert.event or alert.follow_up
        if told is None or told.pledge is None:
            count = alert.members.count()
            return ngettext("%(count)d pledge", "%(count)d pledges", count) % {"count": count}
        url = reverse("admin:pledges_pledge_change", args=[told.pledge_id])
        return format_html('<a href="{}" dir="auto">{}</a>', url, told.pledge)

    @admin.display(description=gettext_lazy("subject"))
    def subject_line(self, alert: Alert) -> str:
        return format_html('<strong dir="auto">{}</strong>', self.parts(alert).subject)

    @admin.display(description=gettext_lazy("text"))
    def text_part(self, alert: Alert) -> str:
        return format_html('<pre class="mail-text" dir="auto">{}</pre>', self.parts(alert).text)

    @admin.display(description=gettext_lazy("HTML"))
    def html_part(self, alert: Alert) -> str:
        url = reverse("admin:alerts_alert_html", args=[alert.pk])
        return format_html(
            '<iframe class="mail-html" sandbox src="{}" title="{}"></iframe>', url, _("The mail as HTML")
        )

    def parts(self, alert: Alert) -> Parts:
        """Return what was sent, or what would be sent now."""
        return parts_of(alert, now=alert.seen_at)  # type: ignore[attr-defined]  # set by get_object

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Alert | None:
        alert = super().get_object(request, object_id, from_field)
        if alert is not None:
            alert.seen_at = now_of(request)  # type: ignore[attr-defined]  # for this page only
        return alert

    @admin.action(description=gettext_lazy("Try again to send"), permissions=["change"])
    def send_again(self, request: HttpRequest, alerts: QuerySet[Alert]) -> None:
        queued = try_again(alerts, now=now_of(request))
        for alert in queued:
            self.log_change(request, alert, _("Tried again."))
        others = alerts.count() - len(queued)
        words = ngettext(
            "%(count)d alert is queued again.", "%(count)d alerts are queued again.", len(queued)
        )
        messages.success(request, words % {"count": len(queued)})
        if others:
            messages.warning(request, _("%d were neither failed nor held, and stay as they are.") % others)

    @admin.action(
        description=gettext_lazy("Came back: the reader is reached in another way"), permissions=["change"]
    )
    def settle_bounces(self, request: HttpRequest, alerts: QuerySet[Alert]) -> None:
        settled = settle_bounces(alerts, now=now_of(request))
        for alert in settled:
            self.log_change(request, alert, _("That it came back is dealt with."))
        others = alerts.count() - len(settled)
        words = ngettext("%(count)d is dealt with.", "%(count)d are dealt with.", len(settled))
        messages.success(request, words % {"count": len(settled)})
        if others:
            messages.warning(request, _("%d did not come back, or were dealt with before.") % others)

    def html_page(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The HTML part as a page of its own, in a policy that lets it do nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        alert = get_object_or_404(self.get_queryset(request), pk=object_id)
        page = HttpResponse(parts_of(alert, now=now_of(request)).html)
        page["Content-Security-Policy"] = MAIL_POLICY
        return page

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(xframe_options_sameorigin(self.html_page))
        own = path("<int:object_id>/html/", page, name="alerts_alert_html")
        return [own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        no_buttons = {"show_save": False, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | no_buttons)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Alert | None = None) -> bool:
        return False


def parts_of(alert: Alert, *, now: datetime) -> Parts:
    """Return what was sent; or what would be sent at `now`, or why nothing would be."""
    told = alert.digest or alert
    if told.state == AlertState.SENT and told.subscriber_id is not None:
        return _only(_("Of mail to the public no copy is kept; what it was about stands below."))
    if told.state == AlertState.SENT:
        return Parts(told.subject, told.text, told.html)
    if reason := alert.cancel_reason or reason_to_cancel(alert, now=now):
        return _only(_("No mail: %s") % reason)
    return compose(told, now=now).parts


def _only(words: str) -> Parts:
    return Parts(words, words, format_html("<p>{}</p>", words))


@need
def undelivered(request: HttpRequest, now: datetime) -> Need | None:
    """What did not go out and waits for a person's decision."""
    if not request.user.has_perm("alerts.view_alert"):
        return None
    # A typing error of somebody who is not known yet is no work for staff.
    waiting = Alert.objects.filter(state__in=RETRYABLE).exclude(kind=AlertKind.CONFIRMATION)
    count = waiting.count()
    if not count:
        return None
    kinds = ",".join(kind.value for kind in AlertKind if kind is not AlertKind.CONFIRMATION)
    url = f"{reverse('admin:alerts_alert_changelist')}?state__in={','.join(RETRYABLE)}&kind__in={kinds}"
    return Need(title=_("Mail that did not go out"), count=count, url=url, is_urgent=True)


@need
def came_back(request: HttpRequest, now: datetime) -> Need | None:
    """Mail to staff that came back: they do not hear of what they should."""
    if not request.user.has_perm("alerts.view_alert"):
        return None
    count = Alert.objects.filter(bounced_at__isnull=False, bounce_settled_at=None, subscriber=None).count()
    if not count:
        return None
    url = f"{reverse('admin:alerts_alert_changelist')}?{WAITING_BOUNCES}"
    return Need(title=_("Mail to staff that came back"), count=count, url=url, is_urgent=True)
