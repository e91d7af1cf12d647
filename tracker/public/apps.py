from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class PublicConfig(AppConfig):
    name = "tracker.public"
    label = "public"
    verbose_name = _("Public pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pledges.models import Checkpoint, Event

        post_save.connect(follow_event, sender=Event, dispatch_uid="public")
        post_save.connect(follow_checkpoint, sender=Checkpoint, dispatch_uid="public-checkpoint")
        post_migrate.connect(fill_index, sender=self, dispatch_uid="public")


def follow_event(instance: Any, **_details: Any) -> None:  # noqa: ANN401  (the model can't be imported yet)
    from tracker import edition

    from .search import index

    index.follow(instance)
    edition.renew_on_commit()


def follow_checkpoint(**_details: Any) -> None:
    from tracker import edition

    edition.renew_on_commit()


def fill_index(plan: Any = (), **_details: Any) -> None:  # noqa: ANN401  (pairs of migration and direction)
    from .search import index

    # On the way back the tables are those of a release before this one.
    if not any(is_backwards for _migration, is_backwards in plan):
        index.catch_up()
