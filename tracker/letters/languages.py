"""How a letter says days, spans and names, in each of its languages. Pure: no queries, no clock."""

from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages

from pledges.deadlines.bidi import isolate
from pledges.deadlines.civil import period_bounds
from pledges.deadlines.date_part import Dates, date_part, day_in_words
from pledges.deadlines.expressions import Unit
from pledges.deadlines.windows import Precision
from pledges.deadlines.wording import wording_for
from pledges.deadlines.wording.base import Wording
from pledges.models import Body

from .models import LETTER_LANGUAGES

# By CLDR's plural forms. In Arabic one and two days are words of their own.
_DAYS = {
    "ar": {
        "one": "يوم واحد",
        "two": "يومان",
        "few": "{days} أيام",
        "many": "{days} يومًا",
        "other": "{days} يوم",
    },
    "en": {"one": "1 day", "other": "{days} days"},
    "es": {"one": "1 día", "other": "{days} días"},
    "fr": {"one": "{days} jour", "other": "{days} jours"},
}
_COMMA = {"ar": "، "}
_AND = {"ar": " و", "en": " and ", "es": " y ", "fr": " et "}
SUBJECT = {"ar": "الموضوع:", "en": "Subject:", "es": "Asunto:", "fr": "Objet\u00a0:"}


def language_of(body: Body) -> str:
    """Return the first official language of the body's country in which letters can be drafted.

    A language that is official in practice only counts where no law names one. English where none fits.
    """
    for de_facto in (False, True):
        official = get_official_languages(body.country, de_facto=de_facto)
        for language in official:
            if language in dict(LETTER_LANGUAGES):
                return language
    return "en"


@dataclass(frozen=True)
class Voice:
    """One language, for readers of one time zone: Arabic names its months by country, نيسان in Damascus."""

    language: str
    zone: str

    @property
    def wording(self) -> Wording:
        return wording_for(self.language)

    @property
    def locale(self) -> Locale:
        territory = get_global("zone_territories").get(self.zone) if self.language == "ar" else None
        try:
            return Locale(self.language, territory)
        except UnknownLocaleError:
            return Locale(self.language)

    def day(self, value: date) -> str:
        return day_in_words(value, self.wording, self.locale)

    def day_of(self, value: date, precision: str) -> str:
        """Return a day known only to its month or year as that month or year."""
        known = Precision(precision)
        if known is Precision.MONTH:
            return date_part(
                Dates(*period_bounds(Unit.MONTH, value.month, value.year), known), self.wording, self.locale
            )
        return str(value.year) if known is Precision.YEAR else self.day(value)

    def days(self, count: int) -> str:
        """Return a span of whole days, such as "12 days"."""
        forms = _DAYS[self.language]
        return forms.get(self.locale.plural_form(count), forms["other"]).format(days=count)

    def several(self, words: list[str]) -> str:
        """Return "a, b and c"; empty for nothing."""
        if len(words) < 2:
            return "".join(words)
        *first, last = words
        return _COMMA.get(self.language, ", ").join(first) + _AND[self.language] + last

    def name_of(self, language: str) -> str:
        """Return the name of a language; empty where it has none in this one."""
        return str(self.locale.languages.get(language, "")) if language != "und" else ""

    def isolated(self, text: str) -> str:
        """Keep words of the other direction from reordering the line around them."""
        return isolate(text, self.language)

    def quoted(self, text: str) -> str:
        return self.wording.quote.format(text=text)
