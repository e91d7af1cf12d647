"""All addresses: the public pages own the root, staff work under /admin/."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.views import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("tracker.public.embeds.machines")),
    path("", include("tracker.public.urls")),
]
