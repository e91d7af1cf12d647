"""The staff screens of sources: where facts were read."""

from datetime import datetime

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges import record
from pledges.models import Source

from .base import RecordedForm
from .subject import SubjectAdmin, SubjectForm


class SourceForm(SubjectForm[Source]):
    def clean_url(self) -> str:
        """Name the source that has this address already, so that it can be chosen instead."""
        url: str = self.cleaned_data["url"]
        known = Source.objects.filter(url=url).exclude(pk=self.instance.pk).first()
        if known:
            raise ValidationError(_("This address is recorded already: choose “%s”.") % known, code="unique")
        return url


@admin.register(Source)
class SourceAdmin(SubjectAdmin[Source]):
    form = SourceForm
    fields = ("url", "title", "publisher", "published_on", "kind", "language", "archived_url")
    fixed = ("url",)
    list_display = ("title", "publisher", "published_on", "kind", "language", "has_stored_copy")
    list_filter = ("kind", "language")
    date_hierarchy = "published_on"
    search_fields = ("title", "publisher", "url")

    @admin.display(description=gettext_lazy("stored copy"), boolean=True)
    def has_stored_copy(self, source: Source) -> bool:
        return bool(source.archived_url)

    def record(self, form: RecordedForm[Source], *, actor: User, now: datetime) -> Source:
        return record.record_source(**form.values(), actor=actor, now=now)
