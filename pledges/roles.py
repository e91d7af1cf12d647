"""Who may do what: a Researcher records, a Reviewer also publishes."""

from django.contrib.auth.models import Group, Permission, User

RESEARCHER = "Researcher"
REVIEWER = "Reviewer"

_EDITED = ("body", "case", "source", "pledge", "update", "assessment")
_READ = ("deadline", "event")
PERMISSIONS: dict[str, tuple[str, ...]] = {
    RESEARCHER: (
        *(f"{verb}_{noun}" for noun in _EDITED for verb in ("add", "change", "view")),
        *(f"view_{noun}" for noun in _READ),
        "add_deadline",
    ),
    REVIEWER: (
        *(f"{verb}_{noun}" for noun in _EDITED for verb in ("add", "change", "view")),
        *(f"view_{noun}" for noun in _READ),
        "add_deadline",
        "publish_pledge",
    ),
}


def ensure_roles() -> None:
    """Create both groups with their permissions. Running it twice changes nothing."""
    for name, codenames in PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=name)
        wanted = Permission.objects.filter(content_type__app_label="pledges", codename__in=codenames)
        missing = set(codenames) - set(wanted.values_list("codename", flat=True))
        if missing:
            raise LookupError(f"permissions not created yet: {', '.join(sorted(missing))}")
        group.permissions.add(*wanted)


def may_publish(user: User) -> bool:
    return user.has_perm("pledges.publish_pledge")
