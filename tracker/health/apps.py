from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HealthConfig(AppConfig):
    name = "tracker.health"
    label = "health"
    verbose_name = _("Health of the watch")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, needs  # noqa: F401 - imported for what they register
