"""Who may draft letters and say what became of them: everyone who works on the record."""

from django.contrib.auth.models import Group, Permission

from pledges.roles import RESEARCHER, REVIEWER

WRITERS = (RESEARCHER, REVIEWER)
PERMISSIONS = ("add_letter", "change_letter", "view_letter")


def ensure_roles(group_model: type[Group] = Group, permission_model: type[Permission] = Permission) -> None:
    """Let the roles write letters. Running it twice changes nothing; migrations pass their own models."""
    wanted = permission_model.objects.filter(content_type__app_label="letters", codename__in=PERMISSIONS)
    if wanted.count() < len(PERMISSIONS):
        raise LookupError(f"permissions not created yet: {', '.join(PERMISSIONS)}")
    for name in WRITERS:
        group, _created = group_model.objects.get_or_create(name=name)
        group.permissions.add(*wanted)
