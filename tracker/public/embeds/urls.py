"""Addresses of what other sites show. They stand in pages that we never see: they stay."""

from django.urls import URLPattern, path

from tracker.public.keeping import kept

from . import picture, views
from .shared import shared


def forms_of(kind: str, place: str) -> list[URLPattern]:
    """Return the addresses of the badge, the card and the picture beside the page of a subject."""
    return [
        path(f"{place}badge.svg", shared(views.badge), {"kind": kind}, name=f"badge_{kind}"),
        path(f"{place}card/", shared(views.card), {"kind": kind}, name=f"card_{kind}"),
        path(f"{place}share.png", shared(kept(picture.of_subject)), {"kind": kind}, name=f"share_{kind}"),
    ]


urlpatterns = [
    path("share.png", shared(kept(picture.of_site)), name="share_site"),
    *forms_of("pledge", "pledges/<reference:key>/"),
    *forms_of("case", "cases/<slug:key>/"),
    *forms_of("body", "bodies/<slug:key>/"),
]
