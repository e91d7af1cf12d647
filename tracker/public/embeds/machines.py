"""Addresses that programs look for at the root of a site, whatever the language of its pages."""

from django.urls import path

from . import notices, oembed, sitemap
from .shared import shared

app_name = "machines"
urlpatterns = [
    path("oembed", shared(oembed.oembed), name="oembed"),
    path("robots.txt", shared(notices.robots), name="robots"),
    path(".well-known/security.txt", shared(notices.security), name="security"),
    path("sitemap.xml", shared(sitemap.index), name="sitemap"),
    path("sitemap-<slug:section>-<int:number>.xml", shared(sitemap.file), name="sitemap_file"),
]
