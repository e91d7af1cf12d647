"""What messengers show beside the address of a page (https://ogp.me).

They keep it for long: so its words don't change with the clock, and only the picture, which names its
instant, says how a pledge stands.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges.deadlines.bidi import isolate
from pledges.models import Pledge
from pledges.punctuation import headed
from tracker.public.feeds import absolute, site_title

from .linked_data import promise
from .sheet import HEIGHT, WIDTH
from .subjects import Embed

WORDS = 40
# The protocol wants a place beside the language; the record belongs to none of them.
LOCALES = {"ar": "ar_AR", "en": "en_US", "es": "es_ES", "fr": "fr_FR"}


@dataclass(frozen=True, kw_only=True)
class Preview:
    kind: str
    title: str
    description: str
    address: str
    picture: str
    width = WIDTH
    height = HEIGHT

    @property
    def site(self) -> str:
        return site_title()

    @property
    def locale(self) -> str:
        return LOCALES[get_language() or "en"]

    @property
    def alternative(self) -> str:
        """The words of the picture that stay true while it changes."""
        return _("%(title)s: where it stands") % {"title": self.title}


def of_subject(embed: Embed) -> Preview:
    subject = embed.subject
    return Preview(
        kind="article",
        title=embed.title,
        description=_quoted(subject) if isinstance(subject, Pledge) else promise(),
        address=embed.page,
        picture=embed.picture,
    )


def of_site() -> Preview:
    return Preview(
        kind="website",
        title=_("What was promised, and what is overdue"),
        description=promise(),
        address=absolute(reverse("public:overview")),
        picture=absolute(reverse("public:share_site")),
    )


def _quoted(pledge: Pledge) -> str:
    """Return the words of a pledge, shortened; where they are not exact, it says so."""
    words = Truncator(pledge.quote).words(WORDS)
    if pledge.is_verbatim:
        return _("“%(phrase)s”") % {"phrase": words}
    return headed(pledge.get_quote_form_display(), isolate(words, get_language() or "en"))
