"""What a choice is called is what the form of the staff calls it, in the language in force."""

import pytest
from django.utils import translation

from pledges.models import Pledge
from pledges.models.choices import Action, Status


@pytest.mark.parametrize("language", ["en", "ar", "fr", "es"])
@pytest.mark.parametrize(("field", "choices"), [("status", Status.choices), ("action", Action.choices)])
def test_a_pledge_says_what_its_choices_are_called(
    language: str, field: str, choices: list[tuple[str, str]]
) -> None:
    with translation.override(language):
        said = [getattr(Pledge(**{field: value}), f"get_{field}_display")() for value, _label in choices]
        assert said == [str(label) for _value, label in choices]
    assert len(set(said)) == len(choices)
