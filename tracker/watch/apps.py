from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WatchConfig(AppConfig):
    name = "tracker.watch"
    label = "watch"
    verbose_name = _("The watch")
    default_auto_field = "django.db.models.BigAutoField"
