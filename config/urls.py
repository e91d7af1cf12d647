"""All addresses: the public pages own the root, staff work under /admin/."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.views import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
]
if find_spec("tracker.public.urls"):
    urlpatterns.append(path("", include("tracker.public.urls")))
