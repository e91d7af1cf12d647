"""The addresses of a site whose pages carry their language in front."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("tracker.public.embeds.machines")),
    *i18n_patterns(path("", include("tracker.public.urls")), prefix_default_language=False),
]
