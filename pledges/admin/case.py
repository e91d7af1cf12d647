"""The staff screens of cases: what pledges answer."""

from datetime import datetime

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy

from pledges import record
from pledges.models import Case

from .base import RecordedForm
from .places import country_choices
from .subject import SubjectAdmin, SubjectForm
from .wordings import translations_urls


class CaseForm(SubjectForm[Case]):
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices)
    slug = forms.SlugField(
        label=gettext_lazy("Address name"),
        max_length=80,
        required=False,
        help_text=gettext_lazy(
            "Latin letters for the web address. Empty: taken from a Latin title. It never changes."
        ),
    )


@admin.register(Case)
class CaseAdmin(SubjectAdmin[Case]):
    form = CaseForm
    fields = ("title", "country", "slug", "summary", "sources", "original_language")
    fixed = ("slug",)
    autocomplete_fields = ("sources",)
    list_display = ("title", "country", "pledge_count")
    list_filter = ("country",)
    ordering = ("title",)
    search_fields = ("title", "slug", "summary")

    def get_urls(self) -> list[URLPattern]:
        return [*translations_urls(self), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return super().get_queryset(request).annotate(pledge_count=Count("pledges"))

    @admin.display(description=gettext_lazy("pledges"), ordering="pledge_count")
    def pledge_count(self, case: Case) -> int:
        return int(getattr(case, "pledge_count", 0))

    def record(self, form: RecordedForm[Case], *, actor: User, now: datetime) -> Case:
        return record.record_case(**form.values(), actor=actor, now=now)
