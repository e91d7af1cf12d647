"""The page on which a subject's own texts are translated: the original beside every language of the site."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pledges import record
from pledges.event_words import field_label
from pledges.models import Body, Case, Pledge, Wording
from pledges.models.choices import RIGHT_TO_LEFT, language_name
from pledges.models.worded import Words
from pledges.punctuation import listed
from pledges.wordings import originals

from .base import RecordedAdmin, actor_of
from .inputs import LineInput, LinesInput
from .moment import now_of
from .refusals import show_refusal
from .tools import Tool

Translated = Pledge | Case | Body
Rows = Mapping[tuple[str, str], Wording]


@dataclass(frozen=True)
class Line:
    """One text in one language: its input, and how the translation stands."""

    input: forms.BoundField
    confirm: forms.BoundField | None
    language: str
    stale: Wording | None
    is_missing: bool


@dataclass(frozen=True)
class Section:
    """One text of the subject with all its languages."""

    label: str
    original: Words
    lines: list[Line]


class WordingsForm(forms.Form):
    """Every text of one subject in every other language of the site; only what was changed is written."""

    seen_position = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why it is changed"),
        required=False,
        widget=LinesInput(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed when you change or empty a translation that readers see. Public."),
    )

    def __init__(self, *args: Any, subject: Translated, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject
        self.texts = originals(subject)
        self.rows: Rows = {(row.field, row.language): row for row in Wording.objects.of(subject)}
        self.fields["seen_position"].initial = subject.head_position
        for field, language in self._asked():
            row = self.rows.get((field, language))
            self.fields[f"{field}-{language}"] = self._input(field, language, row)
            if row and row.text and not row.stands_for(self.texts[field].text):
                label = gettext_lazy("Still right as it is")
                self.fields[f"confirm-{field}-{language}"] = forms.BooleanField(label=label, required=False)

    def _asked(self) -> Iterator[tuple[str, str]]:
        for field, words in self.texts.items():
            for language, _name in settings.LANGUAGES:
                if words.text and language not in (words.language, self.subject.original_language):
                    yield field, language

    def _input(self, field: str, language: str, row: Wording | None) -> forms.CharField:
        own: Any = self.subject._meta.get_field(field) if field in self.subject.worded else None
        attrs = {"lang": language, "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr"}
        is_long = own is None or isinstance(own, models.TextField)
        return forms.CharField(
            label=language_name(language),
            required=False,
            max_length=own.max_length if own else None,
            initial=row.text if row else "",
            widget=LinesInput(attrs=attrs) if is_long else LineInput(attrs=attrs | {"class": "vTextField"}),
        )

    def sections(self) -> list[Section]:
        return [
            Section(field_label(field, type(self.subject)), words, self._lines(field))
            for field, words in self.texts.items()
            if words.text
        ]

    def _lines(self, field: str) -> list[Line]:
        lines = []
        for _field, language in (each for each in self._asked() if each[0] == field):
            confirm = f"confirm-{field}-{language}"
            is_stale = confirm in self.fields
            row = self.rows.get((field, language))
            lines.append(
                Line(
                    input=self[f"{field}-{language}"],
                    confirm=self[confirm] if is_stale else None,
                    language=language,
                    stale=row if is_stale else None,
                    is_missing=row is None or not row.text,
                )
            )
        return lines

    def changed(self) -> list[tuple[str, str]]:
        """Return the texts that were written anew or confirmed, by field and language."""
        return [
            (field, language)
            for field, language in self._asked()
            if f"{field}-{language}" in self.changed_data
            or self.cleaned_data.get(f"confirm-{field}-{language}")
        ]

    @transaction.atomic
    def save(self, *, actor: User, now: datetime) -> int:
        """Write what was changed, all or nothing; return how many. Raises what the writer refuses."""
        seen: int | None = self.cleaned_data["seen_position"]
        changed = self.changed()
        for field, language in changed:
            try:
                record.translate(
                    subject=self.subject,
                    field=field,
                    language=language,
                    text=self.cleaned_data[f"{field}-{language}"],
                    reason=self.cleaned_data["reason"],
                    actor=actor,
                    now=now,
                    seen_position=seen,
                )
            except ValidationError as refusal:
                raise _at(f"{field}-{language}", refusal) from refusal
            # The subject stays locked: nobody else can come between this text and the next.
            seen = None
        return len(changed)


def _at(name: str, refusal: ValidationError) -> ValidationError:
    """Name the input that was refused as this form names it."""
    if not hasattr(refusal, "error_dict"):
        return refusal
    return ValidationError(
        {key if key == "reason" else name: errors for key, errors in refusal.error_dict.items()}
    )


def translations_urls(admin: "RecordedAdmin[Any]") -> list[URLPattern]:
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return _page(admin, request, pk)

    return [path("<int:pk>/translations/", admin.admin_site.admin_view(view), name=_name(admin.model))]


def _name(model: type[models.Model]) -> str:
    return f"pledges_{model._meta.model_name}_translations"


def _page(admin: "RecordedAdmin[Any]", request: HttpRequest, pk: int) -> HttpResponse:
    subject = admin.get_queryset(request).filter(pk=pk).first()
    if subject is None:
        raise Http404(pk)
    if not admin.has_change_permission(request, subject):
        raise PermissionDenied
    form = WordingsForm(request.POST or None, subject=subject)
    if request.method == "POST" and form.is_valid():
        try:
            count = form.save(actor=actor_of(request), now=now_of(request))
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            _say(request, count)
            back = reverse(f"admin:pledges_{admin.opts.model_name}_change", args=[pk])
            return HttpResponseRedirect(back if count else request.path)
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Translations"),
        "opts": admin.opts,
        "original": subject,
        "form": form,
        "media": admin.media + form.media,
    }
    return TemplateResponse(request, "admin/pledges/translations.html", context)


def _say(request: HttpRequest, count: int) -> None:
    if count:
        words = ngettext("%d translation was written.", "%d translations were written.", count)
        messages.success(request, words % count)
    else:
        messages.info(request, _("Nothing was changed, and nothing written."))


def translations_tool(subject: Translated) -> Tool:
    """Return the button that opens the page, saying how many translations are to be made or renewed."""
    lines = [line for section in WordingsForm(subject=subject).sections() for line in section.lines]
    missing, stale = sum(line.is_missing for line in lines), sum(bool(line.stale) for line in lines)
    parts = [
        ngettext("%d missing", "%d missing", missing) % missing if missing else "",
        ngettext("%d to renew", "%d to renew", stale) % stale if stale else "",
    ]
    todo = listed(parts)
    label = f"{_('Translations')} ({todo})" if todo else _("Translations")
    return Tool(label, translations_url(subject))


def translations_url(subject: Translated) -> str:
    return reverse(f"admin:{_name(type(subject))}", args=[subject.pk])
