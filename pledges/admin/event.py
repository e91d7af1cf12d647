"""The event log, read-only: what happened to the record, and who wrote it down."""

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from pledges.models import Event

from .words import event_in_words

SHOWN = 160

if TYPE_CHECKING:
    EventAdminBase = admin.ModelAdmin[Event]
else:
    EventAdminBase = admin.ModelAdmin


@admin.register(Event)
class EventAdmin(EventAdminBase):
    list_display = ("recorded_at", "kind", "subject", "in_words", "happened_on", "actor")
    list_display_links = ("recorded_at",)
    list_filter = ("kind",)
    list_select_related = ("pledge", "actor")
    list_per_page = 50
    date_hierarchy = "recorded_at"
    ordering = ("-pk",)
    search_fields = ("stream", "pledge__title", "pledge__quote", "actor__username")
    search_help_text = gettext_lazy("Reference, title or words of a pledge, or who wrote it down.")
    fields = ("kind", "subject", "position", "happened_on", "recorded_at", "actor", "facts")
    readonly_fields = fields

    class Media:
        css = {"all": ("pledges/admin.css",)}

    @admin.display(description=gettext_lazy("subject"), ordering="stream")
    def subject(self, event: Event) -> str:
        if event.pledge is None:
            return event.stream
        url = reverse("admin:pledges_pledge_change", args=[event.pledge_id])
        return format_html('<a href="{}" dir="auto">{}</a>', url, event.pledge)

    @admin.display(description=gettext_lazy("what"))
    def in_words(self, event: Event) -> str:
        words = Truncator(event_in_words(event)).chars(SHOWN)
        return format_html('<span dir="auto">{}</span>', words)

    @admin.display(description=gettext_lazy("facts"))
    def facts(self, event: Event) -> str:
        text = json.dumps(event.payload, ensure_ascii=False, indent=2)
        return format_html('<pre dir="auto">{}</pre>', text)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401
        return False
