"""Subjects whose own words may be read in other languages too."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .choices import LANGUAGES
from .recorded import Recorded


@dataclass(frozen=True)
class Words:
    """One text as a page shows it; `original` is what it translates, empty where it translates nothing."""

    text: str
    language: str
    original: str = ""
    original_language: str = ""


def site_language() -> str:
    """Return the language that staff write in unless they say otherwise."""
    return settings.LANGUAGE_CODE


class Worded(Recorded):
    """A subject with texts of ours. What stands in its own fields is the original, and the truth."""

    # Which fields may be translated; the first of them is what the subject is called.
    worded: ClassVar[tuple[str, ...]]
    # Texts in the language of the page, by field; `pledges.wordings.in_language` puts them here.
    words_here: Mapping[str, Words] = MappingProxyType({})
    # The same of the entries in a pledge's log; whether their words still stand is seen where they are told.
    entries_here: Mapping[str, Words] = MappingProxyType({})

    original_language = models.CharField(
        _("language of our own texts"),
        max_length=3,
        choices=LANGUAGES,
        default=site_language,
        help_text=_("In which the title or name, the summary and the note are written here."),
    )

    class Meta(Recorded.Meta):
        abstract = True

    @property
    def name_here(self) -> str:
        """What the subject is called, in the language of the page where that was translated."""
        return self.words(self.worded[0]).text

    @property
    def label_here(self) -> str:
        """The name with what identifies it, for a line that stands alone: in a feed, on another site."""
        return self.name_here

    def words(self, field: str) -> Words:
        """Return a text in the language of the page; where it was not translated, the original."""
        return self.words_here.get(field) or Words(getattr(self, field), self.language_of(field))

    def language_of(self, field: str) -> str:
        """Return the language that a text was written in: its own, as that of a quote, or ours."""
        language: str = getattr(self, f"{field}_language", self.original_language)
        return language
