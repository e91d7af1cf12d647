"""The staff screens of responsible bodies."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges import record
from pledges.models import Body
from pledges.punctuation import listed

from .base import RecordedForm
from .places import country_choices, zones_by_country
from .subject import SubjectAdmin, SubjectForm
from .wordings import translations_urls


class BodyForm(SubjectForm[Body]):
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "Asia/Damascus"}),
        help_text=gettext_lazy(
            "Its days decide when a pledge is late. Leave it empty for a country with a single zone."
        ),
    )
    slug = forms.SlugField(
        label=gettext_lazy("Address name"),
        max_length=80,
        required=False,
        help_text=gettext_lazy(
            "Latin letters for the web address, such as “moj-sy”. Empty: taken from a Latin name. "
            "It never changes."
        ),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("time_zone") and values.get("country"):
            self._zone_of(values["country"])
        return values

    def _zone_of(self, country: str) -> None:
        zones = zones_by_country().get(country, ())
        if len(zones) == 1:
            self.cleaned_data["time_zone"] = self.instance.time_zone = zones[0]
        else:
            several = _("This country has several time zones. Write one: %s.") % listed(zones)
            none = _("Write a time zone such as Asia/Damascus.")
            self.add_error("time_zone", several if zones else none)


@admin.register(Body)
class BodyAdmin(SubjectAdmin[Body]):
    form = BodyForm
    fields = ("name", "kind", "country", "time_zone", "slug", "description", "original_language")
    fixed = ("slug",)
    list_display = ("name", "kind", "country", "time_zone", "pledge_count")
    list_filter = ("kind", "country")
    ordering = ("name",)
    search_fields = ("name", "slug", "description")

    def get_urls(self) -> list[URLPattern]:
        return [*translations_urls(self), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Body]:
        return super().get_queryset(request).annotate(pledge_count=Count("pledges"))

    @admin.display(description=gettext_lazy("pledges"), ordering="pledge_count")
    def pledge_count(self, body: Body) -> int:
        return int(getattr(body, "pledge_count", 0))

    def record(self, form: RecordedForm[Body], *, actor: User, now: datetime) -> Body:
        return record.record_body(**form.values(), actor=actor, now=now)
