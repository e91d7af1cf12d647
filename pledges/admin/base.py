"""What all screens of the record have in common: they write through `pledges.record` alone."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from pledges.models.recorded import Recorded

from .inputs import INPUTS, type_in
from .moment import now_of
from .refusals import is_stale, show_refusal, what_happened_since

RecordedT = TypeVar("RecordedT", bound=Recorded)
_REFUSAL = "pledges.refusal"

if TYPE_CHECKING:
    from typing import Generic

    class ModelAdmin(admin.ModelAdmin[RecordedT], Generic[RecordedT]): ...

    class ModelForm(forms.ModelForm[RecordedT], Generic[RecordedT]): ...

else:

    class ModelAdmin(admin.ModelAdmin):
        def __class_getitem__(cls, _model: object) -> type:
            return cls

    class ModelForm(forms.ModelForm):
        def __class_getitem__(cls, _model: object) -> type:
            return cls


def actor_of(request: HttpRequest) -> User:
    """Return who is signed in. The admin lets nobody else this far."""
    if not isinstance(request.user, User):
        raise TypeError("not signed in")
    return request.user


class RecordedForm(ModelForm[RecordedT]):
    """A form that remembers which state of the record the person saw."""

    seen_position = forms.IntegerField(widget=forms.HiddenInput, required=False)
    refusal: ClassVar[ValidationError | None] = None
    fields_of_form_only: ClassVar[frozenset[str]] = frozenset({"seen_position"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_position"].initial = self.instance.head_position

    def full_clean(self) -> None:
        super().full_clean()
        if self.refusal is not None and self.is_bound:
            show_refusal(self, self.refusal)
            if is_stale(self.refusal):
                self._see_the_present()

    def _see_the_present(self) -> None:
        """Say what changed meanwhile; saving once more then goes over it knowingly."""
        for line in what_happened_since(self.instance, self.seen):
            self.add_error(None, line)
        type_in(self, {"seen_position": str(self.instance.head_position)})

    @property
    def seen(self) -> int:
        """The event number that the person had before them; 0, which is always stale, if unknown."""
        return self.cleaned_data.get("seen_position") or 0

    def values(self) -> dict[str, Any]:
        """Return what was typed, under the names that the writers use."""
        return {k: v for k, v in self.cleaned_data.items() if k not in self.fields_of_form_only}

    def changes(self) -> dict[str, Any]:
        """Return the values that the person changed."""
        changed = set(self.changed_data)
        return {
            name: value
            for name, value in self.values().items()
            if name in changed and not self._is_same_text(name, value)
        }

    def _is_same_text(self, name: str, value: object) -> bool:
        before = self.initial.get(name)
        return isinstance(before, str) and before.strip() == value


class RecordedAdmin(ModelAdmin[RecordedT]):
    """Writes through the verbs of `pledges.record`; what they refuse is shown on the form."""

    form: Any = RecordedForm
    formfield_overrides = INPUTS
    change_form_template = "admin/pledges/recorded_form.html"
    fixed: ClassVar[tuple[str, ...]] = ()

    class Media:
        css: ClassVar = {"all": ("pledges/admin.css",)}
        js: ClassVar = ("pledges/admin.js",)

    def record(self, form: RecordedForm[RecordedT], *, actor: User, now: datetime) -> RecordedT:
        """Write what the add form holds."""
        raise NotImplementedError

    def amend(self, subject: RecordedT, form: RecordedForm[RecordedT], *, actor: User, now: datetime) -> None:
        """Write what the change form changed."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            # The transaction is rolled back; the second pass shows the form with what was typed.
            request.META[_REFUSAL] = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self,
        request: HttpRequest,
        obj: RecordedT | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:  # noqa: ANN401  (Django's)
        base = kwargs.get("form", self.form)
        fixed = set(self.get_readonly_fields(request, obj)) & set(base.declared_fields)
        attrs = {"refusal": request.META.get(_REFUSAL), **dict.fromkeys(fixed)}
        kwargs["form"] = type(base.__name__, (base,), attrs)
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(
        self,
        request: HttpRequest,
        obj: RecordedT,
        form: Any,  # noqa: ANN401  (Django's)
        change: bool,
    ) -> None:
        actor, now = actor_of(request), now_of(request)
        if change:
            self.amend(obj, form, actor=actor, now=now)
        else:
            obj.pk = self.record(form, actor=actor, now=now).pk
        obj.refresh_from_db()

    def save_related(self, *args: object, **kwargs: object) -> None:
        """Relations are written by the same verb as the rest."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: RecordedT | None = None) -> tuple[str, ...]:
        return self.fixed if obj else ()

    def get_view_on_site_url(self, obj: RecordedT | None = None) -> str | None:
        return None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history is the event log, not the admin's own notes."""
        subject = self.get_object(request, object_id)
        query = f"?q={subject.stream}" if subject else ""
        return HttpResponseRedirect(reverse("admin:pledges_event_changelist") + query)
