"""Input fields for the staff screens: any script, unmistakable days, the order that was typed."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AdminTextInputWidget,
    AdminURLFieldWidget,
    AutocompleteSelectMultiple,
)
from django.db import models
from django.http import HttpRequest


class DayInput(forms.DateInput):
    """The browser's own date picker: 04/05 can't be read as the wrong one of two days."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class LinesInput(AdminTextareaWidget):
    """A text of several lines, compared and stored with the newline that the record uses."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"dir": "auto", "rows": 4} | (attrs or {}))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ANN401  (Django's)
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class LineInput(AdminTextInputWidget):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"dir": "auto"} | (attrs or {}))


if TYPE_CHECKING:
    MultipleChoiceField = forms.ModelMultipleChoiceField[Any]
else:
    MultipleChoiceField = forms.ModelMultipleChoiceField

INPUTS: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    models.CharField: {"widget": LineInput},
    models.TextField: {"widget": LinesInput},
    models.URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"},
    models.DateField: {"widget": DayInput, "input_formats": ["%Y-%m-%d"]},
}


class InOrderSelect(AutocompleteSelectMultiple):
    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:  # noqa: ANN401  (Django's)
        groups = super().optgroups(name, value, attr)
        for _label, options, _index in groups:
            options.sort(key=lambda option: _place(option["value"], value))
        return groups


class InOrderField(MultipleChoiceField):
    """Several choices in the order in which they were made: the first body counts most."""

    def clean(self, value: Any) -> Any:  # noqa: ANN401  (Django's)
        chosen = super().clean(value)
        return sorted(chosen, key=lambda item: _place(item.pk, value or []))


def _place(key: object, order: Sequence[object]) -> int:
    places = [str(item) for item in order]
    return places.index(str(key)) if str(key) in places else -1


def type_in(form: forms.BaseForm, values: dict[str, str]) -> None:
    """Change what a bound form shows as typed."""
    posted: Any = form.data
    form.data = data = posted.copy()
    for name, value in values.items():
        data[form.add_prefix(name)] = value


def fields_of(
    model: type[models.Model],
    names: Iterable[str],
    *,
    admin: "ModelAdmin[Any]",
    request: HttpRequest,
) -> dict[str, forms.Field]:
    """Return the form fields of a model's fields, with the admin's inputs and pop-ups."""
    fields = {}
    for name in names:
        db_field: Any = model._meta.get_field(name)
        field = admin.formfield_for_dbfield(db_field, request)
        if field is None:
            raise LookupError(f"{model.__name__}.{name} can't be typed in")
        fields[name] = field
    return fields
