"""Who may read the mailbox: everyone who works on the record."""

from django.contrib.auth.models import Group, Permission

from pledges.roles import RESEARCHER, REVIEWER

READERS = (RESEARCHER, REVIEWER)
PERMISSIONS = ("view_alert",)


def ensure_roles(group_model: type[Group] = Group, permission_model: type[Permission] = Permission) -> None:
    """Let the roles read the alerts. Running it twice changes nothing; migrations pass their own models."""
    wanted = permission_model.objects.filter(content_type__app_label="alerts", codename__in=PERMISSIONS)
    if wanted.count() < len(PERMISSIONS):
        raise LookupError(f"permissions not created yet: {', '.join(PERMISSIONS)}")
    for name in READERS:
        group, _created = group_model.objects.get_or_create(name=name)
        group.permissions.add(*wanted)
