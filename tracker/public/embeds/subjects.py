"""What other sites may show: a published pledge, case or body, and the addresses of its forms."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from pledges.models import Body, Case, Pledge
from pledges.models.pledge_query import PledgeQuerySet
from pledges.wordings import in_active_language
from tracker.public.feeds import absolute
from tracker.public.standing import with_standing
from tracker.public.taken_off import gone

Subject = Pledge | Case | Body
# How large a frame must be to hold a card without scrolling, in CSS pixels.
WIDTH = 560
HEIGHTS = {"pledge": 480, "case": 240, "body": 240}


def published(kind: str, key: str) -> Subject | None:
    """Return the pledge with this reference, or the case or body with this slug; None if not public.

    It is loaded with what it is called in the active language.
    """
    found = _published(kind, key)
    if found is not None:
        in_active_language([found])
    return found


def missing(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Answer for what is not `published`: 410 for a pledge that was taken off, else it raises Http404."""
    if kind == "pledge":
        return gone(request, key)
    raise Http404(key)


def _published(kind: str, key: str) -> Subject | None:
    if kind == "pledge":
        return with_standing(Pledge.objects.published()).filter(reference=key).first()
    if kind == "case":
        return Case.objects.published().filter(slug=key).first()
    return Body.objects.published().filter(slug=key).first()


def pledges_of(subject: Case | Body) -> PledgeQuerySet:
    published = Pledge.objects.published()
    if isinstance(subject, Case):
        return published.filter(case=subject)
    return published.filter(bodies=subject)


@dataclass(frozen=True)
class Embed:
    """A subject on other sites. Addresses are absolute, in the active language."""

    subject: Subject

    @property
    def kind(self) -> str:
        return str(self.subject._meta.model_name)

    @property
    def key(self) -> str:
        return self.subject.reference if isinstance(self.subject, Pledge) else self.subject.slug

    @property
    def title(self) -> str:
        return self.subject.label_here

    @property
    def page(self) -> str:
        return absolute(self.subject.get_absolute_url())

    @property
    def card(self) -> str:
        return absolute(reverse(f"public:card_{self.kind}", args=[self.key]))

    @property
    def badge(self) -> str:
        return absolute(reverse(f"public:badge_{self.kind}", args=[self.key]))

    @property
    def picture(self) -> str:
        return absolute(reverse(f"public:share_{self.kind}", args=[self.key]))

    @property
    def height(self) -> int:
        return HEIGHTS[self.kind]
