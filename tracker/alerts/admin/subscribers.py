"""Readers of the public who asked for mail. Their addresses are not shown: nobody needs to read them.

A superuser can find the one whose address is known, stop mail to it, allow it again, or erase it.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pledges.admin.moment import now_of
from pledges.punctuation import in_clauses
from tracker.alerts.models import Subscriber
from tracker.alerts.subscribing import address_key, allow, forget, stop
from tracker.alerts.targets import describe

if TYPE_CHECKING:
    SubscriberAdminBase = admin.ModelAdmin[Subscriber]
else:
    SubscriberAdminBase = admin.ModelAdmin


class FindForm(forms.Form):
    address = forms.EmailField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("The whole address: it is looked up by its keyed hash, and written nowhere."),
        error_messages={
            "required": gettext_lazy("Write the address to look for."),
            "invalid": gettext_lazy("Write the whole address, such as name@example.org."),
        },
    )


@admin.register(Subscriber)
class SubscriberAdmin(SubscriberAdminBase):
    list_display = (
        "pk",
        "language",
        "follows",
        "created_at",
        "confirmed_at",
        "suppressed_at",
        "suppressed_for",
        "erased_at",
    )
    list_filter = (
        ("confirmed_at", admin.EmptyFieldListFilter),
        ("suppressed_at", admin.EmptyFieldListFilter),
        ("erased_at", admin.EmptyFieldListFilter),
        "language",
    )
    date_hierarchy = "created_at"
    actions = ("stop_mail", "allow_mail", "erase")
    fields = readonly_fields = (
        "language",
        "what",
        "created_at",
        "confirmed_at",
        "suppressed_at",
        "suppressed_for",
        "soft_bounces",
        "erased_at",
    )
    change_list_template = "admin/alerts/subscriber/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        return super().get_queryset(request).annotate(subscription_count=Count("subscriptions"))

    @admin.display(description=gettext_lazy("follows"), ordering="subscription_count")
    def follows(self, reader: Subscriber) -> int:
        return int(reader.subscription_count)  # type: ignore[attr-defined]  # annotated above

    @admin.display(description=gettext_lazy("follows"))
    def what(self, reader: Subscriber) -> str:
        targets = list(reader.subscriptions.values_list("target", flat=True))
        return in_clauses(each.label for each in describe(targets).values()) or "–"

    @admin.action(description=gettext_lazy("Stop mail to them"))
    def stop_mail(self, request: HttpRequest, readers: QuerySet[Subscriber]) -> None:
        now = now_of(request)
        done = [each for each in readers if stop(each.pk, reason=_("Stopped by staff."), now=now)]
        self._say(request, done, ngettext("Mail to %d stopped.", "Mail to %d stopped.", len(done)))

    @admin.action(description=gettext_lazy("Allow mail to them again"))
    def allow_mail(self, request: HttpRequest, readers: QuerySet[Subscriber]) -> None:
        done = [each for each in readers if allow(each.pk)]
        self._say(request, done, ngettext("%d gets mail again.", "%d get mail again.", len(done)))

    @admin.action(description=gettext_lazy("Erase: end all their mail and delete the address"))
    def erase(self, request: HttpRequest, readers: QuerySet[Subscriber]) -> None:
        done = [each for each in readers if forget(each, now=now_of(request))]
        self._say(request, done, ngettext("%d was erased.", "%d were erased.", len(done)))

    def _say(self, request: HttpRequest, done: list[Subscriber], words: str) -> None:
        for reader in done:
            self.log_change(request, reader, words % 1)
        messages.success(request, words % len(done))

    def find(self, request: HttpRequest) -> HttpResponse:
        """Find one reader by the address. By POST, so that no log of requests holds it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = FindForm(request.POST or None)
        if form.is_valid():
            key = address_key(form.cleaned_data["address"])
            found = Subscriber.objects.filter(address_key=key).values_list("pk", flat=True).first()
            if found is not None:
                return HttpResponseRedirect(reverse("admin:alerts_subscriber_change", args=[found]))
            form.add_error("address", _("No subscriber has this address."))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Find a subscriber"),
            "opts": self.opts,
            "form": form,
        }
        return render(request, "admin/alerts/subscriber/find.html", context)

    def get_urls(self) -> list[URLPattern]:
        own = path("find/", self.admin_site.admin_view(self.find), name="alerts_subscriber_find")
        return [own, *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if is_allowed(request) else {}

    def has_view_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        return is_allowed(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_allowed(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        return False


def is_allowed(request: HttpRequest) -> bool:
    """Nobody but who administers the tracker has to do with its readers."""
    return request.user.is_active and request.user.is_superuser
