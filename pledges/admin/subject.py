"""The screens of bodies, cases and sources: correcting what readers see needs a reason."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pledges import record
from pledges.models import Body, Case, Source

from .base import RecordedAdmin, RecordedForm
from .inputs import LinesInput

SubjectT = TypeVar("SubjectT", bound=Body | Case | Source)


class SubjectForm(RecordedForm[SubjectT]):
    fields_of_form_only: ClassVar[frozenset[str]] = frozenset({"seen_position", "reason"})

    reason = forms.CharField(
        label=_("Why it is corrected"),
        required=False,
        widget=LinesInput(attrs={"rows": 2}),
        help_text=_("A public page shows this, and will show the reason."),
    )


if TYPE_CHECKING:
    from typing import Generic

    class SubjectBase(RecordedAdmin[SubjectT], Generic[SubjectT]): ...

else:
    SubjectBase = RecordedAdmin


class SubjectAdmin(SubjectBase[SubjectT]):
    def get_fields(self, request: HttpRequest, obj: SubjectT | None = None) -> Any:  # noqa: ANN401  (Django's)
        fields = tuple(super().get_fields(request, obj))
        return (*fields, "reason") if obj is not None and record.is_public(obj) else fields

    def amend(self, subject: SubjectT, form: RecordedForm[SubjectT], *, actor: User, now: datetime) -> None:
        record.amend_subject(
            subject=subject,
            changes=form.changes(),
            reason=form.cleaned_data.get("reason", ""),
            actor=actor,
            now=now,
            seen_position=form.seen,
        )
