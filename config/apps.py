from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Makes the checks and the Celery app known to every process that uses Django."""

    name = "config"

    def ready(self) -> None:
        from config import celery, checks  # noqa: F401 - imported for what they register
