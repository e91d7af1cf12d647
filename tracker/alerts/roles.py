"""Who may read the mailbox: everyone who works on the record. Who sets teams and ladders: reviewers."""

from collections.abc import Sequence

from django.contrib.auth.models import Group, Permission

from pledges.roles import RESEARCHER, REVIEWER

READERS = (RESEARCHER, REVIEWER)
PERMISSIONS = ("view_alert",)
LADDER_PERMISSIONS = (
    *(f"{act}_{what}" for what in ("ladder", "rung", "team") for act in ("add", "change", "view")),
    "delete_ladder",
    "delete_rung",
    "view_staffreader",
)


def ensure_roles(group_model: type[Group] = Group, permission_model: type[Permission] = Permission) -> None:
    """Let the roles read the alerts. Running it twice changes nothing; migrations pass their own models."""
    _grant(READERS, PERMISSIONS, group_model, permission_model)


def ensure_ladder_roles(
    group_model: type[Group] = Group, permission_model: type[Permission] = Permission
) -> None:
    """Let reviewers say who hears when. As with `ensure_roles`."""
    _grant((REVIEWER,), LADDER_PERMISSIONS, group_model, permission_model)


def _grant(
    roles: Sequence[str],
    names: Sequence[str],
    group_model: type[Group],
    permission_model: type[Permission],
) -> None:
    wanted = permission_model.objects.filter(content_type__app_label="alerts", codename__in=names)
    if wanted.count() < len(names):
        raise LookupError(f"permissions not created yet: {', '.join(names)}")
    for role in roles:
        group, _created = group_model.objects.get_or_create(name=role)
        group.permissions.add(*wanted)
