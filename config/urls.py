"""All addresses: the public pages own the root, a prefix for each language; staff work under /admin/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.views import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("tracker.public.api.urls")),
    path("", include("tracker.public.embeds.machines")),
    *i18n_patterns(path("", include("tracker.public.urls")), prefix_default_language=False),
]
